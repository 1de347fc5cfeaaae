import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmptyDatabase, type EmptyDatabase } from './empty-database.ts';

let database: EmptyDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(async () => {
  await database.drop();
});

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await database.pool.query(sql)).rows;
}

test('applies migrations in order of their names, once', async () => {
  database.migration('0002_second', 'insert into noted values (2)');
  database.migration('0001_first', 'create table noted (n int); insert into noted values (1);');
  expect((await database.migrate()).migrations).toEqual(['0001_first', '0002_second']);
  database.migration('0003_third', 'insert into noted values (3)');
  expect((await database.migrate()).migrations).toEqual(['0003_third']);
  expect((await database.migrate()).migrations).toEqual([]);
  expect(await rows('select n from noted order by n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('records them as Prisma does', async () => {
  const sql = 'select 1;\n';
  database.migration('0001_first', sql);
  await database.migrate();
  const recorded = await rows(
    `select id, checksum, migration_name, logs, rolled_back_at, applied_steps_count,
            finished_at >= started_at as finished from _prisma_migrations`,
  );
  expect(recorded).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: createHash('sha256').update(sql).digest('hex'),
      migration_name: '0001_first',
      logs: null,
      rolled_back_at: null,
      applied_steps_count: 1,
      finished: true,
    },
  ]);
});

test('a failing migration leaves no trace, names its line, and can be repaired', async () => {
  database.migration('0001_first', 'create table kept (n int)');
  database.migration('0002_broken', 'create table lost (n int);\n\nselect nonsense;\n');
  await expect(database.migrate()).rejects.toThrow(
    /0002_broken\/migration\.sql:3: column "nonsense" does not exist \(42703\)/,
  );
  expect(
    await rows("select to_regclass('kept')::text as kept, to_regclass('lost') as lost"),
  ).toEqual([{ kept: 'kept', lost: null }]);
  database.migration('0002_broken', 'create table lost (n int)');
  expect((await database.migrate()).migrations).toEqual(['0002_broken']);
});

test('refuses a migration that was changed after it had been applied', async () => {
  database.migration('0001_first', 'select 1');
  await database.migrate();
  database.migration('0001_first', 'select 2');
  await expect(database.migrate()).rejects.toThrow(
    '0001_first was changed after it had been applied',
  );
});

test('refuses to go on after a failure that Prisma recorded, until it is resolved', async () => {
  await database.migrate();
  await database.pool.query(
    `insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'y', '0001_first')`,
  );
  database.migration('0001_first', 'create table made (n int)');
  await expect(database.migrate()).rejects.toThrow('0001_first has failed in this database before');
  await database.pool.query('update _prisma_migrations set rolled_back_at = now()');
  expect((await database.migrate()).migrations).toEqual(['0001_first']);
});

test('refuses a migration that ends its transaction', async () => {
  database.migration('0001_first', 'create table half (n int); commit; select 1;');
  await expect(database.migrate()).rejects.toThrow('ends the transaction');
});

test('two at once apply everything once', async () => {
  database.migration('0001_first', 'create table noted (n int); select pg_sleep(0.2);');
  const [one, other] = await Promise.all([database.migrate(), database.migrate()]);
  expect([...one.migrations, ...other.migrations]).toEqual(['0001_first']);
});

test('does not wait for another migration for ever', async () => {
  const other = await database.pool.connect();
  try {
    await other.query('select pg_advisory_lock(72707369)');
    await expect(database.migrate({ lockLimitMs: 100 })).rejects.toThrow(
      'Another process has been',
    );
  } finally {
    other.release(true);
  }
});

test("other people's migrations in the same table are none of its business", async () => {
  await database.migrate();
  await database.pool.query(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at)
     values ('x', 'y', '20240101_credits', now())`,
  );
  database.migration('0001_first', 'select 1');
  expect((await database.migrate()).migrations).toEqual(['0001_first']);
});
