import { adjustBalance, endSession, sealLedger, startSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { fillBooks } from '../support/bulk.ts';
import { at, createCustomer, createTestCustomer, hours } from '../support/customer.ts';
import { holdingAccount } from '../support/locks.ts';
import { headsOf, sealAll, sealOne, tamper } from '../support/seals.ts';
import { waitUntil } from '../support/wait-until.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterAll(() => dropWithCleanBooks(db));

const gift = (accountId: string) =>
  adjustBalance(db, { accountId, type: 'promo', amountCents: 1, reason: 'a gift' });

async function sealsOf(accountId: string): Promise<number[]> {
  const { rows } = await db.pool.query<{ last: number }>(
    'select last_entry_no::int as last from hourly_ledger_seals where account_id = $1 order by seal_no',
    [accountId],
  );
  return rows.map(({ last }) => last);
}

let accountId: string;
beforeEach(async () => {
  accountId = await createCustomer(db, { balanceCents: 20_000 });
});

test('what is new is sealed once, and nothing else', async () => {
  expect(await sealOne(db, accountId)).toMatchObject({ accounts: 1, seals: 1, entries: 1 });
  expect(await sealOne(db, accountId)).toMatchObject({ accounts: 1, seals: 0, entries: 0 });
  for (let n = 0; n < 3; n += 1) await gift(accountId);
  expect(await sealOne(db, accountId)).toMatchObject({ seals: 1, entries: 3 });
  expect(await sealsOf(accountId)).toEqual([1, 4]);
});

test('a customer of the test mode has a ledger like any other', async () => {
  const testAccountId = await createTestCustomer(db, { balanceCents: 20_000, now: at(0) });
  await startSession(db, { accountId: testAccountId });
  await sealOne(db, testAccountId);
  expect(await sealsOf(testAccountId)).toEqual([2]);
});

test('a seal covers at most a thousand entries, and a pass at most some twenty thousand', async () => {
  const first = await fillBooks(db.owner, { accounts: 30, sessions: 1, hours: 999 });
  const last = await fillBooks(db.owner, { accounts: 1, sessions: 5, hours: 500 });
  let afterAccountId = String(BigInt(first) - 1n);
  const passes: number[] = [];
  for (let pass = 0; pass < 10; pass += 1) {
    const sealed = await sealLedger(db, { afterAccountId, limit: 1000 });
    passes.push(sealed.entries);
    if (sealed.nextAccountId === null) break;
    afterAccountId = sealed.nextAccountId;
  }
  expect(passes).toEqual([20_000, 11_000, 1000, 501]);
  expect(await sealsOf(first)).toEqual([1000]);
  expect(await sealsOf(last)).toEqual([1000, 2000, 2501]);
  await sealAll(db);
  expect(await sealAll(db)).toBe(0);
});

test('what another transaction has not committed is not sealed, and does not hold the sealing up', async () => {
  await sealOne(db, accountId);
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await client.query(`select adjust_hourly_balance($1, 'promo', 1, 'a gift')`, [accountId]);
    const sealed = await sealOne(db, accountId);
    expect(sealed).toMatchObject({ seals: 0, entries: 0 });
    await client.query('rollback');
    expect(await sealOne(db, accountId)).toMatchObject({ seals: 0 });
    await gift(accountId);
    expect(await sealOne(db, accountId)).toMatchObject({ seals: 1, entries: 1 });
  } finally {
    client.release();
  }
});

test('an account that somebody holds is sealed like any other', async () => {
  await holdingAccount(db, accountId, async () => {
    expect(await sealOne(db, accountId)).toMatchObject({ seals: 1 });
  });
});

test('nobody waits for a sealing that is under way', async () => {
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await client.query('select seal_hourly_ledger($1, 1)', [BigInt(accountId) - 1n]);
    await gift(accountId);
    await startSession(db, { accountId, now: at(hours(0)) });
    await endSession(db, { accountId });
    await client.query('commit');
  } finally {
    client.release();
  }
  expect(await sealsOf(accountId)).toEqual([1]);
  expect(await sealOne(db, accountId)).toMatchObject({ seals: 1, entries: 2 });
});

test('a sealing that breaks off leaves nothing behind', async () => {
  const client = await db.pool.connect();
  await client.query('begin');
  await client.query('select seal_hourly_ledger($1, 1)', [BigInt(accountId) - 1n]);
  client.release(true);
  await expect.poll(() => sealsOf(accountId)).toEqual([]);
  await sealOne(db, accountId);
  expect(await sealsOf(accountId)).toEqual([1]);
});

test('any number of sealers make one chain, while customers are charged', async () => {
  const accounts: string[] = [];
  for (let n = 0; n < 6; n += 1) accounts.push(await createCustomer(db, { balanceCents: 20_000 }));
  const areSealedOften = async () => {
    const seals = await Promise.all(accounts.map(sealsOf));
    return seals.every(({ length }) => length >= 5);
  };
  let isOver = false;
  const customers = accounts.map(async (id) => {
    for (let n = 0; n < 2000 && !isOver; n += 1) await gift(id);
  });
  const first = String(BigInt(accounts[0] ?? 0) - 1n);
  const sealers = [1, 2, 3, 6].map(async (limit) => {
    while (!isOver) {
      let afterAccountId: string | null | undefined = first;
      while (typeof afterAccountId === 'string') {
        afterAccountId = (await sealLedger(db, { afterAccountId, limit })).nextAccountId;
      }
    }
  });
  try {
    await waitUntil('every ledger to have been sealed often', areSealedOften);
  } finally {
    isOver = true;
    await Promise.all([...customers, ...sealers]);
  }
  await sealAll(db);
  for (const id of accounts) {
    const [seals, { rows }] = await Promise.all([
      sealsOf(id),
      db.pool.query('select entry_no::int as last from hourly_account_balance where id = $1', [id]),
    ]);
    expect(seals.at(-1)).toBe(rows[0].last);
    expect(seals).toEqual([...new Set(seals)].sort((a, b) => a - b));
  }
  // That every hash is right is for the audit to find out, which ends this file.
});

test('a missing entry stops the sealing before it, and only that of its account', async () => {
  const [broken, whole] = [accountId, await createCustomer(db, { balanceCents: 20_000 })];
  for (const id of [broken, broken, broken, whole]) await gift(id);
  await tamper(
    db,
    'update hourly_ledger_entries set entry_no = 30 where account_id = $1 and entry_no = 3',
    [broken],
  );
  await sealAll(db);
  expect(await sealsOf(broken)).toEqual([2]);
  expect(await sealsOf(whole)).toEqual([2]);
  await tamper(
    db,
    'update hourly_ledger_entries set entry_no = 3 where account_id = $1 and entry_no = 30',
    [broken],
  );
  await sealAll(db);
  expect(await sealsOf(broken)).toEqual([2, 4]);
});

test('heads are listed for every ledger that has a seal, whatever the page', async () => {
  await createCustomer(db, { balanceCents: 20_000 });
  await sealAll(db);
  await createCustomer(db);
  const heads = await headsOf(db);
  const { rows } = await db.pool.query(
    'select count(*)::int as ledgers from hourly_account_balance where entry_no > 0',
  );
  expect(heads).toHaveLength(rows[0].ledgers);
  expect(new Set(heads.map(({ ledgerId }) => ledgerId)).size).toBe(heads.length);
  expect(await headsOf(db, 3)).toEqual(heads);
  expect(heads[0]).toEqual({
    ledgerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    sealNo: expect.any(Number),
    lastEntryNo: expect.any(Number),
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    sealedAt: expect.stringMatching(/^20\d\d-.*Z$/),
  });
});
