import path from 'node:path';
import { FUNCTIONS_TABLE_SQL, MIGRATIONS_TABLE_SQL } from '../src/migrate/bookkeeping.ts';
import { readFunctions } from '../src/migrate/functions.ts';
import { MIGRATION_LOCK_ID } from '../src/migrate/lock.ts';
import { readMigrations } from '../src/migrate/migrations.ts';
import type { SqlFile } from '../src/migrate/sql-file.ts';

const LOCK_LIMIT_S = 30;

/**
 * The text of HOURLY_USAGE_SETUP.sql: one statement that does what the migration runner does.
 *
 * One statement, because it is all or nothing in every client, whatever its settings: psql goes on after an error unless
 * told otherwise, and an editor in a browser knows no commands of psql. Inside of its quotes psql replaces no `:name`,
 * and each file is read only when it is executed, with the settings made here.
 *
 * @param folder with `prisma/migrations` and `sql`
 * @throws when a file contains the quotes that are put round it
 */
export async function setupSql(folder: string): Promise<string> {
  const migrations = await readMigrations(path.join(folder, 'prisma', 'migrations'));
  const functions = await readFunctions(path.join(folder, 'sql'));
  const statement = dollarQuoted('hourly_setup', program(migrations, functions));
  return `${HEADER}\ndo ${statement};\n`;
}

const HEADER = `-- Hourly: everything that it needs in a Postgres database (15 to 18, Supabase included).
--
--   psql -X -v ON_ERROR_STOP=1 -f HOURLY_USAGE_SETUP.sql "$DATABASE_URL"
--
-- or pasted into Supabase's SQL editor. Run it as a user that may create tables in the schema public, and roles. It is one
-- statement: all of it is done, or, after an error, nothing. Run it again at any time: what is installed is brought up to
-- date, what is up to date stays as it is. Other products' tables, functions and rights are left alone; a plan_pricing
-- that exists gets the columns and rows of the hourly plans.
--
-- Generated from prisma/migrations and sql; do not edit it, run: pnpm --filter @hourly/db setup-sql
`;

function program(migrations: readonly SqlFile[], functions: readonly SqlFile[]): string {
  return `
declare
  v_file text[];
  v_step text := 'preparing';
  v_checksum text;
  v_is_finished boolean;
  v_started_at timestamptz;
  v_applied text[] := '{}';
  v_detail text;
  v_hint text;
  -- In what comes after, in the same transaction, the caller's settings hold again.
  v_search_path constant text := current_setting('search_path');
  v_lock_timeout constant text := current_setting('lock_timeout');
  v_client_min_messages constant text := current_setting('client_min_messages');
  v_standard_conforming_strings constant text := current_setting('standard_conforming_strings');
  -- Name, checksum (sha256 of the file) and text, in the order in which they are applied.
  v_migrations constant text[] := array[
${migrations.map(entry).join(',\n')}
  ];
  v_functions constant text[] := array[
${functions.map(entry).join(',\n')}
  ];
begin
  perform set_config('search_path', 'public', true);
  perform set_config('lock_timeout', '${LOCK_LIMIT_S}s', true);
  perform set_config('client_min_messages', 'warning', true);
  perform set_config('standard_conforming_strings', 'on', true);

  -- The lock of Prisma's migrations and of ours.
  v_step := 'waiting for another migration of this database';
  perform pg_advisory_xact_lock(${MIGRATION_LOCK_ID});

  v_step := '_prisma_migrations';
  execute ${dollarQuoted('hourly_bookkeeping', `\n${MIGRATIONS_TABLE_SQL}`)};
  foreach v_file slice 1 in array v_migrations
  loop
    v_step := v_file[1];
    select m.checksum, m.finished_at is not null into v_checksum, v_is_finished
    from public._prisma_migrations m
    where m.migration_name = v_file[1] and m.rolled_back_at is null;
    if not found then
      v_started_at := clock_timestamp();
      execute v_file[3];
      insert into public._prisma_migrations
        (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
      values (gen_random_uuid(), v_file[2], v_file[1], v_started_at, clock_timestamp(), 1);
      v_applied := v_applied || v_file[1];
    elsif not v_is_finished then
      raise exception 'The migration has failed in this database before.'
        using hint = 'Repair what it left behind, then mark it with "prisma migrate resolve".';
    elsif v_checksum <> v_file[2] then
      raise exception 'The migration was changed after it had been applied to this database.'
        using hint = 'Use the setup file of a release, as it was published.';
    end if;
  end loop;

  v_step := 'hourly_sql_functions';
  execute ${dollarQuoted('hourly_bookkeeping', `\n${FUNCTIONS_TABLE_SQL}`)};
  foreach v_file slice 1 in array v_functions
  loop
    v_step := v_file[1];
    execute v_file[3];
  end loop;
  v_step := 'hourly_sql_functions';
  if (select jsonb_object_agg(f.name, f.checksum) from public.hourly_sql_functions f) is distinct from
    (select jsonb_object_agg(v_functions[i][1], v_functions[i][2]) from generate_subscripts(v_functions, 1) i)
  then
    delete from public.hourly_sql_functions;
    insert into public.hourly_sql_functions (name, checksum)
    select v_functions[i][1], v_functions[i][2] from generate_subscripts(v_functions, 1) i;
    v_applied := v_applied || 'functions'::text;
  end if;

  perform set_config('search_path', v_search_path, true);
  perform set_config('lock_timeout', v_lock_timeout, true);
  perform set_config('client_min_messages', v_client_min_messages, true);
  perform set_config('standard_conforming_strings', v_standard_conforming_strings, true);
  raise notice 'Hourly: %', coalesce('applied ' || nullif(array_to_string(v_applied, ', '), ''), 'up to date');
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
  raise exception using errcode = sqlstate, message = concat_ws(
    chr(10), format('Hourly: nothing was changed, because of %s: %s', v_step, sqlerrm), nullif(v_detail, ''), nullif(v_hint, '')
  );
end
`;
}

function entry({ name, checksum, sql }: SqlFile): string {
  const tag = `hourly_${name.replaceAll(/[^a-z0-9]+/g, '_')}`;
  return `array['${name}', '${checksum}', ${dollarQuoted(tag, sql)}]`;
}

function dollarQuoted(tag: string, text: string): string {
  const quote = `$${tag}$`;
  if (text.includes(quote)) throw new Error(`The text contains ${quote}:\n${text}`);
  return `${quote}${text}${quote}`;
}
