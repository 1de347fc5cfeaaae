import {
  addBalance,
  auditAccounts,
  cancelGeneration,
  createTopup,
  endSession,
  getSession,
  getStatus,
  listTransactions,
  settleSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer, order } from '../support/customer.ts';
import { finishAt, generate } from '../support/generation.ts';
import { eventsOf, ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

const balanceCents = 50_000;
const rounds = 1;
const callsOfEach = 4;
/** What a command may meet when the other one was first. */
const expectedReasons = [
  'SESSION_ALREADY_OPEN',
  'NO_OPEN_SESSION',
  'SESSION_PAUSED',
  'SESSION_ENDED',
  'INSUFFICIENT_BALANCE',
];

interface Stage {
  accountId: string;
  generationId: string;
  orderId: string;
  amountPaise: number;
}

const commands: Record<string, (stage: Stage, n: number) => Promise<unknown>> = {
  start: ({ accountId }) => startSession(db, { accountId }),
  pause: ({ accountId }) => toggleSession(db, { accountId, to: 'paused' }),
  resume: ({ accountId }) => toggleSession(db, { accountId, to: 'active' }),
  toggle: ({ accountId }) => toggleSession(db, { accountId }),
  end: ({ accountId }) => endSession(db, { accountId }),
  topup: ({ accountId }) => createTopup(db, { accountId, amountCents: 10_000 }),
  credit: ({ orderId, amountPaise }, n) =>
    addBalance(db, {
      paymentId: `pay_${orderId}_${n}`,
      orderId,
      amountPaise,
      currency: 'INR',
      source: 'webhook',
    }),
  generate: ({ accountId }) => generate(db, { accountId }),
  finish: ({ generationId }) => finishAt(db, generationId, null),
  cancel: ({ accountId, generationId }) => cancelGeneration(db, { accountId, id: generationId }),
  settle: () => settleSessions(db, { limit: 100 }),
  status: ({ accountId }) => getStatus(db, { accountId }),
  statement: ({ accountId }) => listTransactions(db, { accountId }),
  audit: ({ accountId }) =>
    auditAccounts(db, { afterAccountId: String(Number(accountId) - 1), limit: 1 }),
};
const names = Object.keys(commands);
const pairs = names.flatMap((one, index) => names.slice(index).map((two) => [one, two] as const));

/** A session of one and a half hours ago, so that an hour is due, with a generation on its way and an order to pay. */
async function stage(): Promise<Stage> {
  const accountId = await createCustomer(db, { balanceCents });
  const { orderId, amountPaise } = await order(db, accountId);
  const now = new Date(Date.now() - 90 * 60_000).toISOString();
  await db.owner.query('update hourly_account_balance set as_of = $2 where id = $1', [
    accountId,
    now,
  ]);
  await startSession(db, { accountId, now });
  const { generation } = await generate(db, { accountId, now });
  return { accountId, generationId: generation.id, orderId, amountPaise };
}

test.each(pairs)('%s / %s', async (one, two) => {
  for (let round = 0; round < rounds; round += 1) {
    const staged = await stage();
    const calls = Array.from({ length: callsOfEach }, (_, n) =>
      [one, two].map((name) => commands[name]?.(staged, n)),
    ).flat();
    const outcomes = await Promise.allSettled(calls);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(expectedReasons).toContain(outcome.reason.reason);
    }

    const ledger = await ledgerOf(db, staged.accountId);
    expect(ledger.map(({ entryNo }) => entryNo)).toEqual(ledger.map((_, index) => index + 1));
    const events = await eventsOf(db, staged.accountId);
    expect(events.map(({ no }) => no)).toEqual(events.map((_, index) => index + 1));
    const credited = ledger.filter(({ type }) => type === 'topup').length;
    expect(credited).toBe([one, two].includes('credit') ? 2 : 1);
  }
});

test('many workers over many accounts charge every hour once', async () => {
  const now = new Date(Date.now() - 30.5 * 3600_000).toISOString();
  const sessions = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const accountId = await createCustomer(db, { balanceCents: 60_000, now });
      const { id } = await startSession(db, { accountId, now });
      return { accountId, id };
    }),
  );
  const passes = await Promise.all(
    Array.from({ length: 8 }, async () => {
      let hours = 0;
      for (let pass = 0; pass < 20; pass += 1) {
        const settled = await settleSessions(db, { limit: 7 });
        hours += settled.hours;
      }
      return hours;
    }),
  );
  expect(passes.reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(60 * 30);
  for (const session of sessions) {
    const { hoursCharged, charges } = await getSession(db, session);
    expect(hoursCharged).toBe(31);
    expect(charges.map(({ hour }) => hour)).toEqual(Array.from({ length: 31 }, (_, n) => n + 1));
  }
});

test('workers and customers at the same accounts', async () => {
  const staged = await Promise.all(Array.from({ length: 10 }, stage));
  const work = Array.from({ length: 4 }, async () => {
    for (let pass = 0; pass < 10; pass += 1) await settleSessions(db, { limit: 3 });
  });
  const play = staged.map(async (account, index) => {
    for (let n = 0; n < 12; n += 1) {
      const name = names[(index * 5 + n * 3) % names.length] ?? 'status';
      await commands[name]?.(account, n).catch((refusal: { reason: string }) => {
        expect(expectedReasons).toContain(refusal.reason);
      });
    }
  });
  await Promise.all([...work, ...play]);
});
