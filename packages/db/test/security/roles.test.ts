import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer } from '../support/customer.ts';
import { createStrangers, strangers } from '../support/strangers.ts';

const insufficientPrivilege = '42501';

let db: TestDatabase;
let worker: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  worker = await createTestDatabase('hourly_worker');
  for (const database of [db, worker]) await createCustomer(database, { balanceCents: 20_000 });
  await createStrangers(db.owner);
});
afterAll(async () => {
  await dropWithCleanBooks(worker);
  await dropWithCleanBooks(db);
});

const ours = `relnamespace = 'public'::regnamespace and (relname like 'hourly\\_%' or relname = 'plan_pricing')`;

/** Runs as a role that has nothing to do with the product. */
async function as(role: string, work: (client: pg.PoolClient) => Promise<unknown>) {
  const client = await db.owner.connect();
  try {
    await client.query(`set role ${role}`);
    await work(client);
  } finally {
    await client.query('reset role');
    client.release();
  }
}

async function tables(): Promise<string[]> {
  const { rows } = await db.owner.query<{ name: string }>(
    `select relname as name from pg_class where ${ours} and relkind in ('r', 'p') order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function functions(): Promise<{ name: string; args: number }[]> {
  const { rows } = await db.owner.query<{ name: string; args: number }>(
    `select proname as name, pronargs::int as args from pg_proc
     where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype order by 1`,
  );
  return rows;
}

describe('every table of ours', () => {
  test('has row level security, with policies for the product’s roles alone', async () => {
    const { rows } = await db.owner.query(
      `select relname as name, relrowsecurity as secured,
         array(select distinct r.rolname::text from pg_policy p
           left join unnest(p.polroles) o on true left join pg_roles r on r.oid = o
           where p.polrelid = c.oid order by 1) as roles
       from pg_class c where ${ours} and relkind in ('r', 'p')`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(15);
    for (const row of rows) {
      expect(row).toEqual({
        name: row.name,
        secured: true,
        roles: ['hourly_app', 'hourly_worker'],
      });
    }
  });

  test('is owned by somebody else than the product’s roles, which are no superusers', async () => {
    const { rows } = await db.owner.query(
      `select relname from pg_class where ${ours} and relowner::regrole::text like 'hourly%'`,
    );
    expect(rows).toEqual([]);
    const roles = await db.owner.query(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
       where rolname in ('hourly_app', 'hourly_worker')`,
    );
    const none = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(roles.rows).toEqual([none, none]);
  });
});

describe('every function of ours', () => {
  test('runs with its caller’s rights and a fixed search path', async () => {
    const { rows } = await db.owner.query(
      `select p.oid::regprocedure::text as name from pg_proc p
       where pronamespace = 'public'::regnamespace
         and (prosecdef or proconfig is distinct from array['search_path=""'])`,
    );
    expect(rows).toEqual([]);
    expect((await functions()).length).toBeGreaterThan(40);
  });

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
] as [string, () => pg.Pool][])('%s', (role, pool) => {
  const expectRefused = (statement: string) =>
    expect(pool().query(statement), statement).rejects.toMatchObject({
      code: insufficientPrivilege,
    });

  test('reads every table, its rows too', async () => {
    for (const table of await tables()) await pool().query(`select * from ${table} limit 1`);
    for (const table of ['hourly_account_balance', 'hourly_ledger_entries', 'plan_pricing']) {
      const { rows } = await pool().query(`select count(*)::int as rows from ${table}`);
      expect(rows[0].rows).toBeGreaterThan(0);
    }
  });

  test('deletes and truncates nowhere', async () => {
    for (const table of await tables()) {
      await expectRefused(`delete from ${table}`);
      await expectRefused(`truncate ${table}`);
    }
  });

  test('updates only what has a state', async () => {
    const { rows } = await db.owner.query<{ name: string }>(
      `select relname as name from pg_class where ${ours} and relkind in ('r', 'p')
         and has_table_privilege($1, oid, 'update') order by 1`,
      [role],
    );
    const written = rows.map(({ name }) => name);
    for (const table of await tables()) {
      if (/_(ledger_entries|events|requests|outputs|functions|system_accounts)$/.test(table)) {
        if (table !== 'hourly_webhook_events') expect(written).not.toContain(table);
      }
    }
    expect(written).not.toContain('plan_pricing');
    await expectRefused('update plan_pricing set rate_cents = 1');
    await expectRefused('update hourly_requests set key = key');
    await expectRefused('update hourly_generation_outputs set width = 1');
    await expectRefused(`insert into hourly_system_accounts values (9, 'mine')`);
    await expectRefused(`insert into plan_pricing (plan) values ('hourly_free')`);
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
    ];
    for (const statement of statements) await expectRefused(statement);
    if (role === 'hourly_app') await expectRefused('grant hourly_app to anon');
  });

  test('may call every function', async () => {
    const { rows } = await db.owner.query(
      `select oid::regprocedure::text as name from pg_proc
       where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype
         and not has_function_privilege($1, oid, 'execute')`,
      [role],
    );
    expect(rows).toEqual([]);
  });
});

describe.each(strangers)('%s, who reaches the database through a data API', (role) => {
  test('reads and writes no table of ours', async () => {
    const names = await tables();
    await as(role, async (client) => {
      for (const table of names) {
        for (const statement of [
          `select from ${table}`,
          `insert into ${table} default values`,
          `delete from ${table}`,
          `truncate ${table}`,
        ]) {
          await expect(client.query(statement), statement).rejects.toMatchObject({
            code: insufficientPrivilege,
          });
        }
      }
    });
  });

  test('calls no function of ours', async () => {
    const all = await functions();
    await as(role, async (client) => {
      for (const { name, args } of all) {
        const statement = `select ${name}(${Array(args).fill('null').join(', ')})`;
        await expect(client.query(statement), statement).rejects.toMatchObject({
          code: insufficientPrivilege,
        });
      }
    });
  });

  test('owns a table of the same name without disturbing ours', async () => {
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
});
