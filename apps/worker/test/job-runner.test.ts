import { setTimeout as pause } from 'node:timers/promises';
import { ensureAccount, getBalance, jobSchema, storeWebhookEvent } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { createTopup } from '@hourly/services';
import { parseCrontab, type TaskList } from 'graphile-worker';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJobRunner } from '../src/jobs/job-runner.ts';
import { createTasks, crontab } from '../src/jobs/tasks.ts';
import type { Loop } from '../src/loops/loop.ts';
import { memoryLog } from './support/log.ts';
import { expectCleanBooks } from './support/sessions.ts';
import { type StandIns, startStandIns } from './support/stand-ins.ts';
import { waitUntil } from './support/wait-until.ts';

let db: TestDatabase;
let standIns: StandIns;
let runners: Loop[];
beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
  standIns = await startStandIns(db);
  runners = [];
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop(5000)));
  await standIns.sandbox.stop();
  await db.drop();
});

const work = (tasks: TaskList = createTasks(standIns.ctx)): Loop => {
  const runner = createJobRunner({ ctx: standIns.ctx, log: memoryLog(), tasks });
  runners.push(runner);
  runner.start();
  return runner;
};

const enqueue = (task: string) => db.owner.query(`select ${jobSchema}.add_job($1)`, [task]);
const everythingIsDue = () =>
  db.owner.query(`update ${jobSchema}._private_jobs set run_at = now()`);
const jobs = async () => {
  const { rows } = await db.owner.query<{ locked_by: string | null }>(
    `select locked_by from ${jobSchema}._private_jobs`,
  );
  return rows;
};

test('an event that was stored and never processed is processed by its job', async () => {
  const { accountId } = await ensureAccount(db, { userId: 'user_1', mode: 'live' });
  const topup = await createTopup(standIns.ctx, { accountId, amountCents: 10_000 });
  const entity = {
    id: 'pay_fromWebhook',
    order_id: topup.checkout?.orderId,
    amount: topup.amountInrPaise,
    currency: 'INR',
    status: 'captured',
  };
  const body = JSON.stringify({ event: 'payment.captured', payload: { payment: { entity } } });
  // Stored, and then the process that took it in was gone.
  await storeWebhookEvent(db, { eventId: 'evt_1', type: 'payment.captured', body });
  await everythingIsDue();
  work();
  await waitUntil(
    'the credit',
    async () => (await getBalance(db, { accountId })).balanceCents === 10_000,
  );
  await waitUntil('no job to be left', async () => (await jobs()).length === 0);
  await expectCleanBooks(db);
});

test('every job runs once, whatever the number of workers', async () => {
  const seen: string[] = [];
  const tasks: TaskList = {
    async note(payload) {
      seen.push(JSON.stringify(payload));
    },
  };
  await db.owner.query(
    `select ${jobSchema}.add_job('note', json_build_object('n', n)) from generate_series(1, 60) n`,
  );
  work(tasks);
  work(tasks);
  await waitUntil('no job to be left', async () => (await jobs()).length === 0);
  expect(new Set(seen).size).toBe(60);
  expect(seen).toHaveLength(60);
});

test('the jobs of a worker that fell silent are released to the others', async () => {
  await enqueue('orphan');
  await db.owner.query(
    `update ${jobSchema}._private_jobs set locked_by = 'gone', locked_at = now() - interval '2 minutes', attempts = 1`,
  );
  let runs = 0;
  const runner = work({
    async orphan() {
      runs += 1;
    },
  });
  await runner.tick();
  await waitUntil('the run', () => runs === 1);
});

test('those of one that lives, however long they take, are not', async () => {
  await enqueue('slow');
  await db.owner.query(
    `update ${jobSchema}._private_jobs set locked_by = 'busy', locked_at = now() - interval '1 hour', attempts = 1`,
  );
  await db.owner.query("insert into hourly_job_workers (worker_id) values ('busy')");
  await work({ async slow() {} }).tick();
  expect(await jobs()).toEqual([{ locked_by: 'busy' }]);
});

test('stopping asks a running job to end, waits for it, and gives back what did not', async () => {
  await enqueue('stubborn');
  let isRunning = false;
  const release = new AbortController();
  const runner = work({
    async stubborn() {
      isRunning = true;
      await pause(60_000, undefined, { signal: release.signal }).catch(() => undefined);
    },
  });
  await waitUntil('the start', () => isRunning);
  expect(await runner.stop(50)).toBe(false);
  expect(await jobs()).toEqual([{ locked_by: null }]);
  release.abort();
});

test('the crontab names tasks that exist', () => {
  const tasks = createTasks(standIns.ctx);
  const items = parseCrontab(crontab);
  expect(items.map(({ task }) => task)).toEqual(['check_pending_refunds', 'compare_books']);
  for (const { task } of items) expect(tasks).toHaveProperty(task);
});
