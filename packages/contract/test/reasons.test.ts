import { describe, expect, test } from 'vitest';
import { isReason, type Reason, reasons } from '../src/reasons.ts';
import { Refusal } from '../src/refusal.ts';

/** The table that customers were given. */
const published: Record<Reason, number> = {
  UNAUTHENTICATED: 401,
  INSUFFICIENT_BALANCE: 402,
  ACCOUNT_FROZEN: 403,
  TEST_MODE_ONLY: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  NO_OPEN_SESSION: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  SESSION_ALREADY_OPEN: 409,
  SESSION_PAUSED: 409,
  SESSION_ENDED: 409,
  REQUEST_IN_PROGRESS: 409,
  INVALID_INPUT: 400,
  AMOUNT_BELOW_MINIMUM: 400,
  AMOUNT_ABOVE_MAXIMUM: 400,
  INVALID_SIGNATURE: 400,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  PAYMENT_PROVIDER_ERROR: 502,
  GENERATION_PROVIDER_ERROR: 502,
};

test('the list is closed: these reasons with these statuses, no other', () => {
  const statuses = Object.entries(reasons).map(([reason, { status }]) => [reason, status]);
  expect(Object.fromEntries(statuses)).toEqual(published);
});

test.each(Object.entries(reasons))('%s tells people what to do', (_, { message, code }) => {
  expect(message).toMatch(/^[A-Z].*\.$/);
  expect(code).toMatch(/^[A-Z_]+$/);
});

test.each(['', 'toString', 'constructor', '__proto__', 'not_found', 'TEAPOT'])(
  '"%s" is no reason',
  (value) => {
    expect(isReason(value)).toBe(false);
  },
);

describe('a refusal', () => {
  test('has the status and the message of its reason', () => {
    const refusal = new Refusal('NO_OPEN_SESSION');
    expect(refusal).toMatchObject({
      name: 'Refusal',
      reason: 'NO_OPEN_SESSION',
      status: 404,
      message: 'No session is open.',
      data: {},
    });
  });

  test('carries what it was given, the cause beside the public data', () => {
    const cause = new Error('secret');
    const data = { balanceCents: 3, requiredCents: 1500 };
    const refusal = new Refusal('INSUFFICIENT_BALANCE', { message: 'No.', data, cause });
    expect(refusal).toMatchObject({ message: 'No.', data, cause });
    expect(JSON.stringify({ ...refusal })).not.toContain('secret');
  });
});
