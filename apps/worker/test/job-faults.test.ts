import { jobSchema } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJobRunner } from '../src/jobs/job-runner.ts';
import type { Loop } from '../src/loops/loop.ts';
import { memoryLog } from './support/log.ts';
import { type StandIns, startStandIns } from './support/stand-ins.ts';
import { waitUntil } from './support/wait-until.ts';

let db: TestDatabase;
let standIns: StandIns;
let runner: Loop;
beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
  standIns = await startStandIns(db);
});
afterEach(async () => {
  await runner.stop(5000);
  await standIns.sandbox.stop();
  await db.drop();
});

const enqueue = (task: string) => db.owner.query(`select ${jobSchema}.add_job($1)`, [task]);

/** Holds up whoever reports what became of a job, and then breaks the connection over which that is done. */
async function breakReports(whileHeld: () => void): Promise<void> {
  const holder = await db.owner.connect();
  try {
    await holder.query('begin');
    await holder.query(`lock table ${jobSchema}._private_jobs in share mode`);
    whileHeld();
    await waitUntil('the report to be cut off', async () => {
      const { rowCount } = await db.owner.query(
        `select pg_terminate_backend(pid, 5000) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'
           and (query like '%delete from%' or query like '%last_error%')`,
      );
      return (rowCount ?? 0) > 0;
    });
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}

// An error that nobody hears of would end the whole process, the settlement with it.
test.each(['done', 'failed'])(
  'a worker outlives a connection that breaks while it reports a job as %s',
  async (outcome) => {
    let begun = 0;
    let others = 0;
    let letGo: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    runner = createJobRunner({
      ctx: standIns.ctx,
      log: memoryLog(),
      beatIntervalMs: 50,
      tasks: {
        async held() {
          begun += 1;
          await gate;
          if (outcome === 'failed') throw new Error('as expected');
        },
        async other() {
          others += 1;
        },
      },
    });
    runner.start();
    await enqueue('held');
    await waitUntil('the job to begin', () => begun > 0);
    await breakReports(letGo);
    await enqueue('other');
    await waitUntil('another job', () => others === 1);
    expect(begun).toBe(1);
  },
);
