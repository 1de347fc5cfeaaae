import { migrate } from '@hourly/db/migrate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmptyDatabase, type EmptyDatabase } from '../migrate/empty-database.ts';
import { createStrangers, strangers } from '../support/strangers.ts';

/** A database like Supabase's: whatever is created in public belongs to strangers, too, unless it is taken from them. */
let database: EmptyDatabase;
beforeAll(async () => {
  database = await createEmptyDatabase();
  // Dropping the database may break connections that are just being closed.
  database.pool.on('error', () => {});
  await createStrangers(database.pool);
  for (const things of ['tables', 'functions', 'sequences']) {
    await database.pool.query(
      `alter default privileges in schema public grant all on ${things} to ${strangers.join(', ')}`,
    );
  }
  await database.pool.query(`grant usage on schema public to ${strangers.join(', ')}`);
  await migrate({ url: database.url });
});
afterAll(() => database.drop());

test.each(strangers)('%s is left with nothing of ours', async (role) => {
  const { rows } = await database.pool.query(
    `select c.oid::regclass::text as name from pg_class c
     where relnamespace = 'public'::regnamespace and (relname like 'hourly%' or relname = 'plan_pricing')
       and case
         when relkind = 'S' then has_sequence_privilege($1, oid, 'usage, select, update')
         when relkind in ('r', 'p', 'v', 'm') then has_table_privilege(
           $1, oid, 'select, insert, update, delete, truncate, references, trigger')
       end
     union all
     select p.oid::regprocedure::text from pg_proc p
     where pronamespace = 'public'::regnamespace and has_function_privilege($1, oid, 'execute')`,
    [role],
  );
  expect(rows).toEqual([]);
});

test('the product’s roles have what they need there', async () => {
  const { rows } = await database.pool.query(
    `select p.oid::regprocedure::text from pg_proc p, unnest(array['hourly_app', 'hourly_worker']) role
     where pronamespace = 'public'::regnamespace and not has_function_privilege(role, oid, 'execute')`,
  );
  expect(rows).toEqual([]);
});
