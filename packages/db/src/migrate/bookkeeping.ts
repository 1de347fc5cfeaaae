import type pg from 'pg';

/**
 * Supabase hands every new table in `public` to the data API's roles; ours tell what is installed
 * and are nobody's business.
 */
export async function lockOutStrangers(client: pg.Client, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select rolname as name from pg_roles where rolname in ('anon', 'authenticated')",
  );
  const strangers = ['public', ...rows.map(({ name }) => name)].join(', ');
  await client.query(`alter table ${table} enable row level security`);
  await client.query(`revoke all on ${table} from ${strangers}`);
}
