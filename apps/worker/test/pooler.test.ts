import { randomBytes } from 'node:crypto';
import { createDatabase, type Database, jobSchema } from '@hourly/db';
import { migrate } from '@hourly/db/migrate';
import {
  type Pgbouncer,
  startPgbouncer,
  startTemporaryPostgres,
  type TemporaryPostgres,
} from '@hourly/sandbox/postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { waitUntil } from './support/wait-until.ts';
import { startWorkerProcess, unreachable } from './support/worker-process.ts';

const program = process.env.HOURLY_TEST_PGBOUNCER;
const noPgbouncer = program === undefined ? 'there is no PgBouncer here' : undefined;

let server: TemporaryPostgres;
let pooler: Pgbouncer;
/** Past the pooler. */
let db: Database;
let workerUrl: string;

beforeAll(async () => {
  if (program === undefined) return;
  server = await startTemporaryPostgres({ database: 'hourly' });
  const password = randomBytes(12).toString('hex');
  const users = { hourly_app: password, hourly_worker: password };
  await migrate({ url: server.url, passwords: users });
  db = createDatabase({ url: server.url, role: 'hourly_worker' });
  pooler = await startPgbouncer({ program, url: server.url, users, poolSize: 3 });
  workerUrl = `postgresql://hourly_worker:${password}@127.0.0.1:${pooler.port}/hourly?pgbouncer=true`;
});
beforeEach(({ skip }) => skip(noPgbouncer !== undefined, noPgbouncer));
afterAll(async () => {
  if (program === undefined) return;
  await pooler.stop();
  await db.close();
  await server.stop();
});

test('the worker works on jobs through a transaction pooler', async () => {
  // Each fails, because there is no such refund; what matters is that it is taken up and reported.
  await db.pool.query(
    `select ${jobSchema}.add_job('send_refund', json_build_object('refundId', gen_random_uuid())) from generate_series(1, 20)`,
  );
  const worker = startWorkerProcess({ DATABASE_URL: workerUrl, ...unreachable });
  try {
    await waitUntil('every job to be reported', async () => {
      const { rows } = await db.pool.query<{ reported: number }>(
        `select count(*)::int as reported from ${jobSchema}._private_jobs where last_error is not null and locked_by is null`,
      );
      return rows[0]?.reported === 20;
    });
    worker.child.kill('SIGTERM');
    expect(await worker.exit(10_000)).toBe(0);
    expect(worker.output()).not.toContain('prepared statement');
  } finally {
    await worker.exit(0);
  }
});
