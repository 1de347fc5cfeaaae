import {
  addBalance,
  adjustBalance,
  cancelGeneration,
  createRefund,
  createTopup,
  endSession,
  ensureAccount,
  failTopup,
  recordDispute,
  recordRefund,
  setTopupOrder,
  startSession,
  toggleSession,
} from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { expect } from 'vitest';
import { finishAt, generate } from './generation.ts';
import { eventTypes, ledgerOf } from './history.ts';

/** Makes one call; where its answer may get lost, as often as it takes to get one. */
export type Attempt = <Answer>(call: () => Promise<Answer>) => Promise<Answer>;

const hourMs = 3_600_000;

/**
 * Everything that happens to an account, one call after the other: each may be repeated, because it carries a key or an
 * id of the provider. Its first session has been open for two and a half hours when it is paused.
 *
 * @returns the account's id
 */
export async function journey(db: TestDatabase, user: string, attempt: Attempt): Promise<string> {
  const { accountId } = await attempt(() => ensureAccount(db, { userId: user, mode: 'live' }));
  let calls = 0;
  const keyed = () => {
    calls += 1;
    return { accountId, request: { key: `${user}_${calls}`, inputHash: String(calls) } };
  };
  const now = new Date(Date.now() - 2.5 * hourMs).toISOString();
  await attempt(() =>
    db.owner.query(
      'update hourly_account_balance set created_at = $2, as_of = $2 where id = $1 and topup_no = 0',
      [accountId, now],
    ),
  );
  const topUp = async (amountCents: number, at: { now?: string }, isPaid = true) => {
    const asked = { ...keyed(), ...at, amountCents };
    const topup = await attempt(() => createTopup(db, asked));
    const orderId = `order_${topup.id}`;
    await attempt(() => setTopupOrder(db, { topupId: topup.id, orderId }));
    // It acts now, and the account's time never goes back.
    if (at.now === undefined) {
      await attempt(() => failTopup(db, { orderId, description: 'The first card was refused.' }));
    }
    const payment = { paymentId: `pay_${topup.id}`, amountPaise: topup.amountInrPaise };
    const credit = { ...payment, ...at, orderId, currency: 'INR', source: 'webhook' } as const;
    if (isPaid) await attempt(() => addBalance(db, credit));
    return { topupId: topup.id, ...payment };
  };
  const step = async <Answer>(call: (asked: ReturnType<typeof keyed>) => Promise<Answer>) => {
    const asked = keyed();
    return await attempt(() => call(asked));
  };

  await topUp(20_000, { now });
  await step((asked) => startSession(db, { ...asked, now }));
  await step((asked) => toggleSession(db, { ...asked, to: 'paused' }));
  await step((asked) => toggleSession(db, { ...asked, to: 'active' }));
  const finished = await step((asked) => generate(db, asked));
  await attempt(() => finishAt(db, finished.generation.id, null));
  const cancelled = await step((asked) => generate(db, asked));
  await step((asked) => cancelGeneration(db, { ...asked, id: cancelled.generation.id }));
  const { topupId, paymentId } = await topUp(10_000, {});
  await step((asked) =>
    adjustBalance(db, { ...asked, type: 'promo', amountCents: 500, reason: 'Welcome' }),
  );
  const refund = await step(({ request }) =>
    createRefund(db, { request, topupId, amountCents: 3000 }),
  );
  await attempt(() =>
    recordRefund(db, {
      refundId: refund.id,
      providerRefundId: `rfnd_${refund.id}`,
      paymentId,
      amountPaise: refund.amountPaise,
      status: 'processed',
    }),
  );
  const dispute = { disputeId: `disp_${topupId}`, paymentId, amountPaise: 83 * 1000 };
  await attempt(() => recordDispute(db, { ...dispute, status: 'open' }));
  await attempt(() => recordDispute(db, { ...dispute, status: 'won' }));
  await topUp(10_000, {}, false);
  await step((asked) => endSession(db, asked));
  await step((asked) => startSession(db, { ...asked, maxHours: 1 }));
  await step((asked) =>
    adjustBalance(db, { ...asked, type: 'adjustment', amountCents: -200, reason: 'Correction' }),
  );
  await step((asked) => endSession(db, asked));
  return accountId;
}

const ledger = [
  ['topup', 20_000],
  ['hour', -1500],
  ['hour', -1500],
  ['hour', -1500],
  ['topup', 10_000],
  ['promo', 500],
  ['refund', -3000],
  ['dispute', -1000],
  ['dispute', 1000],
  ['hour', -1500],
  ['adjustment', -200],
];

const events = [
  ...['topup.paid', 'session.started', 'session.hour_charged'],
  ...['session.hour_charged', 'session.hour_charged', 'session.paused', 'session.resumed'],
  ...['generation.completed', 'topup.failed', 'topup.paid', 'refund.processed', 'topup.failed'],
  ...['session.ended', 'session.started', 'session.hour_charged', 'session.ended'],
];

/** Every call of the journey has acted once, in its order: none twice, none never. */
export async function expectJourneyOnce(db: TestDatabase, accountId: string): Promise<void> {
  const rows = await ledgerOf(db, accountId);
  expect(rows.map(({ type, amountCents }) => [type, amountCents])).toEqual(ledger);
  expect(await eventTypes(db, accountId)).toEqual(events);
}
