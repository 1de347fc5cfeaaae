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
  settleSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { createCustomer, createTestCustomer, order } from '../support/customer.ts';
import { injected } from '../support/faults.ts';
import { finishAt, generate } from '../support/generation.ts';
import { expectJourneyOnce, journey } from '../support/journey.ts';
import {
  type Loss,
  type LossyConnection,
  startLossyConnection,
} from '../support/lossy-connection.ts';
import { overdueSessions, standingOf } from '../support/overdue.ts';
import { paidTopup } from '../support/paid-topup.ts';
import { expectSoundBooks, fingerprint } from '../support/sound.ts';
import { isLost, untilAnswered } from '../support/until-answered.ts';

let direct: TestDatabase;
/** The same database over connections that break when they are told to. */
let db: TestDatabase;
let connection: LossyConnection;
let nextLoss: () => Loss = () => undefined;

beforeAll(async () => {
  direct = await createTestDatabase();
  connection = await startLossyConnection(direct.ownerUrl, () => nextLoss());
  const url = connection.through(direct.ownerUrl);
  db = { ...direct, ...createDatabase({ url, role: 'hourly_app' }) };
});
afterAll(async () => {
  nextLoss = () => undefined;
  await expectSoundBooks(direct);
  await db.close();
  await connection.stop();
  await direct.drop();
});

/** The next question that is asked, and no other; a new connection would ask one of its own first. */
async function loseOnce(loss: Loss): Promise<void> {
  await db.pool.query('select');
  nextLoss = () => {
    nextLoss = () => undefined;
    return loss;
  };
}

const key = { request: { key: 'key', inputHash: 'input' } };

/** Commands that may be repeated, each made ready for an account of its own. */
const commands: Record<string, () => Promise<() => Promise<unknown>>> = {
  start: async () => {
    const accountId = await createCustomer(direct, { balanceCents: 10_000 });
    return () => startSession(db, { accountId, ...key });
  },
  pause: async () => {
    const accountId = await running();
    return () => toggleSession(db, { accountId, to: 'paused', ...key });
  },
  'bare toggle': async () => {
    const accountId = await running();
    return () => toggleSession(db, { accountId, ...key });
  },
  end: async () => {
    const accountId = await running();
    return () => endSession(db, { accountId, ...key });
  },
  topup: async () => {
    const accountId = await createCustomer(direct);
    return () => createTopup(db, { accountId, amountCents: 10_000, ...key });
  },
  credit: async () => {
    const { orderId, amountPaise } = await order(direct, await createCustomer(direct));
    const payment = { paymentId: `pay_${orderId}`, orderId, amountPaise, currency: 'INR' };
    return () => addBalance(db, { ...payment, source: 'webhook' });
  },
  generate: async () => {
    const accountId = await running();
    return () => generate(db, { accountId, ...key });
  },
  finish: async () => {
    const { generation } = await generate(direct, { accountId: await running() });
    return () => finishAt(db, generation.id, null);
  },
  cancel: async () => {
    const accountId = await running();
    const { generation } = await generate(direct, { accountId });
    return () => cancelGeneration(db, { accountId, id: generation.id, ...key });
  },
  'advance the clock': async () => {
    const accountId = await createTestCustomer(direct, { balanceCents: 30_000 });
    await startSession(direct, { accountId });
    return () => advanceClock(db, { accountId, advanceSeconds: 9000, ...key });
  },
  adjust: async () => {
    const accountId = await running();
    const adjustment = { type: 'adjustment', amountCents: -100, reason: 'Correction' } as const;
    return () => adjustBalance(db, { accountId, ...adjustment, ...key });
  },
  refund: async () => {
    const accountId = await createCustomer(direct);
    const { topupId } = await paidTopup(direct, accountId, { amountCents: 20_000 });
    return () => createRefund(db, { topupId, amountCents: 5000, ...key });
  },
  'refund from outside': async () => {
    const { paymentId } = await paidTopup(direct, await createCustomer(direct));
    const refund = { providerRefundId: `rfnd_${paymentId}`, paymentId, amountPaise: 8300 };
    return () => recordRefund(db, { ...refund, status: 'processed' });
  },
  dispute: async () => {
    const { paymentId } = await paidTopup(direct, await createCustomer(direct));
    const dispute = { disputeId: `disp_${paymentId}`, paymentId, amountPaise: 8300 };
    return () => recordDispute(db, { ...dispute, status: 'open' });
  },
};

async function running(): Promise<string> {
  const accountId = await createCustomer(direct, { balanceCents: 30_000 });
  await startSession(direct, { accountId });
  return accountId;
}

describe.each(Object.keys(commands))('%s', (name) => {
  test('whose answer was lost does not act twice', async (context) => {
    const call = await (commands[name] ?? Promise.reject)();
    const before = await fingerprint(direct);
    await loseOnce('answer');
    await expect(call()).rejects.toSatisfy(isLost);
    injected(context, 'connection lost after the commit');
    const after = await fingerprint(direct);
    expect(after).not.toEqual(before);
    await call();
    expect(await fingerprint(direct)).toEqual(after);
  });

  test('which was lost on its way has not acted, and acts when it is repeated', async (context) => {
    const call = await (commands[name] ?? Promise.reject)();
    const before = await fingerprint(direct);
    await loseOnce('question');
    await expect(call()).rejects.toSatisfy(isLost);
    injected(context, 'connection lost before the call arrived');
    expect(await fingerprint(direct)).toEqual(before);
    await call();
    expect(await fingerprint(direct)).not.toEqual(before);
  });
});

test('a settlement whose answer was lost has charged every hour once', async (context) => {
  const overdue = await overdueSessions(direct, 8);
  await loseOnce('answer');
  await expect(settleSessions(db, { limit: 100 })).rejects.toSatisfy(isLost);
  injected(context, 'connection lost after the commit');
  await settleSessions(db, { limit: 100 });
  expect(await standingOf(direct, overdue)).toEqual(overdue);
});

test('customers on a line that breaks all the time get everything done, once', async (context) => {
  let asked = 0;
  const losses: Loss[] = ['answer', undefined, 'question', undefined, undefined];
  nextLoss = () => losses[asked++ % losses.length];
  const accountIds = await Promise.all(
    Array.from({ length: 5 }, (_, n) =>
      journey(
        db,
        `lossy_${n}`,
        untilAnswered(() => injected(context, 'connection lost in the middle of a journey')),
      ),
    ),
  );
  nextLoss = () => undefined;
  for (const accountId of accountIds) await expectJourneyOnce(direct, accountId);
});
