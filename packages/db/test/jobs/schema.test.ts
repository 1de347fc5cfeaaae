import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { jobSchema } from '@hourly/db';
import { createTestDatabase } from '@hourly/db/testing';
import { runMigrations } from 'graphile-worker';
import { expect, test } from 'vitest';

const packageDir = path.dirname(
  path.dirname(createRequire(import.meta.url).resolve('graphile-worker')),
);
const migration = new URL('../../prisma/migrations/0004_jobs/migration.sql', import.meta.url);

test("the jobs' schema is the one that the package brings, file by file", async () => {
  const sqlDir = path.join(packageDir, 'sql');
  const names = (await fs.readdir(sqlDir)).filter((name) => name.endsWith('.sql')).sort();
  const ours = await fs.readFile(migration, 'utf8');
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const theirs = await fs.readFile(path.join(sqlDir, name), 'utf8');
    expect(ours).toContain(theirs.replaceAll(/:GRAPHILE_WORKER_SCHEMA\b/g, jobSchema).trim());
  }
});

test('the package has nothing to migrate, and its worker needs no right to', async () => {
  const db = await createTestDatabase('hourly_worker');
  try {
    const revisions = async () =>
      (await db.pool.query(`select id, breaking from ${jobSchema}.migrations order by id`)).rows;
    const before = await revisions();
    await runMigrations({ pgPool: db.pool, schema: jobSchema });
    expect(await revisions()).toEqual(before);
  } finally {
    await db.drop();
  }
});
