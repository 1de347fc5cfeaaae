import { migrate } from '@hourly/db/migrate';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnedDatabase, type Server, startServer, strangers } from '../setup/server.ts';
import { type Catalog, catalogOf, privilegesOf } from './catalog.ts';
import { appendOnly, matrix, verbs } from './matrix.ts';

/**
 * A database like Supabase's: its owner is no superuser, and whatever is created in public is handed to the roles of the
 * data API. `passer_by` is somebody who can sign in and was given nothing.
 */
let server: Server;
let database: OwnedDatabase;
let catalog: Catalog;
const everybodyElse = [...strangers, 'passer_by'];
const productRoles = ['hourly_app', 'hourly_worker'] as const;
const insufficientPrivilege = '42501';
const restrictViolation = '23001';

beforeAll(async () => {
  server = await startServer();
  database = await server.createDatabase();
  await migrate({ url: database.url });
  await database.superuser.query("create role passer_by login password 'passer_by'");
  catalog = await catalogOf(database.superuser);
});
afterAll(() => server?.stop());

/** The SQLSTATE with which Postgres refuses; null when it does not. */
const codeOf = (tried: Promise<unknown>): Promise<string | null> =>
  tried.then(
    () => null,
    (error: { code?: string }) => error.code ?? String(error),
  );

const rowsOf = async (sql: string, values: unknown[] = []) =>
  (await database.superuser.query(sql, values)).rows;

describe('the product’s roles', () => {
  test.each(productRoles)('%s has the rights of the table, and no others', async (role) => {
    const found: Record<string, string> = {};
    for (const { name, oid } of catalog.tables) {
      const privileges = [...verbs, 'references', 'trigger'];
      const has = await privilegesOf(database.superuser, { role, kind: 'table', oid, privileges });
      found[name] = has.join(' ');
    }
    const expected = Object.entries(matrix).map(([name, roles]) => [name, roles[role]]);
    expect(found).toEqual(Object.fromEntries(expected));
  });

  test('have no rights to single columns beside these', async () => {
    const granted = await rowsOf(
      'select attrelid::regclass::text as name, attname from pg_attribute where attacl is not null and attrelid > 16383',
    );
    expect(granted).toEqual([]);
  });

  test.each(productRoles)('%s calls every function, and sets no sequence', async (role) => {
    for (const { name, oid } of catalog.functions) {
      const asked = { role, kind: 'function', oid, privileges: ['execute'] } as const;
      expect(await privilegesOf(database.superuser, asked), name).toEqual(['execute']);
    }
    for (const { name, oid } of catalog.sequences) {
      const asked = { role, kind: 'sequence', oid, privileges: ['update'] } as const;
      expect(await privilegesOf(database.superuser, asked), name).toEqual([]);
    }
  });

  test.each(productRoles)('%s creates nothing', async (role) => {
    for (const { name, oid } of catalog.schemas) {
      const asked = { role, kind: 'schema', oid, privileges: ['usage', 'create'] } as const;
      expect(await privilegesOf(database.superuser, asked), name).toEqual(['usage']);
    }
  });

  test('are nobody else: no owners, no members of anything, no powers', async () => {
    const powers = await rowsOf(
      `select rolname, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication as powerful
       from pg_roles where rolname like 'hourly%' order by 1`,
    );
    expect(powers).toEqual(productRoles.map((rolname) => ({ rolname, powerful: false })));
    const owned = await rowsOf(
      `select classid::regclass::text, objid from pg_shdepend
       where refclassid = 'pg_authid'::regclass and deptype = 'o' and refobjid::regrole::text like 'hourly%'`,
    );
    expect(owned).toEqual([]);
    const groups = await rowsOf(
      `select roleid::regrole::text as of, member::regrole::text as member from pg_auth_members
       where member::regrole::text like 'hourly%' or roleid::regrole::text like 'hourly%'
         and member::regrole::text <> 'operator'`,
    );
    expect(groups).toEqual([]);
  });
});

