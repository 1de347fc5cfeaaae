import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chargedHours, expectCleanBooks, sessionOpenFor } from './support/sessions.ts';
import { waitUntil } from './support/wait-until.ts';
import { startWorkerProcess, unreachable, type WorkerProcess } from './support/worker-process.ts';

const hour = 3600;
let db: TestDatabase;
let workers: WorkerProcess[];

beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.exit(0);
  await db.drop();
});

const startWorker = (environment: Record<string, string> = {}) => {
  const worker = startWorkerProcess({ DATABASE_URL: db.ownerUrl, ...unreachable, ...environment });
  workers.push(worker);
  return worker;
};

/** Holds up every settlement in its middle: accounts locked, charges not yet written. */
async function holdUpCharges() {
  const client = await db.owner.connect();
  await client.query('begin');
  await client.query('lock table hourly_ledger_entries in share mode');
  return {
    async untilStuck() {
      await waitUntil('a settlement to be held up', async () => {
        const { rowCount } = await db.owner.query(
          `select from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'
              and query like '%settle_hourly_sessions%'`,
        );
        return (rowCount ?? 0) > 0;
      });
    },
    /** What the server does once it notices that a client is gone. */
    async hangUp() {
      await db.owner.query(
        `select pg_terminate_backend(pid, 5000) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      );
    },
    async letGo() {
      await client.query('rollback');
      client.release();
    },
  };
}

const allCharged = (sessionIds: string[], hours: number) =>
  waitUntil('every charge', async () => {
    const charged = await Promise.all(sessionIds.map((id) => chargedHours(db, id)));
    return charged.every((each) => each.length === hours);
  });

test('two workers charge what is due, and SIGTERM and SIGINT end them cleanly', async () => {
  const sessions = await Promise.all(
    Array.from({ length: 20 }, () => sessionOpenFor(db, 2.5 * hour)),
  );
  const [one, two] = [startWorker(), startWorker()];
  await allCharged(
    sessions.map(({ session }) => session.id),
    3,
  );
  await Promise.all([one.saw('the worker runs'), two.saw('the worker runs')]);
  one.child.kill('SIGTERM');
  two.child.kill('SIGINT');
  two.child.kill('SIGTERM');
  expect(await one.exit(10_000)).toBe(0);
  expect(await two.exit(10_000)).toBe(0);
  expect(one.output()).toContain('"msg":"stopped"');
  expect(one.output() + two.output()).not.toContain('must not be logged');
  await expectCleanBooks(db);
});

test('a worker killed in the middle of a settlement leaves nothing behind that another does not finish', async () => {
  const sessions = await Promise.all(
    Array.from({ length: 20 }, () => sessionOpenFor(db, 2.5 * hour)),
  );
  const charges = await holdUpCharges();
  const killed = startWorker();
  await charges.untilStuck();
  killed.child.kill('SIGKILL');
  expect(await killed.exit(10_000)).toBe('SIGKILL');
  await charges.hangUp();
  for (const { session } of sessions) expect(await chargedHours(db, session.id)).toEqual([1]);
  await charges.letGo();
  const other = startWorker();
  await allCharged(
    sessions.map(({ session }) => session.id),
    3,
  );
  await other.saw('the worker runs');
  other.child.kill('SIGTERM');
  expect(await other.exit(10_000)).toBe(0);
  await expectCleanBooks(db);
});

test('SIGTERM waits for the settlement under way', async () => {
  const { session } = await sessionOpenFor(db, 2.5 * hour);
  const charges = await holdUpCharges();
  const worker = startWorker();
  await charges.untilStuck();
  worker.child.kill('SIGTERM');
  await worker.saw('"msg":"stopping"');
  await charges.letGo();
  expect(await worker.exit(10_000)).toBe(0);
  expect(await chargedHours(db, session.id)).toEqual([1, 2, 3]);
  await expectCleanBooks(db);
});

test('a settlement that does not end does not keep a stopping worker for ever', async () => {
  await sessionOpenFor(db, 2.5 * hour);
  const charges = await holdUpCharges();
  const worker = startWorker({ HOURLY_STOP_LIMIT_MS: '200' });
  await charges.untilStuck();
  worker.child.kill('SIGTERM');
  expect(await worker.exit(10_000)).toBe(1);
  expect(worker.output()).toContain('giving up');
  await charges.letGo();
});

test('a worker whose database is away says so, keeps trying, and still stops at once', async () => {
  const worker = startWorker({ DATABASE_URL: 'postgres://hourly:secret@127.0.0.1:9/hourly' });
  await worker.saw('a pass failed');
  worker.child.kill('SIGTERM');
  expect(await worker.exit(10_000)).toBe(0);
  expect(worker.output()).not.toContain('secret');
});

test('an incomplete environment is refused with everything that is missing', async () => {
  const worker = startWorkerProcess({ RAZORPAY_KEY_ID: 'rzp_test_1' });
  workers.push(worker);
  expect(await worker.exit(15_000)).toBe(1);
  expect(worker.output().trim().split('\n')).toHaveLength(1);
  for (const name of [
    'DATABASE_URL',
    'RAZORPAY_KEY_SECRET',
    'RAZORPAY_WEBHOOK_SECRET',
    'RUNPOD_ENDPOINT_URL',
    'RUNPOD_API_KEY',
  ]) {
    expect(worker.output()).toContain(name);
  }
});
