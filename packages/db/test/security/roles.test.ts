import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer } from '../support/customer.ts';
import { matrix, type Verb, verbs } from './matrix.ts';

const insufficientPrivilege = '42501';

let db: TestDatabase;
let worker: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  worker = await createTestDatabase('hourly_worker');
  for (const database of [db, worker]) await createCustomer(database, { balanceCents: 20_000 });
});
afterAll(async () => {
  await dropWithCleanBooks(worker);
  await dropWithCleanBooks(db);
});

/** One that touches no row; the right to it is looked at all the same. */
async function statementOf(verb: Verb, table: string): Promise<string> {
  const { rows } = await db.owner.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and attidentity = '' and attgenerated = ''
       and not attisdropped
     order by attnum limit 1`,
    [table],
  );
  const column = rows[0]?.name ?? '';
  const statements: Record<Verb, string> = {
    select: `select * from ${table} limit 1`,
    insert: `insert into ${table} (${column}) select ${column} from ${table} where false`,
    update: `update ${table} set ${column} = ${column} where false`,
    delete: `delete from ${table} where false`,
    truncate: `truncate ${table}`,
  };
  return statements[verb];
}

describe('every function of ours', () => {
  test('is volatile where it writes, so that it sees what others have committed', async () => {
    const { rows } = await db.owner.query(
      `select proname from pg_proc
       where pronamespace = 'public'::regnamespace and provolatile <> 'v'
         and prosrc ~* '\\m(insert into|update public|for no key update|for update)\\M'`,
    );
    expect(rows).toEqual([]);
  });
});

describe.each([
  ['hourly_app', () => db.pool],
  ['hourly_worker', () => worker.pool],
] as ['hourly_app' | 'hourly_worker', () => pg.Pool][])('%s', (role, pool) => {
  const expectRefused = (statement: string) =>
    expect(pool().query(statement), statement).rejects.toMatchObject({
      code: insufficientPrivilege,
    });

  test('does with each table what it may, and nothing else', async () => {
    for (const [table, roles] of Object.entries(matrix)) {
      const may = roles[role].split(' ');
      for (const verb of verbs) {
        const statement = await statementOf(verb, table);
        // Rows of a view of two tables cannot be written by anybody.
        const isView = table === 'hourly_jobs.jobs' && verb !== 'select';
        if (isView) await expect(pool().query(statement), statement).rejects.toThrow();
        else if (!may.includes(verb)) await expectRefused(statement);
        else await pool().query(statement);
      }
    }
  });

  test('sees the rows', async () => {
    for (const table of ['hourly_account_balance', 'hourly_ledger_entries', 'plan_pricing']) {
      const { rows } = await pool().query(`select count(*)::int as rows from ${table}`);
      expect(rows[0].rows).toBeGreaterThan(0);
    }
  });

  test('changes no definition', async () => {
    const statements = [
      'create table mine (n int)',
      'create table public.mine (n int)',
      'create schema mine',
      `create function mine() returns int language sql as 'select 1'`,
      `create or replace function hourly_seconds(p_us bigint) returns numeric language sql as 'select 0'`,
      'alter table hourly_ledger_entries disable trigger all',
      'alter table hourly_ledger_entries disable row level security',
      'alter table hourly_ledger_entries drop constraint hourly_ledger_entries_amount',
      'drop table hourly_ledger_entries',
      'drop policy hourly_product on hourly_ledger_entries',
      'set session_replication_role = replica',
      'create role mine',
      'grant hourly_app to hourly_worker',
    ];
    for (const statement of statements) await expectRefused(statement);
  });
});

test('a table of the same name of the caller’s own disturbs nothing', async () => {
  // A temporary table would be found first by a function that trusts the caller's search path.
  const client = await db.pool.connect();
  try {
    await client.query('create temporary table plan_pricing (plan text)');
    await client.query('create temporary table hourly_account_balance (id bigint)');
    const { rows } = await client.query(
      `select get_hourly_balance(min(id)) ->> 'balanceCents' as cents from public.hourly_account_balance`,
    );
    expect(rows[0].cents).toBe('20000');
    await client.query('drop table pg_temp.plan_pricing, pg_temp.hourly_account_balance');
  } finally {
    client.release();
  }
});