describe.each(everybodyElse)('%s', (role) => {
  test('has no right to anything of ours', async () => {
    const kinds = {
      table: [...verbs, 'references', 'trigger'],
      sequence: ['usage', 'select', 'update'],
      function: ['execute'],
    } as const;
    const found: string[] = [];
    for (const [kind, privileges] of Object.entries(kinds)) {
      for (const { name, oid } of catalog[`${kind as keyof typeof kinds}s`]) {
        const asked = { role, kind: kind as keyof typeof kinds, oid, privileges };
        const has = await privilegesOf(database.superuser, asked);
        if (has.length > 0) found.push(`${kind} ${name}: ${has.join(', ')}`);
      }
    }
    expect(found).toEqual([]);
  });

  test('is refused when it tries', async () => {
    const client = await database.superuser.connect();
    const expectRefused = async (statement: string) =>
      expect(await codeOf(client.query(statement)), statement).toBe(insufficientPrivilege);
    try {
      await client.query(`set role ${role}`);
      for (const { name } of catalog.tables) {
        await expectRefused(`select from ${name}`);
        await expectRefused(`insert into ${name} default values`);
        await expectRefused(`delete from ${name}`);
        await expectRefused(`truncate ${name}`);
      }
      for (const { name } of catalog.sequences) {
        await expectRefused(`select nextval('${name}')`);
        await expectRefused(`select setval('${name}', 1)`);
        await expectRefused(`select last_value from ${name}`);
      }
      await expectRefused('create table public.mine (n int)');
    } finally {
      await client.query('reset role');
      client.release();
    }
  });

  test('sees and writes no row even where somebody grants it the tables', async () => {
    // Of one who goes round row level security, rights are all there is.
    const [{ rolbypassrls }] = await rowsOf(
      'select rolbypassrls from pg_roles where rolname = $1',
      [role],
    );
    if (rolbypassrls) return;
    const client = await database.superuser.connect();
    try {
      await client.query('begin');
      for (const { name } of catalog.tables) await client.query(`grant all on ${name} to ${role}`);
      for (const { name } of catalog.schemas) {
        await client.query(`grant usage on schema ${name} to ${role}`);
      }
      await client.query(`set local role ${role}`);
      for (const { name } of catalog.tables) {
        const { rows } = await client.query(`select count(*)::int as visible from ${name}`);
        expect(rows, name).toEqual([{ visible: 0 }]);
      }
      await client.query('savepoint here');
      const insert = "insert into plan_pricing (plan) values ('hourly_free')";
      expect(await codeOf(client.query(insert))).toBe(insufficientPrivilege);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

test('who signs in and was given nothing can still sign in, and is refused by name', async () => {
  const url = new URL(database.url);
  url.username = 'passer_by';
  url.password = 'passer_by';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    for (const statement of [
      'select * from plan_pricing',
      'select get_hourly_plan()',
      'select authenticate_hourly_api_key(null)',
      'select * from hourly_api_keys',
      'set role hourly_app',
      'create schema mine',
      'create table mine (n int)',
    ]) {
      expect(await codeOf(client.query(statement)), statement).toBe(insufficientPrivilege);
    }
  } finally {
    await client.end();
  }
});

describe('every table of ours', () => {
  test('has row level security, with policies for the product’s roles alone', async () => {
    const rows = await rowsOf(
      // A view has no rows of its own, and nobody has a right to one.
      `select format('%s.%s', relnamespace::regnamespace, relname) as name, relrowsecurity as secured,
         coalesce((select string_agg(distinct roles, ' ') from (
           select (select string_agg(coalesce(r.rolname, 'PUBLIC'), ' ' order by r.rolname)
             from unnest(polroles) o left join pg_roles r on r.oid = o) as roles
           from pg_policy where polrelid = c.oid) p), '') as roles
       from pg_class c where c.oid = any ($1) and relkind <> 'v'`,
      [catalog.tables.map(({ oid }) => oid)],
    );
    expect(rows.length).toBeGreaterThanOrEqual(25);
    for (const { name, secured, roles } of rows) {
      const isForNobody = name === 'public._prisma_migrations';
      const expected = isForNobody ? '' : productRoles.join(' ');
      expect({ name, secured, roles }).toEqual({ name, secured: true, roles: expected });
    }
  });

  test('is append-only by a trigger where nothing may ever change', async () => {
    const rows = await rowsOf(
      `select format('%s.%s', relnamespace::regnamespace, relname) as name
       from pg_trigger t join pg_class c on c.oid = tgrelid
       where tgfoid = 'public.hourly_refuse_change'::regproc and tgenabled in ('O', 'A')
         -- Before each statement that updates, deletes or truncates, and for every row and column.
         and tgtype = 2 + 8 + 16 + 32 and tgattr = '' and tgqual is null
       order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([...appendOnly]);
    for (const name of appendOnly) {
      for (const pool of [database.owner, database.superuser]) {
        for (const statement of [`delete from ${name}`, `truncate ${name}`]) {
          expect(await codeOf(pool.query(statement)), statement).toBe(restrictViolation);
        }
      }
    }
  });
});

describe('every function of ours', () => {
  test('runs with its caller’s rights and a fixed search path', async () => {
    const rows = await rowsOf(
      `select p.oid::regprocedure::text as name from pg_proc p
       where p.oid = any ($1) and (
         prosecdef
         -- Those of the jobs are as their package ships them: they name the schema of everything.
         or (proconfig is distinct from array['search_path=""'] and pronamespace <> 'hourly_jobs'::regnamespace)
       )`,
      [catalog.functions.map(({ oid }) => oid)],
    );
    expect(rows).toEqual([]);
    expect(catalog.functions.length).toBeGreaterThan(40);
  });

  test('takes types without rights: the name of a row opens nothing', async () => {
    const rows = await rowsOf('select distinct typtype from pg_type where oid = any ($1)', [
      catalog.types.map(({ oid }) => oid),
    ]);
    expect(rows).toEqual([{ typtype: 'c' }]);
  });

  test('is written in SQL or PL/pgSQL, which can do no more than their caller', async () => {
    const rows = await rowsOf(
      `select p.oid::regprocedure::text as name from pg_proc p join pg_language l on l.oid = prolang
       where p.oid = any ($1) and lanname not in ('sql', 'plpgsql')`,
      [catalog.functions.map(({ oid }) => oid)],
    );
    expect(rows).toEqual([]);
  });
});
