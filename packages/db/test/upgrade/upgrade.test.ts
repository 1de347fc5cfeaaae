import fs from 'node:fs';
import { auditAccounts, endSession, getBalance, settleSessions, startSession } from '@hourly/db';
import { migrate } from '@hourly/db/migrate';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { catalogueOf } from '../setup/catalogue.ts';
import { pgDump, programs } from '../setup/programs.ts';
import { type OwnedDatabase, type Server, startServer } from '../setup/server.ts';
import { packageFolder, writeSetupFile } from '../setup/setup-file.ts';

const releases = fs
  .readdirSync(`${packageFolder}releases`)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => name.replace(/\.sql$/, ''));

const setup = await writeSetupFile();
const ways: Record<string, (database: OwnedDatabase) => Promise<unknown>> = {
  'the runner': ({ url }) => migrate({ url }),
  'the setup file': ({ owner }) => owner.query(setup.text),
};

const cleanBooks = { accounts: 2, differences: [], nextAccountId: null };

let server: Server;
let expected: unknown;
beforeAll(async () => {
  server = await startServer();
  const fresh = await server.createDatabase();
  await migrate({ url: fresh.url });
  expected = await definitionsOf(fresh);
});
afterAll(async () => {
  await server.stop();
  setup.remove();
});

/** By two witnesses, where both can speak: one of ours, and Postgres's own. */
async function definitionsOf({ superuser, superuserUrl }: OwnedDatabase): Promise<unknown> {
  const dump = programs === undefined ? '' : await pgDump(superuserUrl, ['--schema-only']);
  return { catalogue: await catalogueOf(superuser), dump };
}

async function install(release: string): Promise<OwnedDatabase> {
  const database = await server.createDatabase();
  await database.owner.query(fs.readFileSync(`${packageFolder}releases/${release}.sql`, 'utf8'));
  const history = new URL(`history/${release}.sql`, import.meta.url);
  await database.owner.query(fs.readFileSync(history, 'utf8'));
  return database;
}

describe.each(releases)('from %s', (release) => {
  describe.each(Object.entries(ways))('by %s', (_way, upgrade) => {
    let database: OwnedDatabase;
    let before: Map<string, Row[]>;
    beforeAll(async () => {
      database = await install(release);
      before = await rowsOf(database.superuser);
      await upgrade(database);
    });

    test('everything is defined as in a new installation', async () => {
      expect(await definitionsOf(database)).toEqual(expected);
    });

    test('what was there is there, unchanged', async () => {
      const after = await rowsOf(database.superuser);
      for (const [table, rows] of before) {
        const now = after.get(table) ?? [];
        const columns = Object.keys(now[0] ?? {});
        const known = (row: Row) =>
          Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)));
        expect([table, now]).toEqual([
          table,
          expect.arrayContaining(rows.map((row) => expect.objectContaining(known(row)))),
        ]);
      }
      expect(before.get('hourly_ledger_entries')?.length).toBeGreaterThan(5);
    });

    test('the books are clean, and the sessions of then go on', async () => {
      const db = createDatabase({ url: database.url, role: 'hourly_worker' });
      try {
        expect(await auditAccounts(db, { limit: 100 })).toMatchObject(cleanBooks);
        await settleSessions(db, { limit: 100 });
        const { ada, grace } = await accountsOf(database.superuser);
        // Two hours of the session that had ended, and the three that the running one was limited to.
        expect(await getBalance(db, { accountId: ada })).toMatchObject({
          balanceCents: 20_000 - 5 * 1500,
        });
        await startSession(db, { accountId: ada });
        expect(await endSession(db, { accountId: ada })).toMatchObject({ costCents: 1500 });
        // Idle for half an hour, it paused in the first of them.
        expect(await endSession(db, { accountId: grace })).toMatchObject({ costCents: 1500 });
        expect(await auditAccounts(db, { limit: 100 })).toMatchObject(cleanBooks);
      } finally {
        await db.close();
      }
    });
  });

  test('something left behind, like a function with parameters of then, would be noticed', async () => {
    const database = await install(release);
    await database.owner.query(
      'create function public.hourly_now(integer) returns integer language sql as $$ select 1 $$',
    );
    await migrate({ url: database.url });
    expect(await definitionsOf(database)).not.toEqual(expected);
  });
});

test('there is a history of each release', () => {
  expect(releases).toContain('0.1.0');
  const histories = fs.readdirSync(new URL('history', import.meta.url));
  expect(histories.sort()).toEqual(releases.map((release) => `${release}.sql`).sort());
});

type Row = Record<string, unknown>;

/** Everything that is stored in a table of ours. */
async function rowsOf(pool: pg.Pool): Promise<Map<string, Row[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'hourly_sql_functions'`,
  );
  const rows = new Map<string, Row[]>();
  for (const { name } of tables) {
    const { rows: found } = await pool.query<{ row: Row }>(
      `select to_jsonb(t) as row from public.${name} t`,
    );
    if (found.length > 0)
      rows.set(
        name,
        found.map(({ row }) => row),
      );
  }
  return rows;
}

async function accountsOf(pool: pg.Pool): Promise<{ ada: string; grace: string }> {
  const { rows } = await pool.query<{ user_id: string; id: string }>(
    'select user_id, id::text as id from public.hourly_account_balance',
  );
  const idOf = (user: string) => rows.find(({ user_id }) => user_id === user)?.id ?? '';
  return { ada: idOf('ada'), grace: idOf('grace') };
}
