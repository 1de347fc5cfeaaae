import {
  advanceClock,
  createTopup,
  ensureAccount,
  getSession,
  getStatus,
  settleSessions,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advance } from '../support/advance.ts';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, createTestCustomer, hours, shown } from '../support/customer.ts';
import { ledgerOf, rowVersion } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

test('a test account’s clock stands at its creation', async () => {
  const { accountId } = await ensureAccount(db, { userId: 'frozen', mode: 'test' });
  const { serverTime } = await getStatus(db, { accountId });
  const { rows } = await db.pool.query(
    `select created_at, clock_timestamp() - created_at between '0' and '1 minute' as "isNow"
     from hourly_account_balance where id = $1`,
    [accountId],
  );
  expect(rows).toEqual([{ created_at: new Date(serverTime), isNow: true }]);
  expect(await createTopup(db, { accountId, amountCents: 10_000 })).toMatchObject({
    createdAt: serverTime,
    paidAt: serverTime,
  });
});

test('one customer has one account of each mode, made once', async () => {
  const make = (mode: 'live' | 'test') => ensureAccount(db, { userId: 'both', mode });
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, n) => make(n % 2 ? 'live' : 'test')),
  );
  expect(new Set(made.map(({ accountId }) => accountId)).size).toBe(2);
});

test('it moves by the clock call alone, to the microsecond, and settles at once', async () => {
  const accountId = await createTestCustomer(db, { balanceCents: 50_000 });
  const { id } = await startSession(db, { accountId });
  expect(await advance(db, accountId, 3600)).toEqual({ now: shown(3600) });
  expect(await ledgerOf(db, accountId)).toHaveLength(2);
  expect(await advance(db, accountId, 0.000001)).toEqual({ now: shown(3600) });
  // Straight from the ledger: the call itself has settled.
  expect((await ledgerOf(db, accountId)).at(-1)).toMatchObject({
    hour: 2,
    trigger: 'call',
    effectiveAt: at(3600),
  });
  await advance(db, accountId, 0.1);
  await advance(db, accountId, 0.2);
  expect(await getSession(db, { accountId, id })).toMatchObject({
    activeSeconds: 3600.300001,
    hoursCharged: 2,
  });
});

test.each([0.000001, 1.000001, 123_456.654321, 2_678_399.999999, 2_678_400])(
  '%d seconds arrive exactly',
  async (advanceSeconds) => {
    const accountId = await createTestCustomer(db, { balanceCents: 2_000_000 });
    const { id } = await startSession(db, { accountId });
    await advance(db, accountId, advanceSeconds);
    expect(await getSession(db, { accountId, id })).toMatchObject({
      activeSeconds: advanceSeconds,
      hoursCharged: Math.max(1, Math.ceil(advanceSeconds / 3600)),
    });
  },
);

test('settles at the old instant before it moves', async () => {
  const accountId = await createTestCustomer(db, { balanceCents: 3000 });
  const { id } = await startSession(db, { accountId });
  await advance(db, accountId, hours(24 * 31));
  await advance(db, accountId, hours(24 * 31));
  expect(await getSession(db, { accountId, id })).toMatchObject({
    endedAt: shown(hours(2)),
    serverTime: shown(hours(24 * 62)),
  });
});

test('live accounts refuse it and stay as they are', async () => {
  const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
  const before = await rowVersion(db, accountId);
  await expect(advanceClock(db, { accountId, advanceSeconds: 60 })).rejects.toMatchObject({
    reason: 'TEST_MODE_ONLY',
  });
  expect((await rowVersion(db, accountId)).split(' ')[0]).toBe(before.split(' ')[0]);
});

test('the settlement never touches test accounts, however far behind they are', async () => {
  const accountId = await createTestCustomer(db, { balanceCents: 50_000, now: at(-hours(999)) });
  await startSession(db, { accountId });
  await db.owner.query(
    `update hourly_account_balance set clock_at = clock_at + interval '5 hours' where id = $1`,
    [accountId],
  );
  const before = await rowVersion(db, accountId);
  for (const now of [undefined, at(hours(9999))]) await settleSessions(db, { limit: 100, now });
  expect(await rowVersion(db, accountId)).toBe(before);
  // Its own calls do.
  expect((await getStatus(db, { accountId })).session).toMatchObject({ hoursCharged: 5 });
});
