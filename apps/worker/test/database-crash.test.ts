import { createDatabase } from '@hourly/db';
import { migrate } from '@hourly/db/migrate';
import type { TestDatabase } from '@hourly/db/testing';
import { startTemporaryPostgres, type TemporaryPostgres } from '@hourly/sandbox/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chargedHours, expectCleanBooks, sessionOpenFor } from './support/sessions.ts';
import { waitUntil } from './support/wait-until.ts';
import { startWorkerProcess, unreachable } from './support/worker-process.ts';

const hour = 3600;
let server: TemporaryPostgres;
let db: TestDatabase;

beforeAll(async () => {
  server = await startTemporaryPostgres({ database: 'hourly' });
  await migrate({ url: server.url });
  const database = createDatabase({ url: server.url, role: 'hourly_worker' });
  db = { ...database, owner: database.pool, ownerUrl: server.url, drop: database.close };
});
afterAll(async () => {
  await db.drop();
  await server.stop();
});

test('a worker goes on when its database was killed and has come back', async () => {
  const worker = startWorkerProcess({ DATABASE_URL: server.url, ...unreachable });
  try {
    for (let crash = 1; crash <= 2; crash += 1) {
      const { session } = await sessionOpenFor(db, 2.5 * hour);
      await waitUntil(
        'the charges',
        async () => (await chargedHours(db, session.id)).length === 3,
        20_000,
      );
      await server.crash();
      await worker.saw('a pass failed');
      await server.restart();
    }
    const { session } = await sessionOpenFor(db, 2.5 * hour);
    await waitUntil(
      'the charges',
      async () => (await chargedHours(db, session.id)).length === 3,
      20_000,
    );
    worker.child.kill('SIGTERM');
    expect(await worker.exit(10_000)).toBe(0);
  } finally {
    await worker.exit(0);
  }
  await expectCleanBooks(db);
}, 60_000);
