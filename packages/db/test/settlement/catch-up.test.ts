import { getSession, settleSessions, startSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { advance } from '../support/advance.ts';
import { audit, dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, createTestCustomer, hours, minutes } from '../support/customer.ts';
import { eventsOf, ledgerOf } from '../support/history.ts';

let db: TestDatabase;
// A pass settles everybody's accounts: each test has a database of its own.
beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterEach(() => dropWithCleanBooks(db));

const rich = 1_100_000;
const mostPasses = 100;

async function run(balanceCents: number, guards: { maxHours?: number; hourEnd?: 'pause' } = {}) {
  const accountId = await createCustomer(db, { balanceCents, now: at(0) });
  const { id } = await startSession(db, { accountId, ...guards, now: at(0) });
  return { accountId, id };
}

/** Passes until nothing is left to do; how many hours each of them charged. */
async function settleAll(now: string): Promise<number[]> {
  const charged: number[] = [];
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const { accounts, hours: n } = await settleSessions(db, { limit: 10, now });
    if (accounts === 0) return charged;
    charged.push(n);
  }
  throw new Error('the settlement does not come to an end');
}

/** The ledger without what tells who charged. */
const charges = async (accountId: string) =>
  (await ledgerOf(db, accountId))
    .filter(({ type }) => type === 'hour')
    .map(({ trigger, ...entry }) => entry);

describe.each([
  { late: 1, balanceCents: rich, passes: [1] },
  { late: 24, balanceCents: rich, passes: [24] },
  { late: 25, balanceCents: rich, passes: [24, 1] },
  { late: 48, balanceCents: rich, passes: [24, 24] },
  { late: 700, balanceCents: rich, passes: [...Array(29).fill(24), 4] },
  // Runs out on the way.
  { late: 700, balanceCents: 1500 * 31, passes: [24, 6] },
  { late: 700, balanceCents: 1500 * 25, passes: [24] },
])('$late hours late on $balanceCents cents', ({ late, balanceCents, passes }) => {
  test('calls and passes charge the same hours at the same instants', async () => {
    const now = at(hours(late), 1);
    const byPasses = await run(balanceCents);
    expect(await settleAll(now)).toEqual(passes);
    const byCall = await run(balanceCents);
    const called = await getSession(db, { ...byCall, now });
    const settled = await getSession(db, { ...byPasses, now });

    const hoursCharged = Math.min(late + 1, balanceCents / 1500);
    expect(called.hoursCharged).toBe(Math.floor(hoursCharged));
    const { id: _, charges: calledCharges, ...calledRest } = called;
    const { id: __, charges: settledCharges, ...settledRest } = settled;
    expect(settledRest).toEqual(calledRest);
    expect(settledCharges.map((charge) => charge.trigger)).toEqual([
      'start',
      ...Array(settledCharges.length - 1).fill('settlement'),
    ]);
    expect(calledCharges.map((charge) => charge.trigger)).toEqual([
      'start',
      ...Array(calledCharges.length - 1).fill('call'),
    ]);
    expect(await charges(byPasses.accountId)).toEqual(await charges(byCall.accountId));
    expect((await charges(byCall.accountId)).map((entry) => entry.effectiveAt)).toEqual(
      Array.from({ length: called.hoursCharged }, (_, n) => at(hours(n))),
    );
    expect(await eventsOf(db, byPasses.accountId)).toEqual(await eventsOf(db, byCall.accountId));
    expect(await settleAll(now)).toEqual([]);
  });
});

test('between two passes the account is true as far as it was charged', async () => {
  const session = await run(rich);
  await settleSessions(db, { limit: 10, now: at(hours(700)) });
  expect(await audit(db)).toEqual([]);
  const { rows } = await db.pool.query(
    `select hours_charged, as_of = paid_until as "asOfPaidThrough" from hourly_account_balance where id = $1`,
    [session.accountId],
  );
  expect(rows).toEqual([{ hours_charged: 25, asOfPaidThrough: true }]);
});

test.each([
  { guards: { maxHours: 30 }, status: 'ended', reason: 'max_hours', hoursCharged: 30 },
  { guards: { hourEnd: 'pause' as const }, status: 'paused', reason: 'hour_end', hoursCharged: 1 },
])('passes stop where a call stops: $reason', async ({ guards, status, reason, hoursCharged }) => {
  const session = await run(rich, guards);
  await settleAll(at(hours(100)));
  const found = await getSession(db, { ...session, now: at(hours(100)) });
  expect(found).toMatchObject({ status, hoursCharged, activeSeconds: hours(hoursCharged) });
  expect([found.endReason, found.pauseReason]).toContain(reason);
});

