import { createHash } from 'node:crypto';
import { auditAccounts, createTopup, ensureAccount, startSession, toggleSession } from '@hourly/db';
import { migrate } from '@hourly/db/migrate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { readFunctions } from '../../src/migrate/functions.ts';
import { readMigrations } from '../../src/migrate/migrations.ts';
import { type PrismaEngine, startPrismaEngine } from '../migrate/prisma-engine.ts';
import { waitUntil } from '../support/wait-until.ts';
import { catalogueOf } from './catalogue.ts';
import { type OwnedDatabase, type Server, startServer } from './server.ts';
import { packageFolder, writeSetupFile } from './setup-file.ts';

const setup = await writeSetupFile();
let server: Server;
let database: OwnedDatabase;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  setup.remove();
});
beforeEach(async () => {
  database = await server.createDatabase();
});

/** What is recorded, but for random ids and instants. */
async function recorded(): Promise<unknown> {
  const { rows: migrations } = await database.owner.query(
    `select migration_name, checksum, logs, rolled_back_at, applied_steps_count,
       length(id) as id, finished_at >= started_at as "isFinished"
     from _prisma_migrations order by started_at`,
  );
  const { rows: functions } = await database.owner.query(
    'select name, checksum from hourly_sql_functions order by name',
  );
  return { migrations, functions };
}

async function installedAt(): Promise<unknown> {
  const { rows } = await database.owner.query(
    `select (select array_agg(id || finished_at order by id) from _prisma_migrations) as migrations,
       (select array_agg(name || applied_at order by name) from hourly_sql_functions) as functions`,
  );
  return rows[0];
}

describe('the file, the runner and Prisma', () => {
  let prisma: PrismaEngine;
  const start = async () => {
    prisma = await startPrismaEngine(database.url);
  };
  afterEach(async () => {
    await prisma.close();
  });

  test('record the same', async () => {
    await database.owner.query(setup.text);
    const byFile = await recorded();
    const migrations = await readMigrations(`${packageFolder}prisma/migrations`);
    const functions = await readFunctions(`${packageFolder}sql`);
    expect(byFile).toMatchObject({
      migrations: migrations.map(({ name, sql }) => ({
        migration_name: name,
        checksum: createHash('sha256').update(sql).digest('hex'),
      })),
      functions: functions.map(({ name, checksum }) => ({ name, checksum })),
    });
    database = await server.createDatabase();
    await migrate({ url: database.url });
    expect(await recorded()).toEqual(byFile);
    await start();
  });

  test('the others find nothing left to do after the file', async () => {
    await database.owner.query(setup.text);
    await start();
    expect(await prisma.status()).toBeNull();
    expect(await prisma.deploy()).toEqual([]);
    expect(await migrate({ url: database.url })).toEqual({ migrations: [], functions: [] });
  });

  test('the file finds nothing left to do after the runner', async () => {
    await migrate({ url: database.url });
    await start();
    const before = [await installedAt(), await catalogueOf(database.superuser)];
    await database.owner.query(setup.text);
    expect([await installedAt(), await catalogueOf(database.superuser)]).toEqual(before);
    expect(await prisma.status()).toBeNull();
  });

  test('the file brings the functions after Prisma has brought the tables', async () => {
    await start();
    expect((await prisma.deploy()).length).toBeGreaterThan(1);
    await database.owner.query(setup.text);
    expect(await prisma.status()).toBeNull();
    expect(await migrate({ url: database.url })).toEqual({ migrations: [], functions: [] });
    const byPrismaFirst = await catalogueOf(database.superuser);
    database = await server.createDatabase();
    await database.owner.query(setup.text);
    expect(byPrismaFirst).toEqual(await catalogueOf(database.superuser));
  });

  test('the runner goes on where the file of a release with fewer functions ended', async () => {
    await database.owner.query(setup.text);
    await database.owner.query("delete from hourly_sql_functions where name like '0800%'");
    const { migrations, functions } = await migrate({ url: database.url });
    expect(migrations).toEqual([]);
    expect(functions.length).toBeGreaterThan(10);
    await start();
    expect(await prisma.status()).toBeNull();
  });
});

test('the file puts back what somebody changed by hand in a function', async () => {
  await database.owner.query(setup.text);
  const before = await catalogueOf(database.superuser);
  await database.owner.query(
    "create or replace function public.hourly_iso(p_at timestamptz) returns text language sql as 'select null::text'",
  );
  expect(await catalogueOf(database.superuser)).not.toEqual(before);
  await database.owner.query(setup.text);
  expect(await catalogueOf(database.superuser)).toEqual(before);
});

