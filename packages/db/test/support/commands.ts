import {
  addBalance,
  adjustBalance,
  advanceClock,
  cancelGeneration,
  createRefund,
  createTopup,
  endSession,
  recordDispute,
  recordRefund,
  startSession,
  toggleSession,
} from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { createCustomer, createTestCustomer, order } from './customer.ts';
import { finishAt, generate } from './generation.ts';
import { paidTopup } from './paid-topup.ts';

/** A command that may be repeated, made ready for an account of its own. */
export interface Ready {
  accountId: string;
  call: (db: TestDatabase) => Promise<unknown>;
}

const key = { request: { key: 'key', inputHash: 'input' } };

async function running(db: TestDatabase): Promise<string> {
  const accountId = await createCustomer(db, { balanceCents: 30_000 });
  await startSession(db, { accountId });
  return accountId;
}

/** Every command that changes an account. Each changes something when it is called first, and nothing after that. */
export const commands = {
  start: async (stage: TestDatabase) => {
    const accountId = await createCustomer(stage, { balanceCents: 10_000 });
    return { accountId, call: (db) => startSession(db, { accountId, ...key }) };
  },
  pause: async (stage) => {
    const accountId = await running(stage);
    return { accountId, call: (db) => toggleSession(db, { accountId, to: 'paused', ...key }) };
  },
  'bare toggle': async (stage) => {
    const accountId = await running(stage);
    return { accountId, call: (db) => toggleSession(db, { accountId, ...key }) };
  },
  end: async (stage) => {
    const accountId = await running(stage);
    return { accountId, call: (db) => endSession(db, { accountId, ...key }) };
  },
  topup: async (stage) => {
    const accountId = await createCustomer(stage);
    return { accountId, call: (db) => createTopup(db, { accountId, amountCents: 10_000, ...key }) };
  },
  credit: async (stage) => {
    const accountId = await createCustomer(stage);
    const { orderId, amountPaise } = await order(stage, accountId);
    const payment = { paymentId: `pay_${orderId}`, orderId, amountPaise, currency: 'INR' };
    return { accountId, call: (db) => addBalance(db, { ...payment, source: 'webhook' }) };
  },
  generate: async (stage) => {
    const accountId = await running(stage);
    return { accountId, call: (db) => generate(db, { accountId, ...key }) };
  },
  finish: async (stage) => {
    const accountId = await running(stage);
    const { generation } = await generate(stage, { accountId });
    return { accountId, call: (db) => finishAt(db, generation.id, null) };
  },
  cancel: async (stage) => {
    const accountId = await running(stage);
    const { id } = (await generate(stage, { accountId })).generation;
    return { accountId, call: (db) => cancelGeneration(db, { accountId, id, ...key }) };
  },
  'advance the clock': async (stage) => {
    const accountId = await createTestCustomer(stage, { balanceCents: 30_000 });
    await startSession(stage, { accountId });
    return {
      accountId,
      call: (db) => advanceClock(db, { accountId, advanceSeconds: 9000, ...key }),
    };
  },
  adjust: async (stage) => {
    const accountId = await running(stage);
    const adjustment = { type: 'adjustment', amountCents: -100, reason: 'Correction' } as const;
    return { accountId, call: (db) => adjustBalance(db, { accountId, ...adjustment, ...key }) };
  },
  refund: async (stage) => {
    const accountId = await createCustomer(stage);
    const { topupId } = await paidTopup(stage, accountId, { amountCents: 20_000 });
    return { accountId, call: (db) => createRefund(db, { topupId, amountCents: 5000, ...key }) };
  },
  'refund from outside': async (stage) => {
    const accountId = await createCustomer(stage);
    const { paymentId } = await paidTopup(stage, accountId);
    const refund = { providerRefundId: `rfnd_${paymentId}`, paymentId, amountPaise: 8300 };
    return { accountId, call: (db) => recordRefund(db, { ...refund, status: 'processed' }) };
  },
  dispute: async (stage) => {
    const accountId = await createCustomer(stage);
    const { paymentId } = await paidTopup(stage, accountId);
    const dispute = { disputeId: `disp_${paymentId}`, paymentId, amountPaise: 8300 };
    return { accountId, call: (db) => recordDispute(db, { ...dispute, status: 'open' }) };
  },
} satisfies Record<string, (stage: TestDatabase) => Promise<Ready>>;

export type Command = keyof typeof commands;
