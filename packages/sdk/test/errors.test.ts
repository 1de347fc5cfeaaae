import { describe, expect, it } from 'vitest';
import { errorOfResponse } from '../src/error-of-response.ts';
import {
  ConnectionError,
  HourlyError,
  InsufficientBalanceError,
  InvalidInputError,
  TimeoutError,
} from '../src/index.ts';

const errorOf = (body: object, status = 400): HourlyError =>
  errorOfResponse({
    status,
    body: JSON.stringify({ message: 'm', code: 'C', requestId: 'req_1', ...body }),
    url: 'https://hourly.example.com/api/hourly-usage/start',
    contentType: 'application/json',
    requestId: null,
    retryAfterMs: null,
  });

describe('errors', () => {
  it('carry what an insufficient balance lacks', () => {
    const error = errorOf(
      { reason: 'INSUFFICIENT_BALANCE', balanceCents: 300, requiredCents: 1500, later: true },
      402,
    );
    expect(error).toBeInstanceOf(InsufficientBalanceError);
    expect(error).toBeInstanceOf(HourlyError);
    expect(error).toMatchObject({
      name: 'InsufficientBalanceError',
      message: 'm',
      balanceCents: 300,
      requiredCents: 1500,
      data: { balanceCents: 300, requiredCents: 1500, later: true },
    });
  });

  it('do without the data of a subclass', () => {
    const error = errorOf({ reason: 'INSUFFICIENT_BALANCE' }, 402);
    expect(error).not.toBeInstanceOf(InsufficientBalanceError);
    expect(error.reason).toBe('INSUFFICIENT_BALANCE');
  });

  it('name what is wrong with an input', () => {
    const issues = [{ path: ['params', 'width'], message: 'is too small' }, 'later', { path: 1 }];
    expect(errorOf({ reason: 'INVALID_INPUT', issues })).toMatchObject({
      issues: [{ path: ['params', 'width'], message: 'is too small' }],
    });
    expect(InvalidInputError.is(errorOf({ reason: 'INVALID_INPUT' }))).toBe(true);
  });

  it('keep reasons that are not known yet', () => {
    expect(errorOf({ reason: 'MERCURY_RETROGRADE', planet: 1 }, 418)).toMatchObject({
      name: 'HourlyError',
      reason: 'MERCURY_RETROGRADE',
      status: 418,
      data: { planet: 1 },
      retryable: false,
    });
  });

  it('are told apart, also from those of another copy of the package', () => {
    const timeout = new TimeoutError({ reason: 'TIMED_OUT', message: 'm' });
    expect(HourlyError.is(timeout)).toBe(true);
    expect(TimeoutError.is(timeout)).toBe(true);
    expect(ConnectionError.is(timeout)).toBe(false);
    const foreign = Object.assign(new Error('m'), {
      [Symbol.for('@hourly/sdk/error-kind')]: 'TimeoutError',
    });
    expect(HourlyError.is(foreign)).toBe(true);
    expect(TimeoutError.is(foreign)).toBe(true);
    for (const other of [new Error('m'), { reason: 'TIMED_OUT' }, null, undefined, 'TIMED_OUT'])
      expect(HourlyError.is(other)).toBe(false);
  });
});
