import {
  addBalance,
  adjustBalance,
  advanceClock,
  auditAccounts,
  cancelGeneration,
  createKey,
  createRefund,
  createTopup,
  endSession,
  failTopup,
  getStatus,
  listTransactions,
  recordDispute,
  recordRefund,
  sealLedger,
  settleSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { createCustomer, createTestCustomer, order } from '../support/customer.ts';
import { finishAt, generate } from '../support/generation.ts';
import { paidTopup } from '../support/paid-topup.ts';

export interface Stage {
  accountId: string;
  generationId: string;
  /** A paid top-up and its payment, with a refund of ours on its way. */
  topupId: string;
  paymentId: string;
  refund: { id: string; amountPaise: number };
  /** An order that waits to be paid. */
  orderId: string;
  amountPaise: number;
}

export type Actor = (stage: Stage, n: number) => Promise<unknown>;

const hourMs = 3_600_000;

/** A customer's session of one and a half hours ago, so that an hour is due, with everything on its way that commands need. */
export async function setStage(db: TestDatabase): Promise<Stage> {
  const accountId = await createCustomer(db);
  const { topupId, paymentId } = await paidTopup(db, accountId, { amountCents: 50_000 });
  const ours = await createRefund(db, { topupId, amountCents: 500 });
  const { orderId, amountPaise } = await order(db, accountId);
  const now = new Date(Date.now() - 1.5 * hourMs).toISOString();
  await db.owner.query('update hourly_account_balance set as_of = $2 where id = $1', [
    accountId,
    now,
  ]);
  await startSession(db, { accountId, now });
  const { generation } = await generate(db, { accountId, now });
  const refund = { id: ours.id, amountPaise: ours.amountPaise };
  return {
    accountId,
    generationId: generation.id,
    topupId,
    paymentId,
    refund,
    orderId,
    amountPaise,
  };
}

/** The same in test mode, where there is nobody to pay. */
export async function setTestStage(db: TestDatabase): Promise<Stage> {
  const accountId = await createTestCustomer(db, { balanceCents: 50_000 });
  const { id: topupId } = await createTopup(db, { accountId, amountCents: 10_000 });
  const refund = await createRefund(db, { topupId, amountCents: 500 });
  await startSession(db, { accountId });
  const { generation } = await generate(db, { accountId });
  const nobody = { paymentId: 'pay_nobody', orderId: 'order_nobody', amountPaise: 830_000 };
  return { accountId, generationId: generation.id, topupId, refund, ...nobody };
}

const sameKey = { request: { key: 'same', inputHash: 'same' } };
const ownKey = (name: string, n: number) => ({
  request: { key: `${name} ${n}`, inputHash: `${name} ${n}` },
});

/** Every call that may meet another one on the same account; `worker` acts as the worker's role. */
export function actorsOn(db: TestDatabase, worker: TestDatabase): Record<string, Actor> {
  return {
    'start with one key': ({ accountId }) => startSession(db, { accountId, ...sameKey }),
    'start with own keys': ({ accountId }, n) =>
      startSession(db, { accountId, ...ownKey('start', n) }),
    pause: ({ accountId }) => toggleSession(db, { accountId, to: 'paused' }),
    resume: ({ accountId }) => toggleSession(db, { accountId, to: 'active' }),
    toggle: ({ accountId }, n) => toggleSession(db, { accountId, ...ownKey('toggle', n) }),
    end: ({ accountId }) => endSession(db, { accountId }),
    topup: ({ accountId }, n) =>
      createTopup(db, { accountId, amountCents: 10_000, ...ownKey('topup', n) }),
    credit: ({ orderId, amountPaise }, n) =>
      addBalance(db, {
        // Twice each payment, and two payments of the same order.
        paymentId: `pay_${orderId}_${n % 2}`,
        orderId,
        amountPaise,
        currency: 'INR',
        source: n < 2 ? 'webhook' : 'reconciliation',
      }),
    'failed payment': ({ orderId }) => failTopup(db, { orderId, description: 'Card refused' }),
    generate: ({ accountId }, n) => generate(db, { accountId, ...ownKey('generate', n) }),
    finish: ({ generationId }) => finishAt(db, generationId, null),
    cancel: ({ accountId, generationId }) => cancelGeneration(db, { accountId, id: generationId }),
    adjust: ({ accountId }, n) =>
      adjustBalance(db, {
        accountId,
        type: 'adjustment',
        amountCents: n % 2 === 0 ? -100 : 100,
        reason: 'Correction',
        ...ownKey('adjust', n),
      }),
    refund: ({ topupId }, n) =>
      createRefund(db, { topupId, amountCents: 300, ...ownKey('refund', n) }),
    'report of our refund': ({ paymentId, refund }) =>
      recordRefund(db, {
        refundId: refund.id,
        providerRefundId: `rfnd_${refund.id}`,
        paymentId,
        amountPaise: refund.amountPaise,
        status: 'processed',
      }),
    'refund from outside': ({ paymentId }, n) =>
      recordRefund(db, {
        providerRefundId: `rfnd_${paymentId}`,
        paymentId,
        amountPaise: 8300,
        status: n % 2 === 0 ? 'pending' : 'processed',
      }),
    dispute: ({ paymentId }, n) =>
      recordDispute(db, {
        disputeId: `disp_${paymentId}`,
        paymentId,
        amountPaise: 16_600,
        status: n % 2 === 0 ? 'open' : 'won',
      }),
    settle: async () => {
      const { failed } = await settleSessions(worker, { limit: 100 });
      // What goes wrong with one account in there is told and not thrown.
      if (failed.length > 0) throw new Error(JSON.stringify(failed));
    },
    seal: () => sealLedger(worker, { limit: 1000 }),
    key: ({ accountId }, n) =>
      createKey(db, {
        accountId,
        name: 'key',
        prefix: 'hk_live_',
        secretHash: `${accountId} ${n}`,
        expiresAt: null,
      }),
    status: ({ accountId }) => getStatus(db, { accountId }),
    statement: ({ accountId }) => listTransactions(db, { accountId }),
    audit: ({ accountId }) =>
      auditAccounts(db, { afterAccountId: String(Number(accountId) - 1), limit: 1 }),
  };
}

/** For test accounts alone. */
export const advanceSeconds = 1800;
export const advance =
  (db: TestDatabase): Actor =>
  ({ accountId }, n) =>
    advanceClock(db, { accountId, advanceSeconds, ...ownKey('advance', n) });
