import type { Topup } from '@hourly/sdk/react';
import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { type BeginTopup, beginTopup } from '../src/lib/begin-topup.ts';
import { confirmPayment } from '../src/lib/confirm-payment.ts';
import { aTopup } from './a-topup.ts';

/** What the client throws for an answer with this reason. */
function refusal(reason: string, httpStatus: number): Error {
  const data = { reason, httpStatus, requestId: 'req_1' };
  return TRPCClientError.from({ error: { code: -1, message: reason, data } });
}

/** Gives one answer after the other, the last one for ever, and counts. */
function answers<Answer>(...list: (Answer | Error)[]) {
  let calls = 0;
  const call = async (): Promise<Answer> => {
    const answer = list[Math.min(calls, list.length - 1)];
    calls += 1;
    if (answer instanceof Error) throw answer;
    return answer as Answer;
  };
  return { call, calls: () => calls };
}

describe('beginTopup', () => {
  const begin = (differing: Partial<BeginTopup>) =>
    beginTopup({
      amountCents: 10_000,
      notes: new Map(),
      list: async () => [],
      create: async () => aTopup({ id: 'new' }),
      pause: async () => {},
      ...differing,
    });

  it('makes a top-up unless there is one of that amount to be paid', async () => {
    expect(await begin({})).toMatchObject({ id: 'new' });
    expect(await begin({ list: async () => [aTopup({ id: 'old' })] })).toMatchObject({ id: 'old' });
  });

  it('waits with the same key while another call makes the order', async () => {
    const keys: string[] = [];
    const { call } = answers<Topup>(
      refusal('REQUEST_IN_PROGRESS', 409),
      refusal('REQUEST_IN_PROGRESS', 409),
      aTopup(),
    );
    const create: BeginTopup['create'] = ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      return call();
    };
    expect(await begin({ create })).toMatchObject({ id: 'top_1' });
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it('does not wait for ever, and not at all after another refusal', async () => {
    const busy = answers<Topup>(refusal('REQUEST_IN_PROGRESS', 409));
    await expect(begin({ create: busy.call })).rejects.toThrow('REQUEST_IN_PROGRESS');
    expect(busy.calls()).toBe(9);
    const failing = answers<Topup>(refusal('PAYMENT_PROVIDER_ERROR', 502));
    await expect(begin({ create: failing.call })).rejects.toThrow('PAYMENT_PROVIDER_ERROR');
    expect(failing.calls()).toBe(1);
  });
});

describe('confirmPayment', () => {
  const confirmWith = async (...list: (Topup | Error)[]) => {
    const { call, calls } = answers(...list);
    const pausesMs: number[] = [];
    let slow = 0;
    const confirmation = await confirmPayment({
      confirm: call,
      pause: async (ms) => void pausesMs.push(ms),
      onSlow: () => {
        slow += 1;
      },
    });
    return { confirmation, calls: calls(), pausesMs, slow };
  };
  const credited = aTopup({ status: 'paid' });

  it('asks until it is credited, however the answers in between fare', async () => {
    const lost = refusal('INTERNAL', 500);
    const limited = refusal('RATE_LIMITED', 429);
    const told = await confirmWith(aTopup(), lost, limited, aTopup({ status: 'failed' }), credited);
    expect(told).toMatchObject({ calls: 5, slow: 1 });
    expect(told.confirmation).toEqual({ outcome: 'credited', topup: credited });
  });

  it('gives up after about a minute, asking ever more seldom', async () => {
    const { confirmation, calls, pausesMs } = await confirmWith(aTopup());
    expect(confirmation).toEqual({ outcome: 'unconfirmed', failure: null });
    expect(calls).toBe(8);
    expect(pausesMs).toEqual([...pausesMs].sort((a, b) => a - b));
    expect(pausesMs.reduce((sum, ms) => sum + ms)).toBe(52_000);
  });

  it('does not repeat what the server refuses to look at', async () => {
    const { confirmation, calls } = await confirmWith(refusal('UNAUTHENTICATED', 401));
    expect(calls).toBe(1);
    expect(confirmation).toMatchObject({
      outcome: 'unconfirmed',
      failure: { requestId: 'req_1', wayOn: 'sign_in' },
    });
  });
});
