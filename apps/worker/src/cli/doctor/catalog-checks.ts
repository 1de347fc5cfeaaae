import type { Database } from '@hourly/db';
import { type Check, expectNone } from './check.ts';

const insufficientPrivilege = '42501';

const ourTables = `c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and (c.relname like 'hourly\\_%' or c.relname = 'plan_pricing')`;
const ourFunctions = `p.pronamespace = 'public'::regnamespace and p.proname ~ '(^|_)hourly_'`;
const strangers = "('anon', 'authenticated')";

export const catalogChecks: readonly Check[] = [
  {
    name: 'roles',
    async look(cli) {
      const { rows } = await cli.db().pool.query<{ role: string; current: boolean; wrong: string }>(
        `select r.rolname as role, r.rolname = current_user as current,
                concat_ws(' and ',
                  case when r.rolsuper then 'is a superuser' end,
                  case when r.rolbypassrls then 'bypasses row level security' end,
                  case when exists (select from pg_class c where ${ourTables} and c.relowner = r.oid)
                       then 'owns tables' end) as wrong
           from pg_roles r where r.rolname in ('hourly_app', 'hourly_worker')`,
      );
      if (rows.length < 2)
        throw new Error('the roles hourly_app and hourly_worker are not both there');
      if (!rows.some(({ current }) => current))
        throw new Error('this connection acts as neither role');
      const wrong = rows.flatMap((row) => (row.wrong === '' ? [] : `${row.role} ${row.wrong}`));
      expectNone(wrong, 'too powerful');
      return { detail: 'hourly_app and hourly_worker own nothing and bypass nothing' };
    },
  },
  {
    name: 'tables',
    async look(cli) {
      const open = await names(
        cli.db(),
        `select c.relname as name from pg_class c where ${ourTables} and not c.relrowsecurity`,
      );
      expectNone(open, 'without row level security');
      const granted = await names(
        cli.db(),
        `select distinct c.relname as name from pg_class c
           cross join lateral aclexplode(c.relacl) as a
           left join pg_roles r on r.oid = a.grantee
          where ${ourTables} and c.relname <> 'plan_pricing'
            and (a.grantee = 0 or r.rolname in ${strangers})`,
      );
      expectNone(granted, 'reachable by strangers');
      return { detail: 'row level security is on, strangers are locked out' };
    },
  },
  {
    name: 'functions',
    async look(cli) {
      const granted = await names(
        cli.db(),
        `select distinct p.proname as name from pg_proc p
           cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
           left join pg_roles r on r.oid = a.grantee
          where ${ourFunctions} and (a.grantee = 0 or r.rolname in ${strangers})`,
      );
      expectNone(granted, 'callable by strangers');
      const loose = await names(
        cli.db(),
        `select p.proname as name from pg_proc p
          where ${ourFunctions} and p.prolang not in (select oid from pg_language where lanname = 'sql')
            and not exists (select from unnest(p.proconfig) as setting where setting like 'search_path=%')`,
      );
      expectNone(loose, 'without a fixed search_path');
      return { detail: 'callable by the product alone, with a fixed search_path' };
    },
  },
  {
    name: 'ledger',
    async look(cli) {
      const { rows } = await cli.db().pool.query<{ guarded: boolean }>(
        `select count(*) filter (
                  where t.tgname = 'append_only' and t.tgenabled in ('O', 'A')
                ) = 3 as guarded
           from pg_trigger t
          where t.tgrelid in ('public.hourly_ledger_entries'::regclass, 'public.hourly_events'::regclass,
                              'public.hourly_ledger_seals'::regclass)`,
      );
      if (rows[0]?.guarded !== true) throw new Error('its trigger append_only is missing or off');
      await expectUpdateRefused(cli.db());
      return { detail: 'refuses to be changed' };
    },
  },
];

async function names(db: Database, sql: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ name: string }>(sql);
  return rows.map(({ name }) => name);
}

/** Tries it on no row at all: a refusal comes before rows are looked for. */
async function expectUpdateRefused(db: Database): Promise<void> {
  try {
    await db.pool.query('update hourly_ledger_entries set amount_cents = amount_cents where false');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === insufficientPrivilege) return;
    throw error;
  }
  throw new Error('it let itself be updated');
}
