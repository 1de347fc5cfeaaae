import {
  cancelGeneration,
  getBalance,
  getSession,
  getStatus,
  getUsage,
  listSessions,
  listTransactions,
  settleSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours } from '../support/customer.ts';
import { finishAt, generate } from '../support/generation.ts';
import { eventTypes, rowVersion } from '../support/history.ts';
import { holdingAccount } from '../support/locks.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

const reads = (accountId: string, id: string): [string, () => Promise<unknown>][] => [
  ['status', () => getStatus(db, { accountId })],
  ['balance', () => getBalance(db, { accountId })],
  ['session', () => getSession(db, { accountId, id })],
  ['sessions', () => listSessions(db, { accountId })],
  ['transactions', () => listTransactions(db, { accountId })],
  ['usage', () => getUsage(db, { accountId, tz: 'UTC' })],
];
const names = reads('', '').map(([name]) => name);
const readNamed = (name: string, accountId: string, id: string) =>
  reads(accountId, id).find(([known]) => known === name)?.[1]();

/** A session that began just now, by the real clock. */
async function running() {
  const accountId = await createCustomer(db, { balanceCents: 50_000 });
  const { id } = await startSession(db, { accountId, autoPauseMinutes: 30 });
  return { accountId, id };
}

describe('where nothing is due', () => {
  test.each(names)('%s takes no lock and writes nothing', async (name) => {
    const { accountId, id } = await running();
    const before = await rowVersion(db, accountId);
    await readNamed(name, accountId, id);
    expect(await rowVersion(db, accountId)).toBe(before);
    await holdingAccount(db, accountId, () => readNamed(name, accountId, id) ?? Promise.reject());
  });

  test('nor for a session that is paused', async () => {
    const { accountId, id } = await running();
    await toggleSession(db, { accountId, to: 'paused' });
    const before = await rowVersion(db, accountId);
    for (const [, read] of reads(accountId, id)) await read();
    expect(await rowVersion(db, accountId)).toBe(before);
  });

  test('a pass of the settlement touches nobody', async () => {
    const { accountId } = await running();
    const before = await rowVersion(db, accountId);
    expect(await settleSessions(db, { limit: 100 })).toMatchObject({ accounts: 0, hours: 0 });
    expect(await rowVersion(db, accountId)).toBe(before);
  });
});

describe('where something is due', () => {
  test.each(names)('%s settles first', async (name) => {
    const accountId = await createCustomer(db, { balanceCents: 3000, now: at(0) });
    const { id } = await startSession(db, { accountId, now: at(0) });
    await readNamed(name, accountId, id);
    const { rows } = await db.pool.query(
      `select balance_cents::int as balance, session_id from hourly_account_balance where id = $1`,
      [accountId],
    );
    expect(rows).toEqual([{ balance: 0, session_id: null }]);
  });

  test.each(['finish', 'cancel'])('the %s of a generation settles first', async (name) => {
    const accountId = await createCustomer(db, { balanceCents: 3000, now: at(0) });
    await startSession(db, { accountId, now: at(0) });
    const { generation } = await generate(db, { accountId, now: at(hours(2) - 60) });
    if (name === 'finish') await finishAt(db, generation.id, at(hours(2) + 60));
    else await cancelGeneration(db, { accountId, id: generation.id, now: at(hours(2) + 60) });
    expect((await eventTypes(db, accountId)).slice(-2)).toEqual(
      name === 'finish'
        ? ['session.ended', 'generation.completed']
        : ['balance.low', 'session.ended'],
    );
  });

  test('settled is settled: what comes next finds nothing to do', async () => {
    const accountId = await createCustomer(db, { balanceCents: 30_000, now: at(0) });
    await startSession(db, { accountId, now: at(0) });
    await getStatus(db, { accountId, now: at(hours(2), 1) });
    const before = await rowVersion(db, accountId);
    await getStatus(db, { accountId, now: at(hours(3)) });
    expect(await rowVersion(db, accountId)).toBe(before);
    await getStatus(db, { accountId, now: at(hours(3), 1) });
    expect(await rowVersion(db, accountId)).not.toBe(before);
  });

  test('a pass skips an account that another call holds', async () => {
    const accountId = await createCustomer(db, { balanceCents: 30_000, now: at(0) });
    await startSession(db, { accountId, now: at(0) });
    const now = at(hours(1), 1);
    await holdingAccount(db, accountId, async () => {
      expect(await settleSessions(db, { limit: 10, now })).toMatchObject({ accounts: 0 });
    });
    expect(await settleSessions(db, { limit: 10, now })).toMatchObject({ accounts: 1, hours: 1 });
  });
});
