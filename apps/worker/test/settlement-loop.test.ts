import { createDatabase } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSettlementLoop } from '../src/loops/settlement-loop.ts';
import { memoryLog } from './support/log.ts';
import { chargedHours, expectCleanBooks, sessionOpenFor, sessionRow } from './support/sessions.ts';
import { waitUntil } from './support/wait-until.ts';

const hour = 3600;
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterAll(() => db.drop());

const settle = async (options: { batchSize?: number; maxBatches?: number } = {}) => {
  const loop = createSettlementLoop({ db, log: memoryLog(), ...options });
  await loop.tick();
  await loop.stop(1000);
};

test('a tick charges every hour that is due, and no other', async () => {
  const late = await sessionOpenFor(db, 2.5 * hour);
  const fresh = await sessionOpenFor(db, 0.5 * hour);
  await settle();
  expect(await chargedHours(db, late.session.id)).toEqual([1, 2, 3]);
  expect(await chargedHours(db, fresh.session.id)).toEqual([1]);
  expect((await sessionRow(db, late.session.id)).status).toBe('active');
  await settle();
  expect(await chargedHours(db, late.session.id)).toEqual([1, 2, 3]);
  await expectCleanBooks(db);
});

test('a session that ran out ends at paid-through, however late anybody looks', async () => {
  const { session } = await sessionOpenFor(db, 8 * hour, { balanceCents: 10_000 });
  await settle();
  const row = await sessionRow(db, session.id);
  expect(row).toMatchObject({
    status: 'ended',
    endReason: 'insufficient_balance',
    hoursCharged: 6,
  });
  expect((row.endedAt?.getTime() ?? 0) - row.startedAt.getTime()).toBe(6 * hour * 1000);
  await expectCleanBooks(db);
});

test('guards act on time without anybody calling', async () => {
  const ended = await sessionOpenFor(db, 3 * hour, { maxHours: 2 });
  const paused = await sessionOpenFor(db, 3 * hour, { hourEnd: 'pause' });
  await settle();
  expect(await sessionRow(db, ended.session.id)).toMatchObject({
    status: 'ended',
    endReason: 'max_hours',
  });
  expect(await sessionRow(db, paused.session.id)).toMatchObject({
    status: 'paused',
    pauseReason: 'hour_end',
  });
  expect(await chargedHours(db, paused.session.id)).toEqual([1]);
});

test('one tick drains more accounts than a batch holds, and more hours than a pass charges', async () => {
  const many = await Promise.all(Array.from({ length: 25 }, () => sessionOpenFor(db, 1.5 * hour)));
  const old = await sessionOpenFor(db, 60.5 * hour, { balanceCents: 100_000 });
  await settle({ batchSize: 10 });
  for (const { session } of many) expect(await chargedHours(db, session.id)).toEqual([1, 2]);
  expect(await chargedHours(db, old.session.id)).toHaveLength(61);
  await expectCleanBooks(db);
});

test('a tick is bounded; what is left comes with the next one, at once', async () => {
  const many = await Promise.all(Array.from({ length: 6 }, () => sessionOpenFor(db, 1.5 * hour)));
  const charged = async () =>
    (await Promise.all(many.map(({ session }) => chargedHours(db, session.id)))).filter(
      (hours) => hours.length === 2,
    ).length;
  const waits: number[] = [];
  const loop = createSettlementLoop({
    db,
    log: memoryLog(),
    batchSize: 2,
    maxBatches: 2,
    sleep: async (ms) => {
      waits.push(ms);
    },
  });
  await loop.tick();
  expect(await charged()).toBe(4);
  loop.start();
  await waitUntil('the rest', async () => (await charged()) === 6);
  await loop.stop(5000);
  expect(waits[0]).toBeGreaterThan(0);
});

test('many workers at once charge each hour once', async () => {
  const many = await Promise.all(Array.from({ length: 40 }, () => sessionOpenFor(db, 3.5 * hour)));
  const workers = [1, 2, 3].map(() => createDatabase({ url: db.ownerUrl, role: 'hourly_worker' }));
  const loops = workers.map((own) =>
    createSettlementLoop({ db: own, log: memoryLog(), batchSize: 7 }),
  );
  await Promise.all(loops.map((loop) => loop.tick()));
  await settle();
  for (const { session } of many) expect(await chargedHours(db, session.id)).toEqual([1, 2, 3, 4]);
  await Promise.all(workers.map((own) => own.close()));
  await expectCleanBooks(db);
});

test('the loop wakes for the next due instant, long before its interval is over', async () => {
  const { session } = await sessionOpenFor(db, hour - 1);
  const loop = createSettlementLoop({ db, log: memoryLog(), tickIntervalMs: 60_000 });
  loop.start();
  await waitUntil('the second hour', async () => (await chargedHours(db, session.id)).length === 2);
  const { rows } = await db.owner.query<{ late: number }>(
    `select extract(epoch from created_at - effective_at)::float8 as late
       from hourly_ledger_entries where session_id = $1 and hour = 2`,
    [session.id],
  );
  expect(rows[0]?.late).toBeLessThan(1);
  await expect(loop.stop(5000)).resolves.toBe(true);
});

test('an account that another call holds is waited for without spinning, then settled', async () => {
  const { accountId, session } = await sessionOpenFor(db, 1.5 * hour);
  const holder = await db.owner.connect();
  await holder.query('begin');
  await holder.query('select from hourly_account_balance where id = $1 for update', [accountId]);
  const waits: number[] = [];
  const loop = createSettlementLoop({
    db,
    log: memoryLog(),
    sleep: async (ms) => {
      waits.push(ms);
      if (waits.length === 3) await holder.query('commit');
    },
  });
  loop.start();
  await waitUntil('the charge', async () => (await chargedHours(db, session.id)).length === 2);
  await loop.stop(5000);
  holder.release();
  expect(waits.slice(0, 3)).toEqual([100, 100, 100]);
});

test('connections that break are an error in the log, and the next pass goes on', async () => {
  const log = memoryLog();
  const { session } = await sessionOpenFor(db, 1.5 * hour);
  const own = createDatabase({ url: db.ownerUrl, role: 'hourly_worker', max: 1 });
  const loop = createSettlementLoop({ db: own, log, tickIntervalMs: 50 });
  const blocker = await db.owner.connect();
  await blocker.query('begin');
  await blocker.query('lock table hourly_ledger_entries in share mode');
  loop.start();
  await waitUntil('the loop to be stuck', async () => {
    const { rowCount } = await db.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
          and query like '%settle_hourly_sessions%'`,
    );
    return rowCount === 1;
  });
  await waitUntil('the failure', () => log.lines.some(({ level }) => level === 'error'));
  await blocker.query('commit');
  blocker.release();
  await waitUntil('the charge', async () => (await chargedHours(db, session.id)).length === 2);
  await loop.stop(5000);
  await own.close();
});
