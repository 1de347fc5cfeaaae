import {
  createKey,
  createTopup,
  endSession,
  getGeneration,
  getSession,
  listGenerations,
  listKeys,
  listSessions,
  listTopups,
  listTransactions,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createTestCustomer } from '../support/customer.ts';
import { generate } from '../support/generation.ts';

let db: TestDatabase;
let accountId: string;
let stranger: string;
const rowsOfEach = 5;
beforeAll(async () => {
  db = await createTestDatabase();
  stranger = await createTestCustomer(db, { balanceCents: 50_000 });
  await startSession(db, { accountId: stranger });
  await generate(db, { accountId: stranger });
  accountId = await createTestCustomer(db);
  for (let n = 0; n < rowsOfEach; n += 1) {
    await createTopup(db, { accountId, amountCents: 10_000 + n * 100 });
    await createKey(db, {
      accountId,
      name: `key ${n}`,
      prefix: 'hk_test_x',
      secretHash: `hash ${n}`,
    });
  }
  for (let n = 0; n < rowsOfEach; n += 1) {
    await startSession(db, { accountId });
    await generate(db, { accountId });
    await endSession(db, { accountId });
  }
});
afterAll(() => dropWithCleanBooks(db));

type Items = { items: unknown[]; nextCursor: string | null };
const lists: [
  string,
  number,
  (owner: string, page: { cursor?: string; limit?: number }) => Promise<Items>,
][] = [
  ['topups', 5, (owner, page) => listTopups(db, { accountId: owner, page })],
  ['sessions', 5, (owner, page) => listSessions(db, { accountId: owner, page })],
  ['generations', 5, (owner, page) => listGenerations(db, { accountId: owner, page })],
  ['transactions', 10, (owner, page) => listTransactions(db, { accountId: owner, page })],
  ['keys', 5, (owner, page) => listKeys(db, { accountId: owner, ...page })],
];

describe.each(lists)('%s', (_, total, list) => {
  test.each([1, 2, 3, 4, 5, 9, 10, 11, 100])('in pages of %i, each row once', async (limit) => {
    const whole = await list(accountId, {});
    expect(whole.items).toHaveLength(total);
    const seen: unknown[] = [];
    let cursor: string | undefined;
    let pages = 0;
    for (; pages < 20; pages += 1) {
      const { items, nextCursor } = await list(accountId, { limit, ...(cursor && { cursor }) });
      expect(items.length).toBeLessThanOrEqual(limit);
      seen.push(...items);
      if (nextCursor === null) break;
      expect(items).toHaveLength(limit);
      cursor = nextCursor;
    }
    expect(seen).toEqual(whole.items);
    // The last one says so, also when it is full.
    expect(pages + 1).toBe(Math.ceil(total / limit));
  });

  test('a cursor before the first row is an empty page, one beyond the last the newest', async () => {
    expect(await list(accountId, { cursor: '1' })).toEqual({ items: [], nextCursor: null });
    const newest = await list(accountId, {});
    expect(await list(accountId, { cursor: '999999999999999' })).toEqual(newest);
  });

  test('of somebody new is an empty page', async () => {
    const nobody = await createTestCustomer(db);
    expect(await list(nobody, {})).toEqual({ items: [], nextCursor: null });
  });
});

test('newest first', async () => {
  const { items: entries } = await listTransactions(db, { accountId });
  expect(entries.map(({ entryNo }) => entryNo)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  const { items: topups } = await listTopups(db, { accountId });
  expect(topups.map(({ amountCents }) => amountCents)).toEqual([
    10_400, 10_300, 10_200, 10_100, 10_000,
  ]);
});

test('a row that is written while one pages shows up on no older page', async () => {
  const own = await createTestCustomer(db);
  for (let n = 0; n < 4; n += 1) await createTopup(db, { accountId: own, amountCents: 10_000 });
  const first = await listTopups(db, { accountId: own, page: { limit: 2 } });
  await createTopup(db, { accountId: own, amountCents: 20_000 });
  const second = await listTopups(db, {
    accountId: own,
    page: { limit: 2, cursor: first.nextCursor },
  });
  const ids = [...first.items, ...second.items].map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
});

test('rows of others are never shown', async () => {
  const { items: sessions } = await listSessions(db, { accountId: stranger });
  const { items: generations } = await listGenerations(db, { accountId: stranger });
  expect([sessions.length, generations.length]).toEqual([1, 1]);
  const notFound = { reason: 'NOT_FOUND' };
  for (const id of [sessions[0]?.id, 'nonsense']) {
    await expect((async () => getSession(db, { accountId, id: id ?? '' }))()).rejects.toMatchObject(
      notFound,
    );
  }
  await expect(
    getGeneration(db, { accountId, id: generations[0]?.id ?? '' }),
  ).rejects.toMatchObject(notFound);
});
