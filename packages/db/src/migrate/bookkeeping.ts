/** Column for column what Prisma's schema engine creates. */
export const MIGRATIONS_TABLE_SQL = `create table if not exists public._prisma_migrations (
  id                  varchar(36) primary key not null,
  checksum            varchar(64) not null,
  finished_at         timestamptz,
  migration_name      varchar(255) not null,
  logs                text,
  rolled_back_at      timestamptz,
  started_at          timestamptz not null default now(),
  applied_steps_count integer not null default 0
);
${lockOutStrangers('public._prisma_migrations')}`;

/** The same as in the first migration, which other ways of applying it begin with. */
export const FUNCTIONS_TABLE_SQL = `create table if not exists public.hourly_sql_functions (
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  constraint hourly_sql_functions_pkey primary key (name)
);
${lockOutStrangers('public.hourly_sql_functions')}`;

/**
 * Supabase hands every new table in `public` to the roles of its data API; ours tell what is installed and are nobody's
 * business.
 */
function lockOutStrangers(table: string): string {
  return `alter table ${table} enable row level security;
do $$
declare
  v_stranger text;
begin
  revoke all on ${table} from public;
  for v_stranger in
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute format('revoke all on ${table} from %I', v_stranger);
  end loop;
end
$$;
`;
}