test('a migration that was changed after it had been applied is refused', async () => {
  await database.owner.query(setup.text);
  await database.owner.query(
    "update _prisma_migrations set checksum = 'another' where migration_name = '0001_init'",
  );
  const before = [await installedAt(), await catalogueOf(database.superuser)];
  await expect(database.owner.query(setup.text)).rejects.toThrow(
    /^Hourly: nothing was changed, because of 0001_init: The migration was changed after it had been applied/,
  );
  await expect(migrate({ url: database.url })).rejects.toThrow(
    'The migration 0001_init was changed after it had been applied to this database',
  );
  expect([await installedAt(), await catalogueOf(database.superuser)]).toEqual(before);
});

test('a migration that Prisma recorded as failed is refused, until it is resolved', async () => {
  await database.owner.query(setup.text);
  await database.owner.query(
    "update _prisma_migrations set finished_at = null where migration_name = '0003_ledger_seals'",
  );
  await expect(database.owner.query(setup.text)).rejects.toThrow(
    'because of 0003_ledger_seals: The migration has failed in this database before.\nRepair what it left behind',
  );
  await database.owner.query('update _prisma_migrations set finished_at = now()');
  await database.owner.query(setup.text);
});

test('a database without the right to make roles says so, and nothing is left behind', async () => {
  await database.superuser.query('create role newcomer login createdb');
  await database.superuser.query('grant create, usage on schema public to newcomer');
  const before = await catalogueOf(database.superuser);
  const client = await database.superuser.connect();
  try {
    await client.query('set role newcomer');
    await expect(client.query(setup.text)).rejects.toThrow(
      /^Hourly: nothing was changed, because of 0001_init: /,
    );
  } finally {
    client.release(true);
  }
  expect(await catalogueOf(database.superuser)).toEqual(before);
});

test('it waits for the runner, which holds the lock that Prisma takes', async () => {
  const other = await database.superuser.connect();
  try {
    await other.query('select pg_advisory_lock(72707369)');
    const installing = database.owner.query(setup.text);
    await waitUntil('the file to wait for the lock', async () => {
      const { rowCount } = await other.query(
        `select from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      );
      return rowCount === 1;
    });
    expect(await catalogueOf(database.superuser)).not.toContainEqual(
      expect.objectContaining({ name: '_prisma_migrations' }),
    );
    await other.query('select pg_advisory_unlock(72707369)');
    await installing;
  } finally {
    other.release(true);
  }
});

test('the product goes on while it runs', async () => {
  await database.owner.query(setup.text);
  const db = createDatabase({ url: database.url, role: 'hourly_app' });
  let isOver = false;
  const work = async (userId: string): Promise<number> => {
    const { accountId } = await ensureAccount(db, { userId, mode: 'test' });
    await createTopup(db, { accountId, amountCents: 10_000 });
    await startSession(db, { accountId });
    let calls = 0;
    while (!isOver) {
      await toggleSession(db, { accountId, to: calls % 2 === 0 ? 'paused' : 'active' });
      calls += 1;
    }
    return calls;
  };
  try {
    const working = Promise.all(['ada', 'grace', 'edith'].map(work));
    try {
      for (let run = 1; run <= 5; run += 1) await database.owner.query(setup.text);
    } finally {
      isOver = true;
    }
    expect(Math.min(...(await working))).toBeGreaterThan(0);
    expect(await auditAccounts(db, { limit: 10 })).toMatchObject({ accounts: 3, differences: [] });
  } finally {
    await db.close();
  }
});

test('what comes after it in the same transaction has its own settings again', async () => {
  const client = await database.owner.connect();
  try {
    await client.query("begin; set local search_path = 'nowhere'; set local lock_timeout = '7s'");
    await client.query(setup.text);
    const { rows } = await client.query(
      `select current_setting('search_path') as path, current_setting('lock_timeout') as lock,
         current_setting('client_min_messages') as messages`,
    );
    expect(rows).toEqual([{ path: 'nowhere', lock: '7s', messages: 'notice' }]);
    await client.query('rollback');
  } finally {
    client.release();
  }
  expect(await catalogueOf(database.superuser)).toHaveLength(1);
});