test('a pass takes those that wait the longest, and tells when the next one is due', async () => {
  const sessions: { accountId: string; id: string }[] = [];
  for (const start of [3, 1, 2]) {
    const accountId = await createCustomer(db, { balanceCents: 3000, now: at(minutes(start)) });
    const { id } = await startSession(db, { accountId, now: at(minutes(start)) });
    sessions.push({ accountId, id });
  }
  const first = at(hours(1) + minutes(1));
  expect(await settleSessions(db, { limit: 2, now: first })).toEqual({
    accounts: 0,
    hours: 0,
    paused: 0,
    ended: 0,
    failed: [],
    nextDueInSeconds: 0,
  });
  const now = at(hours(1) + minutes(9));
  expect(await settleSessions(db, { limit: 2, now })).toMatchObject({ accounts: 2, hours: 2 });
  const hoursCharged = await Promise.all(
    sessions.map(async ({ accountId }) => (await charges(accountId)).length),
  );
  expect(hoursCharged).toEqual([1, 2, 2]);
  expect(await settleSessions(db, { limit: 2, now })).toMatchObject({
    accounts: 1,
    hours: 1,
    nextDueInSeconds: minutes(52),
  });
  expect(await settleSessions(db, { limit: 9, now: at(hours(9)) })).toMatchObject({
    accounts: 3,
    hours: 0,
    ended: 3,
    nextDueInSeconds: null,
  });
});

test('a test account catches up 31 days in one call', async () => {
  const accountId = await createTestCustomer(db, { balanceCents: 2_000_000 });
  const { id } = await startSession(db, { accountId });
  await advance(db, accountId, hours(24 * 31));
  expect(await getSession(db, { accountId, id })).toMatchObject({ hoursCharged: 744 });
});

test('a pass is bounded in hours altogether, so that a backlog comes in small transactions', async () => {
  const accountIds: string[] = [];
  for (let n = 0; n < 100; n += 1) {
    const accountId = await createCustomer(db, { balanceCents: 60_000, now: at(0) });
    await startSession(db, { accountId, now: at(0) });
    accountIds.push(accountId);
  }
  const now = at(hours(30) + 1);
  const pass = await settleSessions(db, { limit: 1000, now });
  expect(pass).toMatchObject({
    accounts: 100,
    hours: 2000,
    failed: [],
    nextDueInSeconds: -hours(9) - 1,
  });
  await settleSessions(db, { limit: 1000, now });
  for (const accountId of accountIds) expect(await charges(accountId)).toHaveLength(31);
});

test('an account that cannot be settled is named and holds up nobody', async () => {
  const [broken = '', healthy = ''] = await Promise.all([
    createCustomer(db, { balanceCents: 20_000, now: at(0) }),
    createCustomer(db, { balanceCents: 20_000, now: at(minutes(1)) }),
  ]);
  await startSession(db, { accountId: broken, now: at(0) });
  await startSession(db, { accountId: healthy, now: at(minutes(1)) });
  // A row in the way of its next entry: what should never be, and must not spread.
  await db.owner.query(
    `insert into hourly_ledger_entries (account_id, entry_no, type, debit_account_id, credit_account_id,
       amount_cents, balance_after_cents, reason, effective_at, created_at)
     values ($1, 3, 'promo', 3, $1, 1, 1, 'In the way', now(), now())`,
    [broken],
  );
  const now = at(hours(2) - minutes(10));
  const pass = await settleSessions(db, { limit: 10, now });
  expect(pass).toMatchObject({ accounts: 2, hours: 1, nextDueInSeconds: minutes(11) });
  expect(pass.failed).toMatchObject([
    { accountId: broken, error: expect.stringContaining('hourly_ledger_entries_pkey') },
  ]);
  expect(await charges(healthy)).toHaveLength(2);
  expect(await charges(broken)).toHaveLength(1);

  const repair = await db.owner.connect();
  await repair.query('set session_replication_role = replica');
  await repair.query('delete from hourly_ledger_entries where account_id = $1 and entry_no = 3', [
    broken,
  ]);
  await repair.query('reset session_replication_role');
  repair.release();
  expect(await settleSessions(db, { limit: 10, now })).toMatchObject({
    accounts: 1,
    hours: 1,
    failed: [],
  });
});
