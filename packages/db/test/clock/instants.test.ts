import {
  createTopup,
  endSession,
  getSession,
  getStatus,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours, shown } from '../support/customer.ts';
import { generate } from '../support/generation.ts';
import { ledgerOf } from '../support/history.ts';
import { waitUntilSomebodyWaits } from '../support/locks.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

describe('no call acts before the account’s last change', () => {
  test('an earlier instant is clamped to it', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
    await startSession(db, { accountId, now: at(100) });
    expect(await toggleSession(db, { accountId, to: 'paused', now: at(50) })).toMatchObject({
      activeSeconds: 0,
      serverTime: shown(100),
    });
    await toggleSession(db, { accountId, to: 'active', now: at(200) });
    expect((await generate(db, { accountId, now: at(10) })).generation.createdAt).toBe(shown(200));
    expect((await getStatus(db, { accountId, now: at(1) })).serverTime).toBe(shown(200));
    expect(await endSession(db, { accountId, now: at(-500) })).toMatchObject({
      endedAt: shown(200),
      activeSeconds: 0,
      costCents: 1500,
    });
  });

  test('the real clock going backwards gives no time back and takes none', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    const { id } = await startSession(db, { accountId });
    // As if everything so far had been written an hour ahead of the clock that now goes.
    await db.owner.query(
      `update hourly_account_balance set as_of = as_of + interval '1 hour',
         paid_until = paid_until + interval '1 hour', idle_from = idle_from + interval '1 hour' where id = $1`,
      [accountId],
    );
    await db.owner.query(
      `update hourly_session_segments set started_at = started_at + interval '1 hour' where session_id = $1`,
      [id],
    );
    await db.owner.query(
      `update hourly_usage_sessions set started_at = started_at + interval '1 hour' where id = $1`,
      [id],
    );
    const first = await getSession(db, { accountId, id });
    expect(first).toMatchObject({ activeSeconds: 0, hoursCharged: 1 });
    expect(await toggleSession(db, { accountId })).toMatchObject({ activeSeconds: 0 });
    const ended = await endSession(db, { accountId });
    expect(ended).toMatchObject({ activeSeconds: 0, endedAt: first.serverTime, costCents: 1500 });
    // Its ledger is dated by the real start; the audit would tell the shift that this test made by hand.
    await db.owner.query(
      `update hourly_usage_sessions set started_at = started_at - interval '1 hour',
         ended_at = ended_at - interval '1 hour' where id = $1`,
      [id],
    );
    await db.owner.query(
      `update hourly_session_segments set started_at = started_at - interval '1 hour',
         ended_at = ended_at - interval '1 hour' where session_id = $1`,
      [id],
    );
  });
});

describe('the time is read after the lock', () => {
  test.each([
    ['toggle', async (accountId: string) => (await toggleSession(db, { accountId })).serverTime],
    ['end', async (accountId: string) => (await endSession(db, { accountId })).endedAt],
    [
      'topup',
      async (accountId: string) =>
        (await createTopup(db, { accountId, amountCents: 10_000 })).createdAt,
    ],
    [
      'generate',
      async (accountId: string) => (await generate(db, { accountId })).generation.createdAt,
    ],
  ])('a %s that had to wait acts when its turn comes', async (_, call) => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    await startSession(db, { accountId });
    const holder = await db.owner.connect();
    await holder.query('begin');
    await holder.query('select from hourly_account_balance where id = $1 for update', [accountId]);
    const calling = call(accountId);
    await waitUntilSomebodyWaits(db);
    const { rows } = await holder.query('select clock_timestamp() as at');
    await holder.query('commit');
    holder.release();
    expect(Date.parse((await calling) ?? '')).toBeGreaterThanOrEqual(rows[0].at.getTime());
  });

  test('a start and an end in one transaction are two instants', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    const client = await db.pool.connect();
    try {
      await client.query('begin');
      await client.query(`select start_hourly_session($1, null, null, 'continue', null)`, [
        accountId,
      ]);
      const { rows } = await client.query(
        `select (end_hourly_session($1, null, 'user') ->> 'activeSeconds')::float as seconds`,
        [accountId],
      );
      await client.query('commit');
      expect(rows[0].seconds).toBeGreaterThan(0);
    } finally {
      client.release();
    }
  });
});

test('hours are hours where clocks change: spring and autumn cost nothing more', async () => {
  // The server's own time zone has no say.
  for (const day of [31, 300]) {
    const start = hours(24 * day);
    const accountId = await createCustomer(db, { balanceCents: 100_000, now: at(start) });
    await db.pool.query(`set time zone 'America/New_York'`);
    const { id } = await startSession(db, { accountId, now: at(start) });
    expect(await getSession(db, { accountId, id, now: at(start + hours(50)) })).toMatchObject({
      activeSeconds: hours(50),
      hoursCharged: 50,
    });
    const charges = (await ledgerOf(db, accountId)).filter(({ type }) => type === 'hour');
    expect(charges.map(({ effectiveAt }) => effectiveAt)).toEqual(
      Array.from({ length: 50 }, (_, n) => at(start + hours(n))),
    );
  }
});
