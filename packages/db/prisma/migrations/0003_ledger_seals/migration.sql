-- Seals over the ledger: each one is a hash over the entries since the seal before it and over that seal's hash, so that
-- whoever keeps the newest hash elsewhere sees any change to what came before it.

-- The name of a ledger outside of this database: whose it is and how many there are is nobody's business.
alter table public.hourly_account_balance add column ledger_id uuid not null default gen_random_uuid();

-- What a seal begins with follows from the seal before it, and so does the hash that it continues: neither is stored
-- twice. Numbered without gaps, so that two sealers can never continue the same seal twice.
create table public.hourly_ledger_seals (
  account_id bigint not null,
  seal_no bigint not null,
  last_entry_no bigint not null,
  -- Real time, also of a test account.
  sealed_at timestamptz not null,
  hash bytea not null,
  constraint hourly_ledger_seals_pkey primary key (account_id, seal_no),
  constraint hourly_ledger_seals_numbers check (seal_no >= 1 and last_entry_no >= seal_no),
  constraint hourly_ledger_seals_hash check (octet_length(hash) = 32)
);

create trigger append_only before update or delete or truncate on public.hourly_ledger_seals
  for each statement execute function public.hourly_refuse_change();

-- Only the worker seals: what serves customers cannot vouch for what it wrote.
do $$
declare
  v_stranger text;
begin
  alter table public.hourly_ledger_seals enable row level security;
  revoke all on public.hourly_ledger_seals from public;
  for v_stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated')
  loop
    execute format('revoke all on public.hourly_ledger_seals from %I', v_stranger);
  end loop;
  create policy hourly_product on public.hourly_ledger_seals to hourly_app, hourly_worker
    using (true) with check (true);
  grant select on public.hourly_ledger_seals to hourly_app, hourly_worker;
  grant insert on public.hourly_ledger_seals to hourly_worker;
end
$$;
