import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { settleSessions } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { injected } from '../support/faults.ts';
import { holdUp, type Middle, middles } from '../support/hold.ts';
import { overdueSessions, standingOf } from '../support/overdue.ts';
import { expectSoundBooks } from '../support/sound.ts';
import { waitUntil } from '../support/wait-until.ts';

const script = fileURLToPath(new URL('./settling-process.mjs', import.meta.url));
const workerCount = 3;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterAll(() => db.drop());

const startWorker = (): ChildProcess =>
  spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: db.ownerUrl },
    stdio: ['ignore', 'ignore', 'inherit'],
  });

test.for(Object.keys(middles) as Middle[])(
  'kill -9 of the workers while %s',
  async (middle, context) => {
    const overdue = await overdueSessions(db, 20);
    const held = await holdUp(db, middle);
    const workers = Array.from({ length: workerCount }, startWorker);
    const pids = await held.stuck(workerCount);
    await Promise.all(
      workers.map(async (worker) => {
        const gone = once(worker, 'exit');
        worker.kill('SIGKILL');
        expect(await gone).toEqual([null, 'SIGKILL']);
      }),
    );
    injected(context, 'kill -9 of a worker in mid-settlement', workerCount);
    // A batch without any session that stops is not held up by everything.
    const settled = (await standingOf(db, overdue)).filter(({ hours }) => hours > 1).length;

    // The server is told that nobody waits for one of them; what the others were asked, it finishes for nobody.
    await db.owner.query('select pg_terminate_backend($1, 5000)', [pids[0]]);
    await held.letGo();
    await waitUntil('the server to be done', async () => {
      const { rowCount } = await db.owner.query(
        'select from pg_stat_activity where pid = any ($1)',
        [pids],
      );
      return rowCount === 0;
    });
    const rest = await settleSessions(db, { limit: 100 });
    const accounts = overdue.length - settled - 4 * (workerCount - 1);
    expect(rest).toMatchObject({ accounts, failed: [] });
    expect(await standingOf(db, overdue)).toEqual(overdue);
    await expectSoundBooks(db);
  },
);
