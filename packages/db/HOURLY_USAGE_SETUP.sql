-- Hourly: everything that it needs in a Postgres database (15 to 18, Supabase included).
--
--   psql -X -v ON_ERROR_STOP=1 -f HOURLY_USAGE_SETUP.sql "$DATABASE_URL"
--
-- or pasted into Supabase's SQL editor. Run it as a user that may create tables in the schema public, and roles. It is one
-- statement: all of it is done, or, after an error, nothing. Run it again at any time: what is installed is brought up to
-- date, what is up to date stays as it is. Other products' tables, functions and rights are left alone; a plan_pricing
-- that exists gets the columns and rows of the hourly plans.
--
-- Generated from prisma/migrations and sql; do not edit it, run: pnpm --filter @hourly/db setup-sql

do $hourly_setup$
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
array['0000_older_plan_pricing', '82610da5cebed33703ce292f55bad4d38c240978ef34ef3d936343411a4744a0', $hourly_0000_older_plan_pricing$-- A plan_pricing that stands here already gets what 0001 would not give it. It may know the hourly plan by name, without
-- our columns: then they are filled. Or it insists on columns that we know nothing of: then the plan is written now, with a
-- neutral value in each of them, and 0001 finds it.
do $$
declare
  v_columns text;
  v_values text;
  v_unknown text;
begin
  if to_regclass('public.plan_pricing') is null then
    return;
  end if;
  alter table public.plan_pricing
    add column if not exists rate_cents integer,
    add column if not exists session_minimum_hours integer,
    add column if not exists commitment_hours integer,
    add column if not exists minimum_topup_cents integer,
    add column if not exists maximum_topup_cents integer,
    add column if not exists topup_tiers_cents integer[],
    add column if not exists minimum_start_balance_cents integer,
    add column if not exists inr_per_usd integer;

  update public.plan_pricing
  set rate_cents = coalesce(rate_cents, 1500),
    session_minimum_hours = coalesce(session_minimum_hours, 1),
    commitment_hours = coalesce(commitment_hours, 6),
    minimum_topup_cents = coalesce(minimum_topup_cents, 10000),
    maximum_topup_cents = coalesce(maximum_topup_cents, 1000000),
    topup_tiers_cents = coalesce(topup_tiers_cents, '{10000,20000,50000}'),
    minimum_start_balance_cents = coalesce(minimum_start_balance_cents, 1500),
    inr_per_usd = coalesce(inr_per_usd, 83)
  where plan = 'hourly_standard'
    and num_nulls(rate_cents, session_minimum_hours, commitment_hours, minimum_topup_cents, maximum_topup_cents,
                  topup_tiers_cents, minimum_start_balance_cents, inr_per_usd) > 0;
  if exists (select from public.plan_pricing where plan = 'hourly_standard') then
    return;
  end if;

  select string_agg(quote_ident(required.name), ', ' order by required.attnum),
    string_agg(format('cast(%s as %s)', required.value, required.type), ', ' order by required.attnum),
    min(required.name) filter (where required.value is null)
  into v_columns, v_values, v_unknown
  from (
    select a.attnum, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      case t.typcategory
        when 'N' then '0'
        when 'B' then 'false'
        when 'S' then quote_literal('hourly_standard')
        when 'D' then 'now()'
        when 'T' then quote_literal('0')
        when 'A' then quote_literal('{}')
        when 'E' then (select quote_literal(e.enumlabel) from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder limit 1)
        else case coalesce(nullif(t.typbasetype, 0), t.oid)
          when 'uuid'::regtype then 'gen_random_uuid()'
          when 'json'::regtype then quote_literal('{}')
          when 'jsonb'::regtype then quote_literal('{}')
        end
      end as value
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    where a.attrelid = 'public.plan_pricing'::regclass and a.attnum > 0 and not a.attisdropped
      and a.attnotnull and not a.atthasdef and a.attidentity = ''
      and a.attname not in (
        'plan', 'rate_cents', 'session_minimum_hours', 'commitment_hours', 'minimum_topup_cents', 'maximum_topup_cents',
        'topup_tiers_cents', 'minimum_start_balance_cents', 'inr_per_usd'
      )
  ) as required;

  if v_columns is null then
    return;
  end if;
  if v_unknown is not null then
    raise exception 'plan_pricing.% must not be null, and no neutral value of its type is known', v_unknown
      using hint = 'Give the column a default, then try again.';
  end if;

  execute format(
    'insert into public.plan_pricing
       (plan, rate_cents, session_minimum_hours, commitment_hours, minimum_topup_cents, maximum_topup_cents,
        topup_tiers_cents, minimum_start_balance_cents, inr_per_usd, %s)
     values (''hourly_standard'', 1500, 1, 6, 10000, 1000000, ''{10000,20000,50000}'', 1500, 83, %s)',
    v_columns, v_values
  );
end
$$;
$hourly_0000_older_plan_pricing$],
array['0001_init', '6252adaf45047fdcc7c7676e0f58fb2a8d1178955ea7222c015112e4926fc20e', $hourly_0001_init$-- Everything of ours begins with hourly_ except plan_pricing, which may exist already beside other products.

-- Roles of the product. None owns a table, none is a superuser; operators give them a login where they need one.
do $$
begin
  if not exists (select from pg_roles where rolname = 'hourly_app') then
    create role hourly_app nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'hourly_worker') then
    create role hourly_worker nologin;
  end if;
  execute format('grant hourly_app, hourly_worker to %I', current_user);
end
$$;

-- Where plan_pricing exists already it gets the missing columns and the plan; its other rows, its policies and its
-- settings stay as they are.
do $$
declare
  v_is_new constant boolean := to_regclass('public.plan_pricing') is null;
  v_stranger text;
begin
  create table if not exists public.plan_pricing (
    plan text not null,
    constraint plan_pricing_pkey primary key (plan)
  );
  alter table public.plan_pricing
    add column if not exists rate_cents integer,
    add column if not exists session_minimum_hours integer,
    add column if not exists commitment_hours integer,
    add column if not exists minimum_topup_cents integer,
    add column if not exists maximum_topup_cents integer,
    add column if not exists topup_tiers_cents integer[],
    add column if not exists minimum_start_balance_cents integer,
    add column if not exists inr_per_usd integer;
  if v_is_new then
    alter table public.plan_pricing add constraint plan_pricing_positive check (
      rate_cents > 0 and session_minimum_hours >= 1 and commitment_hours >= 0
      and minimum_topup_cents > 0 and maximum_topup_cents >= minimum_topup_cents
      and minimum_start_balance_cents >= 0 and inr_per_usd > 0
    );
    alter table public.plan_pricing enable row level security;
    revoke all on public.plan_pricing from public;
    for v_stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated')
    loop
      execute format('revoke all on public.plan_pricing from %I', v_stranger);
    end loop;
  end if;
  create policy hourly_product on public.plan_pricing for select to hourly_app, hourly_worker using (true);
  grant select on public.plan_pricing to hourly_app, hourly_worker;

  insert into public.plan_pricing
    (plan, rate_cents, session_minimum_hours, commitment_hours, minimum_topup_cents, maximum_topup_cents,
     topup_tiers_cents, minimum_start_balance_cents, inr_per_usd)
  select 'hourly_standard', 1500, 1, 6, 10000, 1000000, '{10000,20000,50000}', 1500, 83
  where not exists (select from public.plan_pricing where plan = 'hourly_standard');
end
$$;

-- Accounts of the house: where customers' money comes from and goes to. No balance is stored here, since every charge
-- of every customer would meet at that one row; the ledger's sums tell it.
create table public.hourly_system_accounts (
  id bigint not null,
  name text not null,
  constraint hourly_system_accounts_pkey primary key (id),
  constraint hourly_system_accounts_id_range check (id between 1 and 1000)
);

insert into public.hourly_system_accounts (id, name)
values (1, 'revenue'), (2, 'payments'), (3, 'promotions'), (4, 'adjustments'), (5, 'disputes');

-- One row per customer and mode: the balance, the mutex of everything of that account, and the clock of its open
-- session, so that charging an hour locks and writes one row beside the ledger.
create table public.hourly_account_balance (
  id bigint generated by default as identity (start with 1001) not null,
  user_id text not null,
  mode text not null,
  balance_cents bigint not null default 0,
  -- Sums over the ledger since the beginning.
  paid_in_cents bigint not null default 0,
  refunded_cents bigint not null default 0,
  charged_cents bigint not null default 0,
  charged_hours bigint not null default 0,
  -- The commitment as it was agreed with the first top-up.
  commitment_hours integer,
  commitment_cents bigint,
  -- The last number given out in each of the account's sequences.
  entry_no bigint not null default 0,
  event_no bigint not null default 0,
  session_no bigint not null default 0,
  topup_no bigint not null default 0,
  generation_no bigint not null default 0,
  key_no bigint not null default 0,
  -- A test account's frozen clock.
  clock_at timestamptz,
  -- The instant of the row's last change. No call acts before it.
  as_of timestamptz not null,
  created_at timestamptz not null,
  -- The open session. paid_until while active: where the charged hours run out; unused_us while paused: what is left.
  session_id uuid,
  rate_cents integer,
  hours_charged integer,
  paid_until timestamptz,
  unused_us bigint,
  generation_count integer,
  max_hours integer,
  hour_end text,
  auto_pause_minutes integer,
  idle_from timestamptz,
  busy_until timestamptz,
  -- The first instant at which settling would do something; a trigger keeps it.
  due_at timestamptz,
  constraint hourly_account_balance_pkey primary key (id),
  constraint hourly_account_balance_id_range check (id > 1000),
  constraint hourly_account_balance_mode check (mode in ('live', 'test')),
  constraint hourly_account_balance_clock check ((mode = 'test') = (clock_at is not null)),
  constraint hourly_account_balance_session check (
    case when session_id is null
      then num_nonnulls(rate_cents, hours_charged, paid_until, unused_us, generation_count, max_hours,
                        hour_end, auto_pause_minutes, idle_from, busy_until) = 0
      else num_nonnulls(rate_cents, hours_charged, generation_count, hour_end, idle_from) = 5
        and num_nonnulls(paid_until, unused_us) = 1
        and rate_cents > 0 and hours_charged >= 0 and unused_us >= 0
        and hour_end in ('continue', 'pause')
    end
  )
) with (fillfactor = 80);

create unique index hourly_account_balance_user_id_mode_key on public.hourly_account_balance (user_id, mode);
create index hourly_account_balance_due on public.hourly_account_balance (due_at) where due_at is not null and mode = 'live';

-- What one session agreed to and, once it is over, what it came to. While it is open its clock runs on the account.
create table public.hourly_usage_sessions (
  id uuid not null default gen_random_uuid(),
  account_id bigint not null,
  session_no bigint not null,
  plan text not null,
  rate_cents integer not null,
  session_minimum_hours integer not null,
  status text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  pause_reason text,
  max_hours integer,
  hour_end text not null,
  auto_pause_minutes integer,
  hours_charged integer,
  active_us bigint,
  generation_count integer,
  constraint hourly_usage_sessions_pkey primary key (id),
  constraint hourly_usage_sessions_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade,
  constraint hourly_usage_sessions_status check (status in ('active', 'paused', 'ended')),
  constraint hourly_usage_sessions_end_reason check (
    end_reason in ('user', 'insufficient_balance', 'max_hours', 'operator')
  ),
  constraint hourly_usage_sessions_pause_reason check (
    (status = 'paused') = (pause_reason is not null)
    and pause_reason in ('user', 'hour_end', 'idle', 'frozen')
  ),
  constraint hourly_usage_sessions_ended check (
    num_nonnulls(ended_at, end_reason, hours_charged, active_us, generation_count)
      = case status when 'ended' then 5 else 0 end
  ),
  constraint hourly_usage_sessions_guards check (
    max_hours between 1 and 1000 and auto_pause_minutes between 1 and 1440
    and hour_end in ('continue', 'pause')
  )
);

create unique index hourly_usage_sessions_one_open on public.hourly_usage_sessions (account_id) where status <> 'ended';
create unique index hourly_usage_sessions_account_id_session_no_key on public.hourly_usage_sessions (account_id, session_no);

-- Active time, stretch by stretch: what every charge is explained by.
create table public.hourly_session_segments (
  session_id uuid not null,
  segment_no integer not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  constraint hourly_session_segments_pkey primary key (session_id, segment_no),
  constraint hourly_session_segments_session_id_fkey foreign key (session_id)
    references public.hourly_usage_sessions (id) on delete restrict on update cascade,
  constraint hourly_session_segments_order check (ended_at >= started_at)
);

create unique index hourly_session_segments_one_open on public.hourly_session_segments (session_id) where ended_at is null;

-- The ledger: one row is one transfer between two accounts, so the books cannot be unbalanced. No foreign keys: they
-- would cost a third of the speed of charging, and the audit looks instead.
create table public.hourly_ledger_entries (
  account_id bigint not null,
  entry_no bigint not null,
  type text not null,
  debit_account_id bigint not null,
  credit_account_id bigint not null,
  amount_cents bigint not null,
  balance_after_cents bigint not null,
  event_no bigint not null,
  session_id uuid,
  hour integer,
  trigger text,
  topup_id uuid,
  effective_at timestamptz not null,
  created_at timestamptz not null,
  constraint hourly_ledger_entries_pkey primary key (account_id, entry_no),
  constraint hourly_ledger_entries_type check (type in ('topup', 'hour', 'refund', 'dispute', 'adjustment', 'promo')),
  constraint hourly_ledger_entries_trigger check (trigger in ('start', 'resume', 'settlement', 'call')),
  constraint hourly_ledger_entries_amount check (amount_cents > 0),
  constraint hourly_ledger_entries_sides check (
    debit_account_id <> credit_account_id and account_id in (debit_account_id, credit_account_id)
  ),
  constraint hourly_ledger_entries_hour check (
    num_nonnulls(session_id, hour, trigger) = case type when 'hour' then 3 else 0 end
  ),
  constraint hourly_ledger_entries_topup check (type <> 'topup' or topup_id is not null)
);

create unique index hourly_ledger_entries_hour_key on public.hourly_ledger_entries (session_id, hour) where type = 'hour';
create unique index hourly_ledger_entries_topup_key on public.hourly_ledger_entries (topup_id) where type = 'topup';

create table public.hourly_topup_transactions (
  id uuid not null default gen_random_uuid(),
  account_id bigint not null,
  topup_no bigint not null,
  status text not null,
  amount_cents bigint not null,
  amount_inr_paise bigint not null,
  inr_per_usd integer not null,
  refunded_cents bigint not null default 0,
  created_at timestamptz not null,
  paid_at timestamptz,
  failure text,
  -- The provider's order. One call at a time tries to create it; real time, like all leases.
  razorpay_order_id text,
  razorpay_payment_id text,
  order_attempts integer not null default 0,
  order_leased_until timestamptz,
  -- When the provider is asked next whether it was paid after all; null when nothing is left to ask.
  next_check_at timestamptz,
  checks integer not null default 0,
  check_leased_until timestamptz,
  constraint hourly_topup_transactions_pkey primary key (id),
  constraint hourly_topup_transactions_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade,
  constraint hourly_topup_transactions_status check (status in ('created', 'paid', 'failed', 'expired', 'refunded')),
  constraint hourly_topup_transactions_amount check (
    amount_cents > 0 and amount_inr_paise = amount_cents * inr_per_usd
    and refunded_cents between 0 and amount_cents
  ),
  constraint hourly_topup_transactions_paid check ((status in ('paid', 'refunded')) = (paid_at is not null))
);

create unique index hourly_topup_transactions_account_id_topup_no_key on public.hourly_topup_transactions (account_id, topup_no);
create unique index hourly_topup_transactions_razorpay_order_id_key on public.hourly_topup_transactions (razorpay_order_id);
create index hourly_topup_transactions_check on public.hourly_topup_transactions (next_check_at) where next_check_at is not null;

-- Every captured payment that anybody told us of. A kept one waits for the operator.
create table public.hourly_payments (
  payment_id text not null,
  order_id text,
  topup_id uuid,
  status text not null,
  why text,
  amount_paise bigint not null,
  currency text not null,
  source text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint hourly_payments_pkey primary key (payment_id),
  constraint hourly_payments_status check (status in ('credited', 'kept')),
  constraint hourly_payments_why check (
    (status = 'kept') = (why is not null) and why in ('second_payment', 'amount_mismatch', 'unknown_order')
  )
);

create unique index hourly_payments_credited_key on public.hourly_payments (topup_id) where status = 'credited';

create table public.hourly_webhook_events (
  event_id text not null,
  type text not null,
  body text not null,
  received_at timestamptz not null default clock_timestamp(),
  processed_at timestamptz,
  attempts integer not null default 0,
  last_error text,
  next_attempt_at timestamptz,
  constraint hourly_webhook_events_pkey primary key (event_id)
);

create index hourly_webhook_events_next on public.hourly_webhook_events (next_attempt_at) where next_attempt_at is not null;

create table public.hourly_generations (
  id uuid not null default gen_random_uuid(),
  account_id bigint not null,
  generation_no bigint not null,
  session_id uuid not null,
  status text not null,
  prompt text not null,
  model text not null,
  params jsonb not null,
  error_code text,
  error_message text,
  job_id text,
  created_at timestamptz not null,
  completed_at timestamptz,
  -- When a worker looks after it, unless somebody else does; real time.
  look_after_at timestamptz,
  constraint hourly_generations_pkey primary key (id),
  constraint hourly_generations_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade,
  constraint hourly_generations_session_id_fkey foreign key (session_id)
    references public.hourly_usage_sessions (id) on delete restrict on update cascade,
  constraint hourly_generations_status check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  constraint hourly_generations_finished check (
    (status in ('queued', 'running')) = (completed_at is null)
    and (status in ('queued', 'running')) = (look_after_at is not null)
    and (status = 'failed') = (error_code is not null)
  )
);

create unique index hourly_generations_account_id_generation_no_key on public.hourly_generations (account_id, generation_no);
create index hourly_generations_unfinished on public.hourly_generations (session_id, created_at) where completed_at is null;
create index hourly_generations_look_after on public.hourly_generations (look_after_at) where look_after_at is not null;

create table public.hourly_generation_outputs (
  generation_id uuid not null,
  index integer not null,
  content_type text not null,
  width integer not null,
  height integer not null,
  body bytea not null,
  constraint hourly_generation_outputs_pkey primary key (generation_id, index),
  constraint hourly_generation_outputs_generation_id_fkey foreign key (generation_id)
    references public.hourly_generations (id) on delete restrict on update cascade
);

-- What happened to an account, in its order. A charged hour's event is its ledger row, which carries its number.
create table public.hourly_events (
  account_id bigint not null,
  event_no bigint not null,
  type text not null,
  data jsonb not null,
  created_at timestamptz not null,
  constraint hourly_events_pkey primary key (account_id, event_no),
  constraint hourly_events_type check (type in (
    'session.started', 'session.paused', 'session.resumed', 'session.ended', 'balance.low', 'topup.paid',
    'topup.failed', 'refund.processed', 'account.frozen', 'generation.completed', 'generation.failed'
  ))
);

-- Mutations that were asked for with an idempotency key, written in their own transaction.
create table public.hourly_requests (
  account_id bigint not null,
  key text not null,
  procedure text not null,
  input_hash text not null,
  resource_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint hourly_requests_pkey primary key (account_id, key)
);

create table public.hourly_api_keys (
  id uuid not null default gen_random_uuid(),
  account_id bigint not null,
  key_no bigint not null,
  name text not null,
  prefix text not null,
  secret_hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint hourly_api_keys_pkey primary key (id),
  constraint hourly_api_keys_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade
);

create unique index hourly_api_keys_secret_hash_key on public.hourly_api_keys (secret_hash);
create unique index hourly_api_keys_account_id_key_no_key on public.hourly_api_keys (account_id, key_no);

-- A function's name and the checksum of the file that it was installed from; the migration runner keeps it.
create table if not exists public.hourly_sql_functions (
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  constraint hourly_sql_functions_pkey primary key (name)
);

-- The ledger and the events are append-only for everybody, the owner included.
create function public.hourly_refuse_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger append_only before update or delete or truncate on public.hourly_ledger_entries
  for each statement execute function public.hourly_refuse_change();
create trigger append_only before update or delete or truncate on public.hourly_events
  for each statement execute function public.hourly_refuse_change();

-- Row level security with policies for the product's roles alone: on Supabase, strangers reach every other table.
do $$
declare
  v_table text;
  v_stranger text;
begin
  foreach v_table in array array[
    'hourly_system_accounts', 'hourly_account_balance', 'hourly_usage_sessions',
    'hourly_session_segments', 'hourly_ledger_entries', 'hourly_topup_transactions', 'hourly_payments',
    'hourly_webhook_events', 'hourly_generations', 'hourly_generation_outputs', 'hourly_events',
    'hourly_requests', 'hourly_api_keys', 'hourly_sql_functions'
  ]
  loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on public.%I from public', v_table);
    for v_stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated')
    loop
      execute format('revoke all on public.%I from %I', v_table, v_stranger);
    end loop;
    execute format(
      'create policy hourly_product on public.%I to hourly_app, hourly_worker using (true) with check (true)', v_table
    );
    execute format('grant select on public.%I to hourly_app, hourly_worker', v_table);
    if v_table not in ('hourly_system_accounts', 'hourly_sql_functions') then
      execute format('grant insert on public.%I to hourly_app, hourly_worker', v_table);
    end if;
    if v_table in (
      'hourly_account_balance', 'hourly_usage_sessions', 'hourly_session_segments', 'hourly_topup_transactions',
      'hourly_payments', 'hourly_webhook_events', 'hourly_generations', 'hourly_api_keys'
    ) then
      execute format('grant update on public.%I to hourly_app, hourly_worker', v_table);
    end if;
  end loop;
end
$$;

grant usage on schema public to hourly_app, hourly_worker;
$hourly_0001_init$],
array['0002_refunds_disputes', '904158b03372c223b41be2ec78995702c4a0732b2725378dee15def6a3039c13', $hourly_0002_refunds_disputes$-- Money that leaves again, or that was never the customer's: refunds, disputes, promotions and corrections.

-- What an entry was made for. Charges and top-ups are told to the customer as events; the others are not, so that they
-- take no number.
alter table public.hourly_ledger_entries
  add column reason text,
  add column refund_id uuid,
  add column dispute_id text,
  alter column event_no drop not null;
alter table public.hourly_ledger_entries
  add constraint hourly_ledger_entries_event check ((type in ('hour', 'topup')) = (event_no is not null)),
  add constraint hourly_ledger_entries_cause check (
    (type = 'refund') = (refund_id is not null)
    and (type = 'dispute') = (dispute_id is not null)
    and (type in ('adjustment', 'promo')) = (reason is not null)
  );

-- Once out and at most once back.
create unique index hourly_ledger_entries_refund_key on public.hourly_ledger_entries (refund_id, debit_account_id)
  where type = 'refund';
create unique index hourly_ledger_entries_dispute_key on public.hourly_ledger_entries (dispute_id, debit_account_id)
  where type = 'dispute';

alter table public.hourly_account_balance
  -- Held by open disputes or lost to them.
  add column disputed_cents bigint not null default 0;

-- A refund that somebody made outside the product may meet one of ours that is still on its way: until the provider
-- refuses one of them, more is out than was paid in.
alter table public.hourly_topup_transactions
  drop constraint hourly_topup_transactions_amount,
  add constraint hourly_topup_transactions_amount check (
    amount_cents > 0 and amount_inr_paise = amount_cents * inr_per_usd and refunded_cents >= 0
  );

-- Without an account when the payment was never credited: then it moves nothing in the ledger.
create table public.hourly_refunds (
  id uuid not null default gen_random_uuid(),
  account_id bigint,
  topup_id uuid,
  payment_id text,
  amount_cents bigint not null,
  amount_paise bigint not null,
  status text not null,
  source text not null,
  razorpay_refund_id text,
  created_at timestamptz not null,
  settled_at timestamptz,
  constraint hourly_refunds_pkey primary key (id),
  constraint hourly_refunds_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade,
  constraint hourly_refunds_topup_id_fkey foreign key (topup_id)
    references public.hourly_topup_transactions (id) on delete restrict on update cascade,
  constraint hourly_refunds_status check (status in ('pending', 'processed', 'failed')),
  constraint hourly_refunds_settled check ((status = 'pending') = (settled_at is null)),
  constraint hourly_refunds_source check (source in ('operator', 'provider')),
  constraint hourly_refunds_account check ((account_id is null) = (topup_id is null)),
  constraint hourly_refunds_amount check (
    amount_paise > 0 and amount_cents >= 0 and (account_id is not null or amount_cents = 0)
  )
);

create unique index hourly_refunds_razorpay_refund_id_key on public.hourly_refunds (razorpay_refund_id);
create index hourly_refunds_account_id_idx on public.hourly_refunds (account_id);
create index hourly_refunds_topup_id_idx on public.hourly_refunds (topup_id);
create index hourly_refunds_pending on public.hourly_refunds (created_at) where status = 'pending';

create table public.hourly_disputes (
  dispute_id text not null,
  account_id bigint,
  topup_id uuid,
  payment_id text not null,
  amount_cents bigint not null,
  amount_paise bigint not null,
  status text not null,
  created_at timestamptz not null,
  settled_at timestamptz,
  constraint hourly_disputes_pkey primary key (dispute_id),
  constraint hourly_disputes_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade,
  constraint hourly_disputes_topup_id_fkey foreign key (topup_id)
    references public.hourly_topup_transactions (id) on delete restrict on update cascade,
  constraint hourly_disputes_status check (status in ('open', 'won', 'lost', 'closed')),
  constraint hourly_disputes_settled check ((status = 'open') = (settled_at is null)),
  constraint hourly_disputes_account check ((account_id is null) = (topup_id is null)),
  constraint hourly_disputes_amount check (
    amount_paise > 0 and amount_cents >= 0 and (account_id is not null or amount_cents = 0)
  )
);

create index hourly_disputes_account_id_idx on public.hourly_disputes (account_id);
create index hourly_disputes_topup_id_idx on public.hourly_disputes (topup_id);

do $$
declare
  v_table text;
  v_stranger text;
begin
  foreach v_table in array array['hourly_refunds', 'hourly_disputes']
  loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on public.%I from public', v_table);
    for v_stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated')
    loop
      execute format('revoke all on public.%I from %I', v_table, v_stranger);
    end loop;
    execute format(
      'create policy hourly_product on public.%I to hourly_app, hourly_worker using (true) with check (true)', v_table
    );
    execute format('grant select, insert, update on public.%I to hourly_app, hourly_worker', v_table);
  end loop;
end
$$;
$hourly_0002_refunds_disputes$],
array['0003_ledger_seals', '9ddb6b53f8b5b75564b600110de5819d85b24b4b1bb8f428745f3bee29b187ec', $hourly_0003_ledger_seals$-- Seals over the ledger: each one is a hash over the entries since the seal before it and over that seal's hash, so that
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
$hourly_0003_ledger_seals$],
array['0004_jobs', '1e6c7bc8d0500159ed1fffe926445c421822c2deedb0ac6d41482e1ff9af0d56', $hourly_0004_jobs$-- Durable jobs: the schema of graphile-worker 0.17.3 (MIT, https://github.com/graphile/worker), file by file as the package
-- ships it, so that whoever migrates the database needs nothing but SQL. Its worker finds its own revision and changes nothing.
create schema if not exists hourly_jobs;
create table if not exists hourly_jobs.migrations (
  id int primary key,
  ts timestamptz default now() not null
);
alter table hourly_jobs.migrations add column if not exists breaking boolean not null default false;

-- graphile-worker 000001.sql
--! breaking-change
-- Create the tables
create table hourly_jobs.job_queues (
  queue_name text not null primary key,
  job_count int not null,
  locked_at timestamptz,
  locked_by text
);
alter table hourly_jobs.job_queues enable row level security;

create table hourly_jobs.jobs (
  id bigserial primary key,
  queue_name text not null,
  task_identifier text not null,
  payload json default '{}'::json not null,
  priority int default 0 not null,
  run_at timestamptz default now() not null,
  attempts int default 0 not null,
  max_attempts int default 25 not null,
  last_error text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now()
);
alter table hourly_jobs.jobs enable row level security;

create index on hourly_jobs.jobs (priority, run_at, id);

-- Keep updated_at up to date
create function hourly_jobs.tg__update_timestamp() returns trigger as $$
begin
  new.updated_at = greatest(now(), old.updated_at + interval '1 millisecond');
  return new;
end;
$$ language plpgsql;
create trigger _100_timestamps before update on hourly_jobs.jobs for each row execute procedure hourly_jobs.tg__update_timestamp();

-- Manage the job_queues table - creating and deleting entries as appropriate
create function hourly_jobs.jobs__decrease_job_queue_count() returns trigger as $$
declare
  v_new_job_count int;
begin
  update hourly_jobs.job_queues
    set job_count = job_queues.job_count - 1
    where queue_name = old.queue_name
    returning job_count into v_new_job_count;

  if v_new_job_count <= 0 then
    delete from hourly_jobs.job_queues where queue_name = old.queue_name and job_count <= 0;
  end if;

  return old;
end;
$$ language plpgsql;
create function hourly_jobs.jobs__increase_job_queue_count() returns trigger as $$
begin
  insert into hourly_jobs.job_queues(queue_name, job_count)
    values(new.queue_name, 1)
    on conflict (queue_name)
    do update
    set job_count = job_queues.job_count + 1;

  return new;
end;
$$ language plpgsql;
create trigger _500_increase_job_queue_count after insert on hourly_jobs.jobs for each row execute procedure hourly_jobs.jobs__increase_job_queue_count();
create trigger _500_decrease_job_queue_count after delete on hourly_jobs.jobs for each row execute procedure hourly_jobs.jobs__decrease_job_queue_count();
create trigger _500_increase_job_queue_count_update after update of queue_name on hourly_jobs.jobs for each row execute procedure hourly_jobs.jobs__increase_job_queue_count();
create trigger _500_decrease_job_queue_count_update after update of queue_name on hourly_jobs.jobs for each row execute procedure hourly_jobs.jobs__decrease_job_queue_count();

-- Notify worker of new jobs
create function hourly_jobs.tg_jobs__notify_new_jobs() returns trigger as $$
begin
  perform pg_notify('jobs:insert', '');
  return new;
end;
$$ language plpgsql;
create trigger _900_notify_worker after insert on hourly_jobs.jobs for each statement execute procedure hourly_jobs.tg_jobs__notify_new_jobs();

-- Function to queue a job
create function hourly_jobs.add_job(
  identifier text,
  payload json = '{}',
  queue_name text = null, -- was gen_random_uuid(), but later removed dependency
  run_at timestamptz = now(),
  max_attempts int = 25
) returns hourly_jobs.jobs as $$
  insert into hourly_jobs.jobs(task_identifier, payload, queue_name, run_at, max_attempts) values(identifier, payload, queue_name, run_at, max_attempts) returning *;
$$ language sql;

-- The main function - find me a job to do!
create function hourly_jobs.get_job(worker_id text, task_identifiers text[] = null, job_expiry interval = interval '4 hours') returns hourly_jobs.jobs as $$
declare
  v_job_id bigint;
  v_queue_name text;
  v_default_job_max_attempts text = '25';
  v_row hourly_jobs.jobs;
begin
  if worker_id is null or length(worker_id) < 10 then
    raise exception 'invalid worker id';
  end if;

  select job_queues.queue_name, jobs.id into v_queue_name, v_job_id
    from hourly_jobs.jobs
    inner join hourly_jobs.job_queues using (queue_name)
    where (locked_at is null or locked_at < (now() - job_expiry))
    and run_at <= now()
    and attempts < max_attempts
    and (task_identifiers is null or task_identifier = any(task_identifiers))
    order by priority asc, run_at asc, id asc
    limit 1
    for update of job_queues
    skip locked;

  if v_queue_name is null then
    return null;
  end if;

  update hourly_jobs.job_queues
    set
      locked_by = worker_id,
      locked_at = now()
    where job_queues.queue_name = v_queue_name;

  update hourly_jobs.jobs
    set attempts = attempts + 1
    where id = v_job_id
    returning * into v_row;

  return v_row;
end;
$$ language plpgsql;

-- I was successful, mark the job as completed
create function hourly_jobs.complete_job(worker_id text, job_id bigint) returns hourly_jobs.jobs as $$
declare
  v_row hourly_jobs.jobs;
begin
  delete from hourly_jobs.jobs
    where id = job_id
    returning * into v_row;

  update hourly_jobs.job_queues
    set locked_by = null, locked_at = null
    where queue_name = v_row.queue_name and locked_by = worker_id;

  return v_row;
end;
$$ language plpgsql;

-- I was unsuccessful, re-schedule the job please
create function hourly_jobs.fail_job(worker_id text, job_id bigint, error_message text) returns hourly_jobs.jobs as $$
declare
  v_row hourly_jobs.jobs;
begin
  update hourly_jobs.jobs
    set
      last_error = error_message,
      run_at = greatest(now(), run_at) + (exp(least(attempts, 10))::text || ' seconds')::interval
    where id = job_id
    returning * into v_row;

  update hourly_jobs.job_queues
    set locked_by = null, locked_at = null
    where queue_name = v_row.queue_name and locked_by = worker_id;

  return v_row;
end;
$$ language plpgsql;
insert into hourly_jobs.migrations (id, breaking) values (1, true);

-- graphile-worker 000002.sql
alter table hourly_jobs.jobs add column key text unique check(length(key) > 0);

alter table hourly_jobs.jobs add locked_at timestamptz;
alter table hourly_jobs.jobs add locked_by text;

-- update any in-flight jobs
update hourly_jobs.jobs
  set locked_at = q.locked_at, locked_by = q.locked_by
  from hourly_jobs.job_queues q
  where q.queue_name = jobs.queue_name
  and q.locked_at is not null;

-- update add_job behaviour to meet new requirements
drop function if exists hourly_jobs.add_job(
  identifier text,
  payload json,
  queue_name text,
  run_at timestamptz,
  max_attempts int
);
create function hourly_jobs.add_job(
  identifier text,
  payload json = '{}',
  queue_name text = null,
  run_at timestamptz = now(),
  max_attempts int = 25,
  job_key text = null
) returns hourly_jobs.jobs as $$
declare
  v_job hourly_jobs.jobs;
begin
  if job_key is not null then
    -- Upsert job
    insert into hourly_jobs.jobs (task_identifier, payload, queue_name, run_at, max_attempts, key)
      values(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts,
        job_key
      )
      on conflict (key) do update set
        -- update all job details other than queue_name, which we want to keep
        -- the same unless explicitly provided
        task_identifier=excluded.task_identifier,
        payload=excluded.payload,
        queue_name=coalesce(add_job.queue_name, jobs.queue_name),
        max_attempts=excluded.max_attempts,
        run_at=excluded.run_at,

        -- always reset error/retry state
        attempts=0,
        last_error=null
      where jobs.locked_at is null
      returning *
      into v_job;

    -- If upsert succeeded (insert or update), return early
    if not (v_job is null) then
      return v_job;
    end if;

    -- Upsert failed -> there must be an existing job that is locked. Remove
    -- existing key to allow a new one to be inserted, and prevent any
    -- subsequent retries by bumping attempts to the max allowed.
    update hourly_jobs.jobs
      set
        key = null,
        attempts = jobs.max_attempts
      where key = job_key;
  end if;

  -- insert the new job. Assume no conflicts due to the update above
  insert into hourly_jobs.jobs(task_identifier, payload, queue_name, run_at, max_attempts, key)
    values(
      identifier,
      payload,
      queue_name,
      run_at,
      max_attempts,
      job_key
    )
    returning *
    into v_job;

  return v_job;
end;
$$ language plpgsql volatile;

--- implement new remove_job function

create function hourly_jobs.remove_job(
  job_key text
) returns hourly_jobs.jobs as $$
  delete from hourly_jobs.jobs
    where key = job_key
    and locked_at is null
  returning *;
$$ language sql strict volatile;

-- Update other functions to handle locked_at denormalisation

create or replace function hourly_jobs.get_job(worker_id text, task_identifiers text[] = null, job_expiry interval = interval '4 hours') returns hourly_jobs.jobs as $$
declare
  v_job_id bigint;
  v_queue_name text;
  v_row hourly_jobs.jobs;
  v_now timestamptz = now();
begin
  if worker_id is null or length(worker_id) < 10 then
    raise exception 'invalid worker id';
  end if;

  select job_queues.queue_name, jobs.id into v_queue_name, v_job_id
    from hourly_jobs.jobs
    inner join hourly_jobs.job_queues using (queue_name)
    where (job_queues.locked_at is null or job_queues.locked_at < (v_now - job_expiry))
    and run_at <= v_now
    and attempts < max_attempts
    and (task_identifiers is null or task_identifier = any(task_identifiers))
    order by priority asc, run_at asc, id asc
    limit 1
    for update of job_queues
    skip locked;

  if v_queue_name is null then
    return null;
  end if;

  update hourly_jobs.job_queues
    set
      locked_by = worker_id,
      locked_at = v_now
    where job_queues.queue_name = v_queue_name;

  update hourly_jobs.jobs
    set
      attempts = attempts + 1,
      locked_by = worker_id,
      locked_at = v_now
    where id = v_job_id
    returning * into v_row;

  return v_row;
end;
$$ language plpgsql volatile;

-- I was unsuccessful, re-schedule the job please
create or replace function hourly_jobs.fail_job(worker_id text, job_id bigint, error_message text) returns hourly_jobs.jobs as $$
declare
  v_row hourly_jobs.jobs;
begin
  update hourly_jobs.jobs
    set
      last_error = error_message,
      run_at = greatest(now(), run_at) + (exp(least(attempts, 10))::text || ' seconds')::interval,
      locked_by = null,
      locked_at = null
    where id = job_id and locked_by = worker_id
    returning * into v_row;

  update hourly_jobs.job_queues
    set locked_by = null, locked_at = null
    where queue_name = v_row.queue_name and locked_by = worker_id;

  return v_row;
end;
$$ language plpgsql volatile strict;
insert into hourly_jobs.migrations (id, breaking) values (2, false);

-- graphile-worker 000003.sql
--! breaking-change
alter table hourly_jobs.jobs alter column queue_name drop not null;

create or replace function hourly_jobs.add_job(
  identifier text,
  payload json = '{}',
  queue_name text = null,
  run_at timestamptz = now(),
  max_attempts int = 25,
  job_key text = null
) returns hourly_jobs.jobs as $$
declare
  v_job hourly_jobs.jobs;
begin
  if job_key is not null then
    -- Upsert job
    insert into hourly_jobs.jobs (task_identifier, payload, queue_name, run_at, max_attempts, key)
      values(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts,
        job_key
      )
      on conflict (key) do update set
        task_identifier=excluded.task_identifier,
        payload=excluded.payload,
        queue_name=excluded.queue_name,
        max_attempts=excluded.max_attempts,
        run_at=excluded.run_at,

        -- always reset error/retry state
        attempts=0,
        last_error=null
      where jobs.locked_at is null
      returning *
      into v_job;

    -- If upsert succeeded (insert or update), return early
    if not (v_job is null) then
      return v_job;
    end if;

    -- Upsert failed -> there must be an existing job that is locked. Remove
    -- existing key to allow a new one to be inserted, and prevent any
    -- subsequent retries by bumping attempts to the max allowed.
    update hourly_jobs.jobs
      set
        key = null,
        attempts = jobs.max_attempts
      where key = job_key;
  end if;

  -- insert the new job. Assume no conflicts due to the update above
  insert into hourly_jobs.jobs(task_identifier, payload, queue_name, run_at, max_attempts, key)
    values(
      identifier,
      payload,
      queue_name,
      run_at,
      max_attempts,
      job_key
    )
    returning *
    into v_job;

  return v_job;
end;
$$ language plpgsql volatile;

create or replace function hourly_jobs.get_job(worker_id text, task_identifiers text[] = null, job_expiry interval = interval '4 hours') returns hourly_jobs.jobs as $$
declare
  v_job_id bigint;
  v_queue_name text;
  v_row hourly_jobs.jobs;
  v_now timestamptz = now();
begin
  if worker_id is null or length(worker_id) < 10 then
    raise exception 'invalid worker id';
  end if;

  select jobs.queue_name, jobs.id into v_queue_name, v_job_id
    from hourly_jobs.jobs
    where (jobs.locked_at is null or jobs.locked_at < (v_now - job_expiry))
    and (
      jobs.queue_name is null
    or
      exists (
        select 1
        from hourly_jobs.job_queues
        where job_queues.queue_name = jobs.queue_name
        and (job_queues.locked_at is null or job_queues.locked_at < (v_now - job_expiry))
        for update
        skip locked
      )
    )
    and run_at <= v_now
    and attempts < max_attempts
    and (task_identifiers is null or task_identifier = any(task_identifiers))
    order by priority asc, run_at asc, id asc
    limit 1
    for update
    skip locked;

  if v_job_id is null then
    return null;
  end if;

  if v_queue_name is not null then
    update hourly_jobs.job_queues
      set
        locked_by = worker_id,
        locked_at = v_now
      where job_queues.queue_name = v_queue_name;
  end if;

  update hourly_jobs.jobs
    set
      attempts = attempts + 1,
      locked_by = worker_id,
      locked_at = v_now
    where id = v_job_id
    returning * into v_row;

  return v_row;
end;
$$ language plpgsql volatile;

create or replace function hourly_jobs.fail_job(worker_id text, job_id bigint, error_message text) returns hourly_jobs.jobs as $$
declare
  v_row hourly_jobs.jobs;
begin
  update hourly_jobs.jobs
    set
      last_error = error_message,
      run_at = greatest(now(), run_at) + (exp(least(attempts, 10))::text || ' seconds')::interval,
      locked_by = null,
      locked_at = null
    where id = job_id and locked_by = worker_id
    returning * into v_row;

  if v_row.queue_name is not null then
    update hourly_jobs.job_queues
      set locked_by = null, locked_at = null
      where queue_name = v_row.queue_name and locked_by = worker_id;
  end if;

  return v_row;
end;
$$ language plpgsql volatile strict;

create or replace function hourly_jobs.complete_job(worker_id text, job_id bigint) returns hourly_jobs.jobs as $$
declare
  v_row hourly_jobs.jobs;
begin
  delete from hourly_jobs.jobs
    where id = job_id
    returning * into v_row;

  if v_row.queue_name is not null then
    update hourly_jobs.job_queues
      set locked_by = null, locked_at = null
      where queue_name = v_row.queue_name and locked_by = worker_id;
  end if;

  return v_row;
end;
$$ language plpgsql;

drop trigger _500_increase_job_queue_count on hourly_jobs.jobs;
drop trigger _500_decrease_job_queue_count on hourly_jobs.jobs;
drop trigger _500_increase_job_queue_count_update on hourly_jobs.jobs;
drop trigger _500_decrease_job_queue_count_update on hourly_jobs.jobs;
create trigger _500_increase_job_queue_count after insert on hourly_jobs.jobs for each row when (NEW.queue_name is not null) execute procedure hourly_jobs.jobs__increase_job_queue_count();
create trigger _500_decrease_job_queue_count after delete on hourly_jobs.jobs for each row when (OLD.queue_name is not null) execute procedure hourly_jobs.jobs__decrease_job_queue_count();
create trigger _500_increase_job_queue_count_update after update of queue_name on hourly_jobs.jobs for each row when (NEW.queue_name is distinct from OLD.queue_name AND NEW.queue_name is not null) execute procedure hourly_jobs.jobs__increase_job_queue_count();
create trigger _500_decrease_job_queue_count_update after update of queue_name on hourly_jobs.jobs for each row when (NEW.queue_name is distinct from OLD.queue_name AND OLD.queue_name is not null) execute procedure hourly_jobs.jobs__decrease_job_queue_count();
insert into hourly_jobs.migrations (id, breaking) values (3, true);

-- graphile-worker 000004.sql
drop function hourly_jobs.add_job(text, json, text, timestamptz, int, text);

create function hourly_jobs.add_job(
  identifier text,
  payload json = null,
  queue_name text = null,
  run_at timestamptz = null,
  max_attempts int = null,
  job_key text = null,
  priority int = null
) returns hourly_jobs.jobs as $$
declare
  v_job hourly_jobs.jobs;
begin
  -- Apply rationality checks
  if length(identifier) > 128 then
    raise exception 'Task identifier is too long (max length: 128).' using errcode = 'GWBID';
  end if;
  if queue_name is not null and length(queue_name) > 128 then
    raise exception 'Job queue name is too long (max length: 128).' using errcode = 'GWBQN';
  end if;
  if job_key is not null and length(job_key) > 512 then
    raise exception 'Job key is too long (max length: 512).' using errcode = 'GWBJK';
  end if;
  if max_attempts < 1 then
    raise exception 'Job maximum attempts must be at least 1' using errcode = 'GWBMA';
  end if;

  if job_key is not null then
    -- Upsert job
    insert into hourly_jobs.jobs (
      task_identifier,
      payload,
      queue_name,
      run_at,
      max_attempts,
      key,
      priority
    )
      values(
        identifier,
        coalesce(payload, '{}'::json),
        queue_name,
        coalesce(run_at, now()),
        coalesce(max_attempts, 25),
        job_key,
        coalesce(priority, 0)
      )
      on conflict (key) do update set
        task_identifier=excluded.task_identifier,
        payload=excluded.payload,
        queue_name=excluded.queue_name,
        max_attempts=excluded.max_attempts,
        run_at=excluded.run_at,
        priority=excluded.priority,

        -- always reset error/retry state
        attempts=0,
        last_error=null
      where jobs.locked_at is null
      returning *
      into v_job;

    -- If upsert succeeded (insert or update), return early
    if not (v_job is null) then
      return v_job;
    end if;

    -- Upsert failed -> there must be an existing job that is locked. Remove
    -- existing key to allow a new one to be inserted, and prevent any
    -- subsequent retries by bumping attempts to the max allowed.
    update hourly_jobs.jobs
      set
        key = null,
        attempts = jobs.max_attempts
      where key = job_key;
  end if;

  -- insert the new job. Assume no conflicts due to the update above
  insert into hourly_jobs.jobs(
    task_identifier,
    payload,
    queue_name,
    run_at,
    max_attempts,
    key,
    priority
  )
    values(
      identifier,
      coalesce(payload, '{}'::json),
      queue_name,
      coalesce(run_at, now()),
      coalesce(max_attempts, 25),
      job_key,
      coalesce(priority, 0)
    )
    returning *
    into v_job;

  return v_job;
end;
$$ language plpgsql volatile;

create function hourly_jobs.complete_jobs(
  job_ids bigint[]
) returns setof hourly_jobs.jobs as $$
  delete from hourly_jobs.jobs
    where id = any(job_ids)
    and (
      locked_by is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$ language sql volatile;

create function hourly_jobs.permanently_fail_jobs(
  job_ids bigint[],
  error_message text = null
) returns setof hourly_jobs.jobs as $$
  update hourly_jobs.jobs
    set
      last_error = coalesce(error_message, 'Manually marked as failed'),
      attempts = max_attempts
    where id = any(job_ids)
    and (
      locked_by is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$ language sql volatile;

create function hourly_jobs.reschedule_jobs(
  job_ids bigint[],
  run_at timestamptz = null,
  priority int = null,
  attempts int = null,
  max_attempts int = null
) returns setof hourly_jobs.jobs as $$
  update hourly_jobs.jobs
    set
      run_at = coalesce(reschedule_jobs.run_at, jobs.run_at),
      priority = coalesce(reschedule_jobs.priority, jobs.priority),
      attempts = coalesce(reschedule_jobs.attempts, jobs.attempts),
      max_attempts = coalesce(reschedule_jobs.max_attempts, jobs.max_attempts)
    where id = any(job_ids)
    and (
      locked_by is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$ language sql volatile;
insert into hourly_jobs.migrations (id, breaking) values (4, false);

-- graphile-worker 000005.sql
alter table hourly_jobs.jobs add column revision int default 0 not null;
alter table hourly_jobs.jobs add column flags jsonb default null;

drop function hourly_jobs.add_job(text, json, text, timestamptz, int, text, int);
create function hourly_jobs.add_job(
  identifier text,
  payload json = null,
  queue_name text = null,
  run_at timestamptz = null,
  max_attempts int = null,
  job_key text = null,
  priority int = null,
  flags text[] = null
) returns hourly_jobs.jobs as $$
declare
  v_job hourly_jobs.jobs;
begin
  -- Apply rationality checks
  if length(identifier) > 128 then
    raise exception 'Task identifier is too long (max length: 128).' using errcode = 'GWBID';
  end if;
  if queue_name is not null and length(queue_name) > 128 then
    raise exception 'Job queue name is too long (max length: 128).' using errcode = 'GWBQN';
  end if;
  if job_key is not null and length(job_key) > 512 then
    raise exception 'Job key is too long (max length: 512).' using errcode = 'GWBJK';
  end if;
  if max_attempts < 1 then
    raise exception 'Job maximum attempts must be at least 1' using errcode = 'GWBMA';
  end if;

  if job_key is not null then
    -- Upsert job
    insert into hourly_jobs.jobs (
      task_identifier,
      payload,
      queue_name,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      values(
        identifier,
        coalesce(payload, '{}'::json),
        queue_name,
        coalesce(run_at, now()),
        coalesce(max_attempts, 25),
        job_key,
        coalesce(priority, 0),
        (
          select jsonb_object_agg(flag, true)
          from unnest(flags) as item(flag)
        )
      )
      on conflict (key) do update set
        task_identifier=excluded.task_identifier,
        payload=excluded.payload,
        queue_name=excluded.queue_name,
        max_attempts=excluded.max_attempts,
        run_at=excluded.run_at,
        priority=excluded.priority,
        revision=jobs.revision + 1,
        flags=excluded.flags,

        -- always reset error/retry state
        attempts=0,
        last_error=null
      where jobs.locked_at is null
      returning *
      into v_job;

    -- If upsert succeeded (insert or update), return early
    if not (v_job is null) then
      return v_job;
    end if;

    -- Upsert failed -> there must be an existing job that is locked. Remove
    -- existing key to allow a new one to be inserted, and prevent any
    -- subsequent retries by bumping attempts to the max allowed.
    update hourly_jobs.jobs
      set
        key = null,
        attempts = jobs.max_attempts
      where key = job_key;
  end if;

  -- insert the new job. Assume no conflicts due to the update above
  insert into hourly_jobs.jobs(
    task_identifier,
    payload,
    queue_name,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    values(
      identifier,
      coalesce(payload, '{}'::json),
      queue_name,
      coalesce(run_at, now()),
      coalesce(max_attempts, 25),
      job_key,
      coalesce(priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(flags) as item(flag)
      )
    )
    returning *
    into v_job;

  return v_job;
end;
$$ language plpgsql volatile;

drop function hourly_jobs.get_job(text, text[], interval);
create function hourly_jobs.get_job(
  worker_id text,
  task_identifiers text[] = null,
  job_expiry interval = interval '4 hours',
  forbidden_flags text[] = null
) returns hourly_jobs.jobs as $$
declare
  v_job_id bigint;
  v_queue_name text;
  v_row hourly_jobs.jobs;
  v_now timestamptz = now();
begin
  if worker_id is null or length(worker_id) < 10 then
    raise exception 'invalid worker id';
  end if;

  select jobs.queue_name, jobs.id into v_queue_name, v_job_id
    from hourly_jobs.jobs
    where (jobs.locked_at is null or jobs.locked_at < (v_now - job_expiry))
    and (
      jobs.queue_name is null
    or
      exists (
        select 1
        from hourly_jobs.job_queues
        where job_queues.queue_name = jobs.queue_name
        and (job_queues.locked_at is null or job_queues.locked_at < (v_now - job_expiry))
        for update
        skip locked
      )
    )
    and run_at <= v_now
    and attempts < max_attempts
    and (task_identifiers is null or task_identifier = any(task_identifiers))
    and (forbidden_flags is null or (flags ?| forbidden_flags) is not true)
    order by priority asc, run_at asc, id asc
    limit 1
    for update
    skip locked;

  if v_job_id is null then
    return null;
  end if;

  if v_queue_name is not null then
    update hourly_jobs.job_queues
      set
        locked_by = worker_id,
        locked_at = v_now
      where job_queues.queue_name = v_queue_name;
  end if;

  update hourly_jobs.jobs
    set
      attempts = attempts + 1,
      locked_by = worker_id,
      locked_at = v_now
    where id = v_job_id
    returning * into v_row;

  return v_row;
end;
$$ language plpgsql volatile;
insert into hourly_jobs.migrations (id, breaking) values (5, false);

-- graphile-worker 000006.sql
create index jobs_priority_run_at_id_locked_at_without_failures_idx
  on hourly_jobs.jobs (priority, run_at, id, locked_at)
  where attempts < max_attempts;

drop index hourly_jobs.jobs_priority_run_at_id_idx;
insert into hourly_jobs.migrations (id, breaking) values (6, false);

-- graphile-worker 000007.sql
drop function hourly_jobs.add_job(text, json, text, timestamptz, int, text, int, text[]);
create function hourly_jobs.add_job(
  identifier text,
  payload json = null,
  queue_name text = null,
  run_at timestamptz = null,
  max_attempts integer = null,
  job_key text = null,
  priority integer = null,
  flags text[] = null,
  job_key_mode text = 'replace'
) returns hourly_jobs.jobs as $$
declare
  v_job hourly_jobs.jobs;
begin
  -- Apply rationality checks
  if length(identifier) > 128 then
    raise exception 'Task identifier is too long (max length: 128).' using errcode = 'GWBID';
  end if;
  if queue_name is not null and length(queue_name) > 128 then
    raise exception 'Job queue name is too long (max length: 128).' using errcode = 'GWBQN';
  end if;
  if job_key is not null and length(job_key) > 512 then
    raise exception 'Job key is too long (max length: 512).' using errcode = 'GWBJK';
  end if;
  if max_attempts < 1 then
    raise exception 'Job maximum attempts must be at least 1.' using errcode = 'GWBMA';
  end if;
  if job_key is not null and (job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    -- Upsert job if existing job isn't locked, but in the case of locked
    -- existing job create a new job instead as it must have already started
    -- executing (i.e. it's world state is out of date, and the fact add_job
    -- has been called again implies there's new information that needs to be
    -- acted upon).
    insert into hourly_jobs.jobs (
      task_identifier,
      payload,
      queue_name,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      values(
        identifier,
        coalesce(payload, '{}'::json),
        queue_name,
        coalesce(run_at, now()),
        coalesce(max_attempts, 25),
        job_key,
        coalesce(priority, 0),
        (
          select jsonb_object_agg(flag, true)
          from unnest(flags) as item(flag)
        )
      )
      on conflict (key) do update set
        task_identifier=excluded.task_identifier,
        payload=excluded.payload,
        queue_name=excluded.queue_name,
        max_attempts=excluded.max_attempts,
        run_at=(case
          when job_key_mode = 'preserve_run_at' and jobs.attempts = 0 then jobs.run_at
          else excluded.run_at
        end),
        priority=excluded.priority,
        revision=jobs.revision + 1,
        flags=excluded.flags,
        -- always reset error/retry state
        attempts=0,
        last_error=null
      where jobs.locked_at is null
      returning *
      into v_job;
    -- If upsert succeeded (insert or update), return early
    if not (v_job is null) then
      return v_job;
    end if;
    -- Upsert failed -> there must be an existing job that is locked. Remove
    -- existing key to allow a new one to be inserted, and prevent any
    -- subsequent retries of existing job by bumping attempts to the max
    -- allowed.
    update hourly_jobs.jobs
      set
        key = null,
        attempts = jobs.max_attempts
      where key = job_key;
  elsif job_key is not null and job_key_mode = 'unsafe_dedupe' then
    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into hourly_jobs.jobs (
      task_identifier,
      payload,
      queue_name,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      values(
        identifier,
        coalesce(payload, '{}'::json),
        queue_name,
        coalesce(run_at, now()),
        coalesce(max_attempts, 25),
        job_key,
        coalesce(priority, 0),
        (
          select jsonb_object_agg(flag, true)
          from unnest(flags) as item(flag)
        )
      )
      on conflict (key)
      -- Bump the revision so that there's something to return
      do update set revision = jobs.revision + 1
      returning *
      into v_job;
    return v_job;
  elsif job_key is not null then
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
  -- insert the new job. Assume no conflicts due to the update above
  insert into hourly_jobs.jobs(
    task_identifier,
    payload,
    queue_name,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    values(
      identifier,
      coalesce(payload, '{}'::json),
      queue_name,
      coalesce(run_at, now()),
      coalesce(max_attempts, 25),
      job_key,
      coalesce(priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(flags) as item(flag)
      )
    )
    returning *
    into v_job;
  return v_job;
end;
$$ language plpgsql volatile;

create or replace function hourly_jobs.remove_job(job_key text)
returns hourly_jobs.jobs as $$
declare
  v_job hourly_jobs.jobs;
begin
  -- Delete job if not locked
  delete from hourly_jobs.jobs
    where key = job_key
    and locked_at is null
  returning * into v_job;
  if not (v_job is null) then
    return v_job;
  end if;
  -- Otherwise prevent job from retrying, and clear the key
  update hourly_jobs.jobs
    set attempts = max_attempts, key = null
    where key = job_key
  returning * into v_job;
  return v_job;
end;
$$ language plpgsql strict;
insert into hourly_jobs.migrations (id, breaking) values (7, false);

-- graphile-worker 000008.sql
create table hourly_jobs.known_crontabs (
  identifier text not null primary key,
  known_since timestamptz not null,
  last_execution timestamptz
);
alter table hourly_jobs.known_crontabs enable row level security;
insert into hourly_jobs.migrations (id, breaking) values (8, false);

-- graphile-worker 000009.sql
drop function hourly_jobs.get_job(text, text[], interval, text[]);
create function hourly_jobs.get_job(
  worker_id text,
  task_identifiers text[] = null,
  job_expiry interval = interval '4 hours',
  forbidden_flags text[] = null,
  now timestamptz = now()
) returns hourly_jobs.jobs as $$
declare
  v_job_id bigint;
  v_queue_name text;
  v_row hourly_jobs.jobs;
begin
  if worker_id is null or length(worker_id) < 10 then
    raise exception 'invalid worker id';
  end if;

  select jobs.queue_name, jobs.id into v_queue_name, v_job_id
    from hourly_jobs.jobs
    where (jobs.locked_at is null or jobs.locked_at < (now - job_expiry))
    and (
      jobs.queue_name is null
    or
      exists (
        select 1
        from hourly_jobs.job_queues
        where job_queues.queue_name = jobs.queue_name
        and (job_queues.locked_at is null or job_queues.locked_at < (now - job_expiry))
        for update
        skip locked
      )
    )
    and run_at <= now
    and attempts < max_attempts
    and (task_identifiers is null or task_identifier = any(task_identifiers))
    and (forbidden_flags is null or (flags ?| forbidden_flags) is not true)
    order by priority asc, run_at asc, id asc
    limit 1
    for update
    skip locked;

  if v_job_id is null then
    return null;
  end if;

  if v_queue_name is not null then
    update hourly_jobs.job_queues
      set
        locked_by = worker_id,
        locked_at = now
      where job_queues.queue_name = v_queue_name;
  end if;

  update hourly_jobs.jobs
    set
      attempts = attempts + 1,
      locked_by = worker_id,
      locked_at = now
    where id = v_job_id
    returning * into v_row;

  return v_row;
end;
$$ language plpgsql volatile;
insert into hourly_jobs.migrations (id, breaking) values (9, false);

-- graphile-worker 000010.sql
alter table hourly_jobs.jobs alter column queue_name drop default;
insert into hourly_jobs.migrations (id, breaking) values (10, false);

-- graphile-worker 000011.sql
--! breaking-change
lock table hourly_jobs.jobs;
lock table hourly_jobs.job_queues;

-- If there's any locked jobs, abort via division by zero
select 1/(case when exists (
  select 1
  from hourly_jobs.jobs
  where locked_at is not null
  and locked_at > NOW() - interval '4 hours'
) then 0 else 1 end);

alter table hourly_jobs.jobs
alter column attempts type int2,
alter column max_attempts type int2,
alter column priority type int2;


drop function hourly_jobs.complete_job;
drop function hourly_jobs.fail_job;
drop function hourly_jobs.get_job;



drop trigger _900_notify_worker on hourly_jobs.jobs;
drop function hourly_jobs.add_job;
drop function hourly_jobs.complete_jobs;
drop function hourly_jobs.permanently_fail_jobs;
drop function hourly_jobs.remove_job;
drop function hourly_jobs.reschedule_jobs;
drop function hourly_jobs.tg_jobs__notify_new_jobs;
alter table hourly_jobs.jobs rename to jobs_legacy;
alter table hourly_jobs.job_queues rename to job_queues_legacy;

create table hourly_jobs.job_queues (
  id int primary key generated always as identity,
  queue_name text not null unique check (length(queue_name) <= 128),
  locked_at timestamptz,
  locked_by text,
  is_available boolean generated always as ((locked_at is null)) stored not null
);
alter table hourly_jobs.job_queues enable row level security;

create table hourly_jobs.tasks (
  id int primary key generated always as identity,
  identifier text not null unique check (length(identifier) <= 128)
);
alter table hourly_jobs.tasks enable row level security;

create table hourly_jobs.jobs (
  id bigint primary key generated always as identity,
  job_queue_id int null, -- not adding 'references' to eke out more performance
  task_id int not null,
  payload json default '{}'::json not null,
  priority smallint default 0 not null,
  run_at timestamptz default now() not null,
  attempts smallint default 0 not null,
  max_attempts smallint default 25 not null constraint jobs_max_attempts_check check (max_attempts >= 1),
  last_error text,
  created_at timestamptz default now() not null,
  updated_at timestamptz default now() not null,
  key text unique constraint jobs_key_check check (length(key) > 0 and length(key) <= 512),
  locked_at timestamptz,
  locked_by text,
  revision integer default 0 not null,
  flags jsonb,
  is_available boolean generated always as (((locked_at is null) and (attempts < max_attempts))) stored not null
);
alter table hourly_jobs.jobs enable row level security;

create index jobs_main_index
  on hourly_jobs.jobs
  using btree (priority, run_at)
  include (id, task_id, job_queue_id)
  where (is_available = true);

create index jobs_no_queue_index
  on hourly_jobs.jobs
  using btree (priority, run_at)
  include (id, task_id)
  where (is_available = true and job_queue_id is null);

create type hourly_jobs.job_spec as (
  identifier text,
  payload json,
  queue_name text,
  run_at timestamptz,
  max_attempts integer,
  job_key text,
  priority integer,
  flags text[]
);

create function hourly_jobs.add_jobs(
  specs hourly_jobs.job_spec[],
  job_key_preserve_run_at boolean default false
)
returns setof hourly_jobs.jobs
as $$
begin
  -- Ensure all the tasks exist
  insert into hourly_jobs.tasks (identifier)
  select distinct spec.identifier
  from unnest(specs) spec
  on conflict do nothing;

  -- Ensure all the queues exist
  insert into hourly_jobs.job_queues (queue_name)
  select distinct spec.queue_name
  from unnest(specs) spec
  where spec.queue_name is not null
  on conflict do nothing;

  -- Ensure any locked jobs have their key cleared - in the case of locked
  -- existing job create a new job instead as it must have already started
  -- executing (i.e. it's world state is out of date, and the fact add_job
  -- has been called again implies there's new information that needs to be
  -- acted upon).
  update hourly_jobs.jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  from unnest(specs) spec
  where spec.job_key is not null
  and jobs.key = spec.job_key
  and is_available is not true;

  -- TODO: is there a risk that a conflict could occur depending on the
  -- isolation level?

  return query insert into hourly_jobs.jobs (
    job_queue_id,
    task_id,
    payload,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    select
      job_queues.id,
      tasks.id,
      coalesce(spec.payload, '{}'::json),
      coalesce(spec.run_at, now()),
      coalesce(spec.max_attempts, 25),
      spec.job_key,
      coalesce(spec.priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(spec.flags) as item(flag)
      )
    from unnest(specs) spec
    inner join hourly_jobs.tasks
    on tasks.identifier = spec.identifier
    left join hourly_jobs.job_queues
    on job_queues.queue_name = spec.queue_name
  on conflict (key) do update set
    job_queue_id = excluded.job_queue_id,
    task_id = excluded.task_id,
    payload = excluded.payload,
    max_attempts = excluded.max_attempts,
    run_at = (case
      when job_key_preserve_run_at is true and jobs.attempts = 0 then jobs.run_at
      else excluded.run_at
    end),
    priority = excluded.priority,
    revision = jobs.revision + 1,
    flags = excluded.flags,
    -- always reset error/retry state
    attempts = 0,
    last_error = null,
    updated_at = now()
  where jobs.locked_at is null
  returning *;
end;
$$ language plpgsql;

create function hourly_jobs.complete_jobs(job_ids bigint[])
returns setof hourly_jobs.jobs
as $$
  delete from hourly_jobs.jobs
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < now() - interval '4 hours'
    )
    returning *;
$$ language sql;

create function hourly_jobs.permanently_fail_jobs(
  job_ids bigint[],
  error_message text default null::text
)
returns setof hourly_jobs.jobs
as $$
  update hourly_jobs.jobs
    set
      last_error = coalesce(error_message, 'Manually marked as failed'),
      attempts = max_attempts,
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$ language sql;

create function hourly_jobs.remove_job(job_key text)
returns hourly_jobs.jobs
as $$
declare
  v_job hourly_jobs.jobs;
begin
  -- Delete job if not locked
  delete from hourly_jobs.jobs
    where key = job_key
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
  returning * into v_job;
  if not (v_job is null) then
    return v_job;
  end if;
  -- Otherwise prevent job from retrying, and clear the key
  update hourly_jobs.jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  where key = job_key
  returning * into v_job;
  return v_job;
end;
$$ language plpgsql strict;

create function hourly_jobs.reschedule_jobs(
  job_ids bigint[],
  run_at timestamp with time zone default null::timestamp with time zone,
  priority integer default null::integer,
  attempts integer default null::integer,
  max_attempts integer default null::integer
) returns setof hourly_jobs.jobs
as $$
  update hourly_jobs.jobs
    set
      run_at = coalesce(reschedule_jobs.run_at, jobs.run_at),
      priority = coalesce(reschedule_jobs.priority, jobs.priority),
      attempts = coalesce(reschedule_jobs.attempts, jobs.attempts),
      max_attempts = coalesce(reschedule_jobs.max_attempts, jobs.max_attempts),
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$ language sql;

create function hourly_jobs.tg_jobs__after_insert() returns trigger
as $$
begin
  perform pg_notify('jobs:insert', '');
  return new;
end;
$$ language plpgsql;
create trigger _900_after_insert
after insert on hourly_jobs.jobs
for each statement
execute procedure hourly_jobs.tg_jobs__after_insert();

create function hourly_jobs.add_job(
  identifier text,
  payload json default null::json,
  queue_name text default null::text,
  run_at timestamp with time zone default null::timestamp with time zone,
  max_attempts integer default null::integer,
  job_key text default null::text,
  priority integer default null::integer,
  flags text[] default null::text[],
  job_key_mode text default 'replace'::text
) returns hourly_jobs.jobs as $$
declare
  v_job hourly_jobs.jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from hourly_jobs.add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts,
        job_key,
        priority,
        flags
      )::hourly_jobs.job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist
    insert into hourly_jobs.tasks (identifier)
    values (add_job.identifier)
    on conflict do nothing;

    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into hourly_jobs.job_queues (queue_name)
      values (add_job.queue_name)
      on conflict do nothing;
    end if;

    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into hourly_jobs.jobs (
      job_queue_id,
      task_id,
      payload,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      select
        job_queues.id,
        tasks.id,
        coalesce(add_job.payload, '{}'::json),
        coalesce(add_job.run_at, now()),
        coalesce(add_job.max_attempts, 25),
        add_job.job_key,
        coalesce(add_job.priority, 0),
        (
          select jsonb_object_agg(flag, true)
          from unnest(add_job.flags) as item(flag)
        )
      from hourly_jobs.tasks
      left join hourly_jobs.job_queues
      on job_queues.queue_name = add_job.queue_name
      where tasks.identifier = add_job.identifier
    on conflict (key)
      -- Bump the updated_at so that there's something to return
      do update set
        revision = jobs.revision + 1,
        updated_at = now()
      returning *
      into v_job;
    return v_job;
  else
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
end;
$$ language plpgsql;

-- Migrate over the old tables
insert into hourly_jobs.job_queues (queue_name)
select distinct queue_name
from hourly_jobs.jobs_legacy
where queue_name is not null
on conflict do nothing;

insert into hourly_jobs.tasks (identifier)
select distinct task_identifier
from hourly_jobs.jobs_legacy
on conflict do nothing;

insert into hourly_jobs.jobs (
  job_queue_id,
  task_id,
  payload,
  priority,
  run_at,
  attempts,
  max_attempts,
  last_error,
  created_at,
  updated_at,
  key,
  revision,
  flags
)
  select
    job_queues.id,
    tasks.id,
    legacy.payload,
    legacy.priority,
    legacy.run_at,
    legacy.attempts,
    legacy.max_attempts,
    legacy.last_error,
    legacy.created_at,
    legacy.updated_at,
    legacy.key,
    legacy.revision,
    legacy.flags
  from hourly_jobs.jobs_legacy legacy
  inner join hourly_jobs.tasks
  on tasks.identifier = legacy.task_identifier
  left join hourly_jobs.job_queues
  on job_queues.queue_name = legacy.queue_name;

drop table hourly_jobs.jobs_legacy;
drop table hourly_jobs.job_queues_legacy;
insert into hourly_jobs.migrations (id, breaking) values (11, true);

-- graphile-worker 000012.sql
create or replace function hourly_jobs.add_jobs(
  specs hourly_jobs.job_spec[],
  job_key_preserve_run_at boolean default false
)
returns setof hourly_jobs.jobs
as $$
begin
  -- Ensure all the tasks exist
  insert into hourly_jobs.tasks (identifier)
  select distinct spec.identifier
  from unnest(specs) spec
  on conflict do nothing;

  -- Ensure all the queues exist
  insert into hourly_jobs.job_queues (queue_name)
  select distinct spec.queue_name
  from unnest(specs) spec
  where spec.queue_name is not null
  on conflict do nothing;

  -- Ensure any locked jobs have their key cleared - in the case of locked
  -- existing job create a new job instead as it must have already started
  -- executing (i.e. it's world state is out of date, and the fact add_job
  -- has been called again implies there's new information that needs to be
  -- acted upon).
  update hourly_jobs.jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  from unnest(specs) spec
  where spec.job_key is not null
  and jobs.key = spec.job_key
  and is_available is not true;

  -- TODO: is there a risk that a conflict could occur depending on the
  -- isolation level?

  return query insert into hourly_jobs.jobs (
    job_queue_id,
    task_id,
    payload,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    select
      job_queues.id,
      tasks.id,
      coalesce(spec.payload, '{}'::json),
      coalesce(spec.run_at, now()),
      coalesce(spec.max_attempts, 25),
      spec.job_key,
      coalesce(spec.priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(spec.flags) as item(flag)
      )
    from unnest(specs) spec
    inner join hourly_jobs.tasks
    on tasks.identifier = spec.identifier
    left join hourly_jobs.job_queues
    on job_queues.queue_name = spec.queue_name
  on conflict (key) do update set
    job_queue_id = excluded.job_queue_id,
    task_id = excluded.task_id,
    payload =
      case
      when json_typeof(jobs.payload) = 'array' and json_typeof(excluded.payload) = 'array' then
        (jobs.payload::jsonb || excluded.payload::jsonb)::json
      else
        excluded.payload
      end,
    max_attempts = excluded.max_attempts,
    run_at = (case
      when job_key_preserve_run_at is true and jobs.attempts = 0 then jobs.run_at
      else excluded.run_at
    end),
    priority = excluded.priority,
    revision = jobs.revision + 1,
    flags = excluded.flags,
    -- always reset error/retry state
    attempts = 0,
    last_error = null,
    updated_at = now()
  where jobs.locked_at is null
  returning *;
end;
$$ language plpgsql;
insert into hourly_jobs.migrations (id, breaking) values (12, false);

-- graphile-worker 000013.sql
--! breaking-change
alter type hourly_jobs.job_spec alter attribute max_attempts type smallint;
alter type hourly_jobs.job_spec alter attribute priority type smallint;

drop function hourly_jobs.add_job;
CREATE FUNCTION hourly_jobs.add_job(identifier text, payload json DEFAULT NULL::json, queue_name text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, max_attempts smallint DEFAULT NULL::smallint, job_key text DEFAULT NULL::text, priority smallint DEFAULT NULL::smallint, flags text[] DEFAULT NULL::text[], job_key_mode text DEFAULT 'replace'::text) RETURNS hourly_jobs.jobs
    LANGUAGE plpgsql
    AS $$
declare
  v_job hourly_jobs.jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from hourly_jobs.add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts,
        job_key,
        priority,
        flags
      )::hourly_jobs.job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist
    insert into hourly_jobs.tasks (identifier)
    values (add_job.identifier)
    on conflict do nothing;
    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into hourly_jobs.job_queues (queue_name)
      values (add_job.queue_name)
      on conflict do nothing;
    end if;
    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into hourly_jobs.jobs (
      job_queue_id,
      task_id,
      payload,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      select
        job_queues.id,
        tasks.id,
        coalesce(add_job.payload, '{}'::json),
        coalesce(add_job.run_at, now()),
        coalesce(add_job.max_attempts, 25),
        add_job.job_key,
        coalesce(add_job.priority, 0),
        (
          select jsonb_object_agg(flag, true)
          from unnest(add_job.flags) as item(flag)
        )
      from hourly_jobs.tasks
      left join hourly_jobs.job_queues
      on job_queues.queue_name = add_job.queue_name
      where tasks.identifier = add_job.identifier
    on conflict (key)
      -- Bump the updated_at so that there's something to return
      do update set
        revision = jobs.revision + 1,
        updated_at = now()
      returning *
      into v_job;
    return v_job;
  else
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
end;
$$;

DROP FUNCTION hourly_jobs.reschedule_jobs;
CREATE FUNCTION hourly_jobs.reschedule_jobs(job_ids bigint[], run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, priority smallint DEFAULT NULL::smallint, attempts smallint DEFAULT NULL::smallint, max_attempts smallint DEFAULT NULL::smallint) RETURNS SETOF hourly_jobs.jobs
    LANGUAGE sql
    AS $$
  update hourly_jobs.jobs
    set
      run_at = coalesce(reschedule_jobs.run_at, jobs.run_at),
      priority = coalesce(reschedule_jobs.priority, jobs.priority),
      attempts = coalesce(reschedule_jobs.attempts, jobs.attempts),
      max_attempts = coalesce(reschedule_jobs.max_attempts, jobs.max_attempts),
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$;
insert into hourly_jobs.migrations (id, breaking) values (13, true);

-- graphile-worker 000014.sql
--! breaking-change
-- Go back to exposing 'int' on public interfaces, use smallint internally.

drop function hourly_jobs.add_job;
CREATE FUNCTION hourly_jobs.add_job(identifier text, payload json DEFAULT NULL::json, queue_name text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, max_attempts int DEFAULT NULL::int, job_key text DEFAULT NULL::text, priority int DEFAULT NULL::int, flags text[] DEFAULT NULL::text[], job_key_mode text DEFAULT 'replace'::text) RETURNS hourly_jobs.jobs
    LANGUAGE plpgsql
    AS $$
declare
  v_job hourly_jobs.jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from hourly_jobs.add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts::smallint,
        job_key,
        priority::smallint,
        flags
      )::hourly_jobs.job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist
    insert into hourly_jobs.tasks (identifier)
    values (add_job.identifier)
    on conflict do nothing;
    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into hourly_jobs.job_queues (queue_name)
      values (add_job.queue_name)
      on conflict do nothing;
    end if;
    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into hourly_jobs.jobs (
      job_queue_id,
      task_id,
      payload,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      select
        job_queues.id,
        tasks.id,
        coalesce(add_job.payload, '{}'::json),
        coalesce(add_job.run_at, now()),
        coalesce(add_job.max_attempts::smallint, 25::smallint),
        add_job.job_key,
        coalesce(add_job.priority::smallint, 0::smallint),
        (
          select jsonb_object_agg(flag, true)
          from unnest(add_job.flags) as item(flag)
        )
      from hourly_jobs.tasks
      left join hourly_jobs.job_queues
      on job_queues.queue_name = add_job.queue_name
      where tasks.identifier = add_job.identifier
    on conflict (key)
      -- Bump the updated_at so that there's something to return
      do update set
        revision = jobs.revision + 1,
        updated_at = now()
      returning *
      into v_job;
    return v_job;
  else
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
end;
$$;

DROP FUNCTION hourly_jobs.reschedule_jobs;
CREATE FUNCTION hourly_jobs.reschedule_jobs(job_ids bigint[], run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, priority int DEFAULT NULL::int, attempts int DEFAULT NULL::int, max_attempts int DEFAULT NULL::int) RETURNS SETOF hourly_jobs.jobs
    LANGUAGE sql
    AS $$
  update hourly_jobs.jobs
    set
      run_at = coalesce(reschedule_jobs.run_at, jobs.run_at),
      priority = coalesce(reschedule_jobs.priority::smallint, jobs.priority),
      attempts = coalesce(reschedule_jobs.attempts::smallint, jobs.attempts),
      max_attempts = coalesce(reschedule_jobs.max_attempts::smallint, jobs.max_attempts),
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$;
insert into hourly_jobs.migrations (id, breaking) values (14, true);

-- graphile-worker 000015.sql
-- Tidy up from previous migrations
drop function hourly_jobs.jobs__increase_job_queue_count();
drop function hourly_jobs.jobs__decrease_job_queue_count();
drop function hourly_jobs.tg__update_timestamp();

-- Add function to unlock all jobs from the given workers due to a crash or similar
create function hourly_jobs.force_unlock_workers(worker_ids text[]) returns void as $$
update hourly_jobs.jobs
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
update hourly_jobs.job_queues
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
$$ language sql volatile;
insert into hourly_jobs.migrations (id, breaking) values (15, false);

-- graphile-worker 000016.sql
--! breaking-change
alter table hourly_jobs.jobs rename to _private_jobs;
alter table hourly_jobs.job_queues rename to _private_job_queues;
alter table hourly_jobs.tasks rename to _private_tasks;
alter table hourly_jobs.known_crontabs rename to _private_known_crontabs;

DROP FUNCTION hourly_jobs.add_job;
CREATE FUNCTION hourly_jobs.add_job(identifier text, payload json DEFAULT NULL::json, queue_name text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, max_attempts integer DEFAULT NULL::integer, job_key text DEFAULT NULL::text, priority integer DEFAULT NULL::integer, flags text[] DEFAULT NULL::text[], job_key_mode text DEFAULT 'replace'::text) RETURNS hourly_jobs._private_jobs
    LANGUAGE plpgsql
    AS $$
declare
  v_job hourly_jobs._private_jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from hourly_jobs.add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts::smallint,
        job_key,
        priority::smallint,
        flags
      )::hourly_jobs.job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist
    insert into hourly_jobs._private_tasks as tasks (identifier)
    values (add_job.identifier)
    on conflict do nothing;
    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into hourly_jobs._private_job_queues as job_queues (queue_name)
      values (add_job.queue_name)
      on conflict do nothing;
    end if;
    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into hourly_jobs._private_jobs as jobs (
      job_queue_id,
      task_id,
      payload,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      select
        job_queues.id,
        tasks.id,
        coalesce(add_job.payload, '{}'::json),
        coalesce(add_job.run_at, now()),
        coalesce(add_job.max_attempts::smallint, 25::smallint),
        add_job.job_key,
        coalesce(add_job.priority::smallint, 0::smallint),
        (
          select jsonb_object_agg(flag, true)
          from unnest(add_job.flags) as item(flag)
        )
      from hourly_jobs._private_tasks as tasks
      left join hourly_jobs._private_job_queues as job_queues
      on job_queues.queue_name = add_job.queue_name
      where tasks.identifier = add_job.identifier
    on conflict (key)
      -- Bump the updated_at so that there's something to return
      do update set
        revision = jobs.revision + 1,
        updated_at = now()
      returning *
      into v_job;
    return v_job;
  else
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
end;
$$;

DROP FUNCTION hourly_jobs.add_jobs;
CREATE FUNCTION hourly_jobs.add_jobs(specs hourly_jobs.job_spec[], job_key_preserve_run_at boolean DEFAULT false) RETURNS SETOF hourly_jobs._private_jobs
    LANGUAGE plpgsql
    AS $$
begin
  -- Ensure all the tasks exist
  insert into hourly_jobs._private_tasks as tasks (identifier)
  select distinct spec.identifier
  from unnest(specs) spec
  on conflict do nothing;
  -- Ensure all the queues exist
  insert into hourly_jobs._private_job_queues as job_queues (queue_name)
  select distinct spec.queue_name
  from unnest(specs) spec
  where spec.queue_name is not null
  on conflict do nothing;
  -- Ensure any locked jobs have their key cleared - in the case of locked
  -- existing job create a new job instead as it must have already started
  -- executing (i.e. it's world state is out of date, and the fact add_job
  -- has been called again implies there's new information that needs to be
  -- acted upon).
  update hourly_jobs._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  from unnest(specs) spec
  where spec.job_key is not null
  and jobs.key = spec.job_key
  and is_available is not true;
  -- TODO: is there a risk that a conflict could occur depending on the
  -- isolation level?
  return query insert into hourly_jobs._private_jobs as jobs (
    job_queue_id,
    task_id,
    payload,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    select
      job_queues.id,
      tasks.id,
      coalesce(spec.payload, '{}'::json),
      coalesce(spec.run_at, now()),
      coalesce(spec.max_attempts, 25),
      spec.job_key,
      coalesce(spec.priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(spec.flags) as item(flag)
      )
    from unnest(specs) spec
    inner join hourly_jobs._private_tasks as tasks
    on tasks.identifier = spec.identifier
    left join hourly_jobs._private_job_queues as job_queues
    on job_queues.queue_name = spec.queue_name
  on conflict (key) do update set
    job_queue_id = excluded.job_queue_id,
    task_id = excluded.task_id,
    payload =
      case
      when json_typeof(jobs.payload) = 'array' and json_typeof(excluded.payload) = 'array' then
        (jobs.payload::jsonb || excluded.payload::jsonb)::json
      else
        excluded.payload
      end,
    max_attempts = excluded.max_attempts,
    run_at = (case
      when job_key_preserve_run_at is true and jobs.attempts = 0 then jobs.run_at
      else excluded.run_at
    end),
    priority = excluded.priority,
    revision = jobs.revision + 1,
    flags = excluded.flags,
    -- always reset error/retry state
    attempts = 0,
    last_error = null,
    updated_at = now()
  where jobs.locked_at is null
  returning *;
end;
$$;

DROP FUNCTION hourly_jobs.complete_jobs;
CREATE FUNCTION hourly_jobs.complete_jobs(job_ids bigint[]) RETURNS SETOF hourly_jobs._private_jobs
    LANGUAGE sql
    AS $$
  delete from hourly_jobs._private_jobs as jobs
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < now() - interval '4 hours'
    )
    returning *;
$$;

DROP FUNCTION hourly_jobs.force_unlock_workers;
CREATE FUNCTION hourly_jobs.force_unlock_workers(worker_ids text[]) RETURNS void
    LANGUAGE sql
    AS $$
update hourly_jobs._private_jobs as jobs
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
update hourly_jobs._private_job_queues as job_queues
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
$$;

DROP FUNCTION hourly_jobs.permanently_fail_jobs;
CREATE FUNCTION hourly_jobs.permanently_fail_jobs(job_ids bigint[], error_message text DEFAULT NULL::text) RETURNS SETOF hourly_jobs._private_jobs
    LANGUAGE sql
    AS $$
  update hourly_jobs._private_jobs as jobs
    set
      last_error = coalesce(error_message, 'Manually marked as failed'),
      attempts = max_attempts,
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$;

DROP FUNCTION hourly_jobs.remove_job;
CREATE FUNCTION hourly_jobs.remove_job(job_key text) RETURNS hourly_jobs._private_jobs
    LANGUAGE plpgsql STRICT
    AS $$
declare
  v_job hourly_jobs._private_jobs;
begin
  -- Delete job if not locked
  delete from hourly_jobs._private_jobs as jobs
    where key = job_key
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
  returning * into v_job;
  if not (v_job is null) then
    return v_job;
  end if;
  -- Otherwise prevent job from retrying, and clear the key
  update hourly_jobs._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  where key = job_key
  returning * into v_job;
  return v_job;
end;
$$;

DROP FUNCTION hourly_jobs.reschedule_jobs;
CREATE FUNCTION hourly_jobs.reschedule_jobs(job_ids bigint[], run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, priority integer DEFAULT NULL::integer, attempts integer DEFAULT NULL::integer, max_attempts integer DEFAULT NULL::integer) RETURNS SETOF hourly_jobs._private_jobs
    LANGUAGE sql
    AS $$
  update hourly_jobs._private_jobs as jobs
    set
      run_at = coalesce(reschedule_jobs.run_at, jobs.run_at),
      priority = coalesce(reschedule_jobs.priority::smallint, jobs.priority),
      attempts = coalesce(reschedule_jobs.attempts::smallint, jobs.attempts),
      max_attempts = coalesce(reschedule_jobs.max_attempts::smallint, jobs.max_attempts),
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$;
insert into hourly_jobs.migrations (id, breaking) values (16, true);

-- graphile-worker 000017.sql
create view hourly_jobs.jobs as (
  select
    jobs.id,
    job_queues.queue_name,
    tasks.identifier as task_identifier,
    jobs.priority,
    jobs.run_at,
    jobs.attempts,
    jobs.max_attempts,
    jobs.last_error,
    jobs.created_at,
    jobs.updated_at,
    jobs.key,
    jobs.locked_at,
    jobs.locked_by,
    jobs.revision,
    jobs.flags
  from hourly_jobs._private_jobs as jobs
  inner join hourly_jobs._private_tasks as tasks
  on tasks.id = jobs.task_id
  left join hourly_jobs._private_job_queues as job_queues
  on job_queues.id = jobs.job_queue_id
);
insert into hourly_jobs.migrations (id, breaking) values (17, false);

-- graphile-worker 000018.sql
DROP TRIGGER _900_after_insert ON hourly_jobs._private_jobs;
DROP FUNCTION hourly_jobs.tg_jobs__after_insert;

CREATE OR REPLACE FUNCTION hourly_jobs.add_job(identifier text, payload json DEFAULT NULL::json, queue_name text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, max_attempts integer DEFAULT NULL::integer, job_key text DEFAULT NULL::text, priority integer DEFAULT NULL::integer, flags text[] DEFAULT NULL::text[], job_key_mode text DEFAULT 'replace'::text) RETURNS hourly_jobs._private_jobs
    LANGUAGE plpgsql
    AS $$
declare
  v_job hourly_jobs._private_jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from hourly_jobs.add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts::smallint,
        job_key,
        priority::smallint,
        flags
      )::hourly_jobs.job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist
    insert into hourly_jobs._private_tasks as tasks (identifier)
    values (add_job.identifier)
    on conflict do nothing;
    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into hourly_jobs._private_job_queues as job_queues (queue_name)
      values (add_job.queue_name)
      on conflict do nothing;
    end if;
    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into hourly_jobs._private_jobs as jobs (
      job_queue_id,
      task_id,
      payload,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      select
        job_queues.id,
        tasks.id,
        coalesce(add_job.payload, '{}'::json),
        coalesce(add_job.run_at, now()),
        coalesce(add_job.max_attempts::smallint, 25::smallint),
        add_job.job_key,
        coalesce(add_job.priority::smallint, 0::smallint),
        (
          select jsonb_object_agg(flag, true)
          from unnest(add_job.flags) as item(flag)
        )
      from hourly_jobs._private_tasks as tasks
      left join hourly_jobs._private_job_queues as job_queues
      on job_queues.queue_name = add_job.queue_name
      where tasks.identifier = add_job.identifier
    on conflict (key)
      -- Bump the updated_at so that there's something to return
      do update set
        revision = jobs.revision + 1,
        updated_at = now()
      returning *
      into v_job;
    if v_job.revision = 0 then
      perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":1}');
    end if;
    return v_job;
  else
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
end;
$$;

CREATE OR REPLACE FUNCTION hourly_jobs.add_jobs(specs hourly_jobs.job_spec[], job_key_preserve_run_at boolean DEFAULT false) RETURNS SETOF hourly_jobs._private_jobs
    LANGUAGE plpgsql
    AS $$
begin
  -- Ensure all the tasks exist
  insert into hourly_jobs._private_tasks as tasks (identifier)
  select distinct spec.identifier
  from unnest(specs) spec
  on conflict do nothing;
  -- Ensure all the queues exist
  insert into hourly_jobs._private_job_queues as job_queues (queue_name)
  select distinct spec.queue_name
  from unnest(specs) spec
  where spec.queue_name is not null
  on conflict do nothing;
  -- Ensure any locked jobs have their key cleared - in the case of locked
  -- existing job create a new job instead as it must have already started
  -- executing (i.e. it's world state is out of date, and the fact add_job
  -- has been called again implies there's new information that needs to be
  -- acted upon).
  update hourly_jobs._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  from unnest(specs) spec
  where spec.job_key is not null
  and jobs.key = spec.job_key
  and is_available is not true;

  -- WARNING: this count is not 100% accurate; 'on conflict' clause will cause it to be an overestimate
  perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":' || array_length(specs, 1)::text || '}');

  -- TODO: is there a risk that a conflict could occur depending on the
  -- isolation level?
  return query insert into hourly_jobs._private_jobs as jobs (
    job_queue_id,
    task_id,
    payload,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    select
      job_queues.id,
      tasks.id,
      coalesce(spec.payload, '{}'::json),
      coalesce(spec.run_at, now()),
      coalesce(spec.max_attempts, 25),
      spec.job_key,
      coalesce(spec.priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(spec.flags) as item(flag)
      )
    from unnest(specs) spec
    inner join hourly_jobs._private_tasks as tasks
    on tasks.identifier = spec.identifier
    left join hourly_jobs._private_job_queues as job_queues
    on job_queues.queue_name = spec.queue_name
  on conflict (key) do update set
    job_queue_id = excluded.job_queue_id,
    task_id = excluded.task_id,
    payload =
      case
      when json_typeof(jobs.payload) = 'array' and json_typeof(excluded.payload) = 'array' then
        (jobs.payload::jsonb || excluded.payload::jsonb)::json
      else
        excluded.payload
      end,
    max_attempts = excluded.max_attempts,
    run_at = (case
      when job_key_preserve_run_at is true and jobs.attempts = 0 then jobs.run_at
      else excluded.run_at
    end),
    priority = excluded.priority,
    revision = jobs.revision + 1,
    flags = excluded.flags,
    -- always reset error/retry state
    attempts = 0,
    last_error = null,
    updated_at = now()
  where jobs.locked_at is null
  returning *;
end;
$$;

CREATE OR REPLACE FUNCTION hourly_jobs.remove_job(job_key text) RETURNS hourly_jobs._private_jobs
    LANGUAGE plpgsql STRICT
    AS $$
declare
  v_job hourly_jobs._private_jobs;
begin
  -- Delete job if not locked
  delete from hourly_jobs._private_jobs as jobs
    where key = job_key
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
  returning * into v_job;
  if not (v_job is null) then
    perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":-1}');
    return v_job;
  end if;
  -- Otherwise prevent job from retrying, and clear the key
  update hourly_jobs._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  where key = job_key
  returning * into v_job;
  return v_job;
end;
$$;
insert into hourly_jobs.migrations (id, breaking) values (18, false);

-- graphile-worker 000019.sql
--! breaking-change
-- This is just a breaking change marker for the v0.17 worker-centric to
-- pool-centric jump. The migration itself is not breaking.
select 1;
insert into hourly_jobs.migrations (id, breaking) values (19, true);

-- The product's roles and nobody else. Enqueueing alone already reads and replaces jobs by their key.
do $$
declare
  v_table text;
begin
  foreach v_table in array array['_private_jobs', '_private_job_queues', '_private_tasks', '_private_known_crontabs']
  loop
    execute format(
      'create policy hourly_product on hourly_jobs.%I to hourly_app, hourly_worker using (true) with check (true)', v_table
    );
    execute format('grant select, insert, update, delete on hourly_jobs.%I to hourly_worker', v_table);
  end loop;
end
$$;
alter table hourly_jobs.migrations enable row level security;
create policy hourly_product on hourly_jobs.migrations for select to hourly_app, hourly_worker using (true);
grant usage on schema hourly_jobs to hourly_app, hourly_worker;
grant select on hourly_jobs.migrations to hourly_app, hourly_worker;
grant select, insert, update, delete on hourly_jobs._private_jobs to hourly_app;
grant select, insert on hourly_jobs._private_job_queues, hourly_jobs._private_tasks to hourly_app;
revoke all on all functions in schema hourly_jobs from public;
grant execute on all functions in schema hourly_jobs to hourly_app, hourly_worker;

-- Who works on jobs: a worker that was killed leaves its jobs locked, and is known by its silence.
create table public.hourly_job_workers (
  worker_id text not null,
  seen_at timestamptz not null default clock_timestamp(),
  constraint hourly_job_workers_pkey primary key (worker_id)
);

-- What the provider's books and ours say about the same days. A difference is shown until a later comparison of those
-- days finds none.
create table public.hourly_book_comparisons (
  id bigint generated by default as identity not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz not null default clock_timestamp(),
  payments integer not null,
  refunds integer not null,
  disputes integer not null,
  differences jsonb not null,
  constraint hourly_book_comparisons_pkey primary key (id),
  constraint hourly_book_comparisons_order check (to_at > from_at)
);

-- When the inbox's events are tried again is the jobs' to know.
select hourly_jobs.add_job('process_webhook_event', json_build_object('eventId', event_id),
  job_key => 'webhook:' || event_id)
from public.hourly_webhook_events
where processed_at is null;
drop index public.hourly_webhook_events_next;
alter table public.hourly_webhook_events drop column next_attempt_at;
create index hourly_webhook_events_unprocessed on public.hourly_webhook_events (received_at) where processed_at is null;
create index hourly_payments_kept on public.hourly_payments (created_at) where status = 'kept';

do $$
declare
  v_table text;
  v_stranger text;
begin
  foreach v_table in array array['hourly_job_workers', 'hourly_book_comparisons']
  loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on public.%I from public', v_table);
    for v_stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
    loop
      execute format('revoke all on public.%I from %I', v_table, v_stranger);
    end loop;
    execute format(
      'create policy hourly_product on public.%I to hourly_app, hourly_worker using (true) with check (true)', v_table
    );
    execute format('grant select on public.%I to hourly_app, hourly_worker', v_table);
  end loop;
end
$$;
grant insert, update, delete on public.hourly_job_workers to hourly_worker;
grant insert on public.hourly_book_comparisons to hourly_worker;

create index hourly_webhook_events_received on public.hourly_webhook_events (received_at desc, event_id desc);
$hourly_0004_jobs$],
array['0005_receipts', '591fbf2dd2512c2cd0ec5c194d48821c1e0abced1040d19b8c8b326ec7e7b812', $hourly_0005_receipts$-- Receipts: who sold, and what number every payment and every refund got.

-- The seller as it was configured, one row for each change. Receipts keep the one that they were issued under, so that
-- moving or registering for GST changes none that is out. A row without a name: nobody is configured any more.
create table public.hourly_sellers (
  id bigint generated by default as identity not null,
  name text,
  address text,
  -- All of these or none: without them, receipts are plain ones.
  gstin text,
  tax_basis_points integer,
  sac_code text,
  -- The code of the state that customers are supplied in.
  place_of_supply text,
  created_at timestamptz not null default clock_timestamp(),
  constraint hourly_sellers_pkey primary key (id),
  constraint hourly_sellers_name check ((name is null) = (address is null)),
  constraint hourly_sellers_tax check (
    (gstin is null) = (tax_basis_points is null)
    and (gstin is null) = (sac_code is null)
    and (gstin is null) = (place_of_supply is null)
    and (gstin is null or name is not null)
  ),
  constraint hourly_sellers_values check (
    length(gstin) = 15 and tax_basis_points between 1 and 10000 and sac_code ~ '^[0-9]{6}$' and place_of_supply ~ '^[0-9]{2}$'
  )
);

-- One row for each payment that credited a top-up (refund_id null) and for each refund of it that was paid out, live
-- accounts only. Numbered without gaps by seller, kind and financial year (April to March, India's time), at most 16
-- characters: rules 50 and 51 of India's Central Goods and Services Tax Rules, 2017.
create table public.hourly_receipts (
  id uuid not null default gen_random_uuid(),
  account_id bigint not null,
  topup_id uuid not null,
  refund_id uuid,
  -- Of hourly_sellers, whose rows never go away. Null: nobody was configured.
  seller_id bigint,
  -- RV and RF are the vouchers of rules 50 and 51; PR and PF the same of a seller without GST.
  kind text not null,
  gstin text,
  -- The year that it begins in.
  financial_year integer not null,
  serial bigint not null,
  number text not null,
  amount_paise bigint not null,
  -- Included in the amount; all null without GST.
  taxable_paise bigint,
  cgst_paise bigint,
  sgst_paise bigint,
  igst_paise bigint,
  issued_at timestamptz not null,
  constraint hourly_receipts_pkey primary key (id),
  constraint hourly_receipts_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade,
  constraint hourly_receipts_topup_id_fkey foreign key (topup_id)
    references public.hourly_topup_transactions (id) on delete restrict on update cascade,
  constraint hourly_receipts_refund_id_fkey foreign key (refund_id)
    references public.hourly_refunds (id) on delete restrict on update cascade,
  constraint hourly_receipts_kind check (
    kind = case when refund_id is null then case when gstin is null then 'PR' else 'RV' end
      else case when gstin is null then 'PF' else 'RF' end end
  ),
  constraint hourly_receipts_number check (serial >= 1 and number ~ '^[A-Z0-9/-]{1,16}$'),
  constraint hourly_receipts_amount check (amount_paise > 0),
  constraint hourly_receipts_tax check (
    case when gstin is null
      then coalesce(taxable_paise, cgst_paise, sgst_paise, igst_paise) is null
      else coalesce(taxable_paise + cgst_paise + sgst_paise + igst_paise = amount_paise
        and cgst_paise = sgst_paise and least(cgst_paise, igst_paise) = 0
        and least(taxable_paise, cgst_paise, igst_paise) >= 0, false) end
  )
);

create unique index hourly_receipts_series_key
  on public.hourly_receipts (coalesce(gstin, ''), kind, financial_year, serial);
create unique index hourly_receipts_payment_key on public.hourly_receipts (topup_id) where refund_id is null;
create unique index hourly_receipts_refund_id_key on public.hourly_receipts (refund_id);
create index hourly_receipts_account_id_idx on public.hourly_receipts (account_id);
create index hourly_receipts_topup_id_idx on public.hourly_receipts (topup_id);

-- What is out stays as it is.
create trigger append_only before update or delete or truncate on public.hourly_sellers
  for each statement execute function public.hourly_refuse_change();
create trigger append_only before update or delete or truncate on public.hourly_receipts
  for each statement execute function public.hourly_refuse_change();

-- What was paid and paid back before there were receipts, in its order, by a seller who was not configured.
with done as (
  select a.id as account_id, t.id as topup_id, null::uuid as refund_id, 'PR' as kind, t.amount_inr_paise as paise, t.paid_at as at
  from public.hourly_topup_transactions t
  join public.hourly_account_balance a on a.id = t.account_id and a.mode = 'live'
  where t.paid_at is not null
  union all
  select a.id, r.topup_id, r.id, 'PF', r.amount_paise, r.settled_at
  from public.hourly_refunds r
  join public.hourly_account_balance a on a.id = r.account_id and a.mode = 'live'
  where r.status = 'processed'
), numbered as (
  select done.*, y.year, row_number() over (partition by kind, y.year order by at, topup_id, refund_id) as serial
  from done
  cross join lateral (
    select extract(year from done.at at time zone 'Asia/Kolkata' - interval '3 months')::integer
  ) as y (year)
)
insert into public.hourly_receipts (
  account_id, topup_id, refund_id, kind, financial_year, serial, number, amount_paise, issued_at
)
select account_id, topup_id, refund_id, kind, year, serial,
  kind || '/' || lpad((year % 100)::text, 2, '0') || '-' || lpad(((year + 1) % 100)::text, 2, '0') || '/'
    || lpad(serial::text, greatest(6, length(serial::text)), '0'),
  paise, at
from numbered
order by at;

-- Whatever marks a top-up as paid or a refund as paid out gives it its number, in the same transaction: who pays has a
-- receipt, and a number is never given for nothing.
create function public.hourly_issue_payment_receipt() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform public.hourly_issue_receipt(new.id, null);
  return null;
end
$$;
create trigger issue_receipt after insert or update of paid_at on public.hourly_topup_transactions
  for each row when (new.paid_at is not null) execute function public.hourly_issue_payment_receipt();

create function public.hourly_issue_refund_receipt() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform public.hourly_issue_receipt(new.topup_id, new.id);
  return null;
end
$$;
create trigger issue_receipt after insert or update of status, topup_id on public.hourly_refunds
  for each row when (new.status = 'processed' and new.topup_id is not null)
  execute function public.hourly_issue_refund_receipt();

do $$
declare
  v_table text;
  v_stranger text;
begin
  foreach v_table in array array['hourly_sellers', 'hourly_receipts']
  loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on public.%I from public', v_table);
    for v_stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
    loop
      execute format('revoke all on public.%I from %I', v_table, v_stranger);
    end loop;
    execute format(
      'create policy hourly_product on public.%I to hourly_app, hourly_worker using (true) with check (true)', v_table
    );
    execute format('grant select, insert on public.%I to hourly_app, hourly_worker', v_table);
  end loop;
end
$$;
$hourly_0005_receipts$]
  ];
  v_functions constant text[] := array[
array['0010_hourly_time.sql', '18036166189dc3ae4cbba3afb743131b023d53229a1807b34998d9d0481510e6', $hourly_0010_hourly_time_sql$-- How instants leave the database, and how long intervals are, in whole microseconds.
create or replace function public.hourly_iso(p_at timestamptz) returns text
language sql immutable parallel safe
set search_path = ''
as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

create or replace function public.hourly_us(p_interval interval) returns bigint
language sql immutable parallel safe
set search_path = ''
as $$
  select (extract(epoch from p_interval) * 1000000)::bigint
$$;

-- Microseconds as seconds, for JSON.
create or replace function public.hourly_seconds(p_us bigint) returns numeric
language sql immutable parallel safe
set search_path = ''
as $$
  select trim_scale(p_us / 1000000.0)
$$;

-- A generation that is not finished this long after its request has failed as timed out, and is busy no longer.
create or replace function public.hourly_generation_deadline() returns interval
language sql immutable parallel safe
set search_path = ''
as $$
  select interval '15 minutes'
$$;
$hourly_0010_hourly_time_sql$],
array['0020_hourly_refusal.sql', '4ae07c8294ed8b607befdf00f1e4d8132584486082b8b70acb7937ac69a1a522', $hourly_0020_hourly_refusal_sql$-- A refusal is an answer, not an exception: what the call settled before it refused stays settled.
create or replace function public.hourly_refusal(p_reason text, p_data jsonb default null, p_message text default null)
returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object('refusal',
    jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'data', p_data, 'message', p_message)))
$$;
$hourly_0020_hourly_refusal_sql$],
array['0030_hourly_now.sql', '564f11358c181d42d809f4d475dbcc2e322fe06a773b53e14215bc690f95fe09', $hourly_0030_hourly_now_sql$-- The account's clock: what is asked for, or a test account's frozen clock, or the real one; never before the
-- account's last change. Callers read it after they hold the account's lock.
create or replace function public.hourly_now(a public.hourly_account_balance, p_now timestamptz default null)
returns timestamptz
language sql volatile
set search_path = ''
as $$
  select greatest(coalesce(p_now, a.clock_at, clock_timestamp()), a.as_of)
$$;
$hourly_0030_hourly_now_sql$],
array['0040_hourly_stop.sql', 'e2256cfe49480b474ccae1ba554c592067e7d1079c1362e6235f698311173ab7', $hourly_0040_hourly_stop_sql$-- The one rule of what happens when, first half: where an active session stops, and why.
--
-- A guard stops it at the guard's instant, insolvency at the first charge that the balance cannot pay. The earliest
-- counts; at a tie the order is max_hours, hour_end, idle, insufficient_balance: each of them in turn, the last in order
-- first, takes the stop over when it is not later.
create or replace function public.hourly_stop(
  a public.hourly_account_balance,
  out reason text,
  out stop_at timestamptz
)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_idle_at timestamptz := greatest(a.idle_from, a.busy_until) + a.auto_pause_minutes * interval '1 minute';
  v_last_hour_at timestamptz := a.paid_until + (a.max_hours - a.hours_charged) * interval '1 hour';
begin
  reason := 'insufficient_balance';
  -- A million hours are a century: further than any timestamp needs to look.
  stop_at := a.paid_until + least(greatest(a.balance_cents, 0) / a.rate_cents, 1000000) * interval '1 hour';
  if v_idle_at <= stop_at then
    reason := 'idle';
    stop_at := v_idle_at;
  end if;
  if a.hour_end = 'pause' and a.paid_until <= stop_at then
    reason := 'hour_end';
    stop_at := a.paid_until;
  end if;
  if v_last_hour_at <= stop_at then
    reason := 'max_hours';
    stop_at := v_last_hour_at;
  end if;
end
$$;
$hourly_0040_hourly_stop_sql$],
array['0050_hourly_due.sql', 'e85ae3816aa072e28f6307897ea3a67883618294d94fe0521e4737f50610738b', $hourly_0050_hourly_due_sql$-- The one rule, second half: what is due by an instant.
--
-- A charge due at t happens when t < now and t is before the stop. A guard acts when its instant <= now, insolvency
-- when its instant < now. At most p_max_hours are charged; where that cuts, the stop waits for the next pass and the
-- account is up to date only until its new paid-through.
create or replace function public.hourly_due(
  a public.hourly_account_balance,
  p_now timestamptz,
  p_max_hours integer,
  out hours integer,
  out stop_reason text,
  out stop_at timestamptz,
  out settled_until timestamptz
)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_hour_us constant bigint := 3600000000;
  v_stop record := public.hourly_stop(a);
  v_until timestamptz := least(p_now, v_stop.stop_at);
begin
  stop_reason := v_stop.reason;
  stop_at := v_stop.stop_at;
  -- Charges stand at paid_until, one hour later, and so on; those strictly before v_until are due.
  hours := greatest(0, (public.hourly_us(v_until - a.paid_until) + v_hour_us - 1) / v_hour_us);
  settled_until := p_now;
  if hours > p_max_hours then
    hours := p_max_hours;
    settled_until := a.paid_until + hours * interval '1 hour';
    stop_reason := null;
  elsif stop_at > p_now or (stop_at = p_now and stop_reason = 'insufficient_balance') then
    stop_reason := null;
  end if;
  if stop_reason is null then
    stop_at := null;
  end if;
end
$$;

-- The first instant at which hourly_due finds something to do: a microsecond after paid-through for a charge (or for
-- insolvency, which begins with one), the instant itself for a guard. Null while nothing runs.
create or replace function public.hourly_due_at(a public.hourly_account_balance) returns timestamptz
language sql immutable parallel safe
set search_path = ''
as $$
  select case when a.paid_until is not null then least(
    a.paid_until + interval '1 microsecond',
    a.paid_until + (a.max_hours - a.hours_charged) * interval '1 hour',
    case a.hour_end when 'pause' then a.paid_until end,
    greatest(a.idle_from, a.busy_until) + a.auto_pause_minutes * interval '1 minute'
  ) end
$$;

create or replace function public.hourly_keep_due_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.due_at := public.hourly_due_at(new);
  return new;
end
$$;

create or replace trigger keep_due_at before insert or update on public.hourly_account_balance
  for each row execute function public.hourly_keep_due_at();
$hourly_0050_hourly_due_sql$],
array['0060_hourly_json.sql', 'e1bde5202b518c4aae86c9d816b35b9af769badd89ecef189085857d8362059c', $hourly_0060_hourly_json_sql$-- Rows as the API shows them. The account row that is passed in is true at its as_of.

create or replace function public.hourly_active_us(a public.hourly_account_balance) returns bigint
language sql immutable parallel safe
set search_path = ''
as $$
  select a.hours_charged * 3600000000 - coalesce(a.unused_us, public.hourly_us(a.paid_until - a.as_of))
$$;

create or replace function public.hourly_session_json(s public.hourly_usage_sessions, a public.hourly_account_balance)
returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'id', s.id,
    'status', s.status,
    'plan', s.plan,
    'rateCents', s.rate_cents,
    'startedAt', public.hourly_iso(s.started_at),
    'endedAt', public.hourly_iso(s.ended_at),
    'endReason', s.end_reason,
    'pauseReason', s.pause_reason,
    'paidThrough', case s.status when 'active' then public.hourly_iso(a.paid_until) end,
    'activeSeconds', public.hourly_seconds(case s.status when 'ended' then s.active_us else public.hourly_active_us(a) end),
    'hoursCharged', clock.hours_charged,
    'costCents', clock.hours_charged * s.rate_cents::bigint,
    'generationCount', case s.status when 'ended' then s.generation_count else a.generation_count end,
    'maxHours', s.max_hours,
    'hourEnd', s.hour_end,
    'autoPauseMinutes', s.auto_pause_minutes,
    'serverTime', public.hourly_iso(a.as_of)
  )
  from (select case s.status when 'ended' then s.hours_charged else a.hours_charged end) as clock (hours_charged)
$$;

create or replace function public.hourly_session_json_of(p_session_id uuid, a public.hourly_account_balance)
returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select public.hourly_session_json(s, a)
  from public.hourly_usage_sessions s
  where s.id = p_session_id and s.account_id = a.id
$$;

create or replace function public.hourly_plan_json(p public.plan_pricing) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'plan', p.plan,
    'rateCents', p.rate_cents,
    'sessionMinimumHours', p.session_minimum_hours,
    'commitmentHours', p.commitment_hours,
    'minimumTopupCents', p.minimum_topup_cents,
    'maximumTopupCents', p.maximum_topup_cents,
    'topupTiersCents', p.topup_tiers_cents,
    'minimumStartBalanceCents', p.minimum_start_balance_cents,
    'inrPerUsd', p.inr_per_usd
  )
$$;

-- The commitment is the one that was agreed with the first top-up; before it, the plan's.
create or replace function public.hourly_balance_json(a public.hourly_account_balance) returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'balanceCents', a.balance_cents,
    'balanceInrPaise', a.balance_cents * p.inr_per_usd,
    'currency', 'USD',
    'mode', a.mode,
    'frozen', a.balance_cents < 0,
    'refundableCents', greatest(0, least(a.balance_cents - c.remaining_cents, a.paid_in_cents - a.refunded_cents - a.disputed_cents)),
    'hoursRemaining', greatest(0, a.balance_cents) / coalesce(a.rate_cents, p.rate_cents),
    'commitment', jsonb_build_object(
      'hours', c.hours,
      'hoursUsed', least(a.charged_hours, c.hours),
      'remainingCents', c.remaining_cents
    ),
    'plan', public.hourly_plan_json(p)
  )
  from public.plan_pricing p
  cross join lateral (
    select
      coalesce(a.commitment_hours, p.commitment_hours),
      greatest(0, coalesce(a.commitment_cents, p.commitment_hours * p.rate_cents) - a.charged_cents)
  ) as c (hours, remaining_cents)
  where p.plan = 'hourly_standard'
$$;

create or replace function public.hourly_topup_json(t public.hourly_topup_transactions, p_mode text) returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'id', t.id,
    'status', t.status,
    'amountCents', t.amount_cents,
    'amountInrPaise', t.amount_inr_paise,
    'inrPerUsd', t.inr_per_usd,
    'refundedCents', t.refunded_cents,
    'createdAt', public.hourly_iso(t.created_at),
    'paidAt', public.hourly_iso(t.paid_at),
    'accountId', t.account_id::text,
    'mode', p_mode,
    'orderId', t.razorpay_order_id
  )
$$;

create or replace function public.hourly_generation_json(g public.hourly_generations, a public.hourly_account_balance)
returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'id', g.id,
    'sessionId', g.session_id,
    'status', g.status,
    'prompt', g.prompt,
    'model', g.model,
    'params', g.params,
    'output', case g.status when 'completed' then (
      select coalesce(jsonb_agg(jsonb_build_object(
        'url', '/api/hourly-usage/generations/' || o.generation_id || '/outputs/' || o.index,
        'contentType', o.content_type,
        'width', o.width,
        'height', o.height
      ) order by o.index), '[]')
      from public.hourly_generation_outputs o
      where o.generation_id = g.id
    ) end,
    'error', case g.status when 'failed' then jsonb_build_object('code', g.error_code, 'message', g.error_message) end,
    'createdAt', public.hourly_iso(g.created_at),
    'completedAt', public.hourly_iso(g.completed_at),
    'accountId', g.account_id::text,
    'mode', a.mode,
    'jobId', g.job_id,
    'secondsLeft', round(extract(epoch from
      g.created_at + public.hourly_generation_deadline() - public.hourly_now(a)), 3)
  )
$$;
$hourly_0060_hourly_json_sql$],
array['0070_hourly_emit.sql', '4feffd94d30e65eee56999e1554fa3b73921a7479af2918f5980e4e82e57be78', $hourly_0070_hourly_emit_sql$-- Adds an event under the number that the caller took from the account's sequence. It keeps the resource as the API shows
-- it, without what is only ours to know; readers add what depends on them: a checkout from the order, whole addresses.
-- Of these resources only a balance shows its mode.
create or replace function public.hourly_emit(
  p_account_id bigint, p_event_no bigint, p_type text, p_data jsonb, p_at timestamptz
) returns void
language sql volatile
set search_path = ''
as $$
  insert into public.hourly_events (account_id, event_no, type, data, created_at)
  values (p_account_id, p_event_no, p_type,
    p_data - array['accountId', 'jobId', 'secondsLeft']
      - case when p_type in ('balance.low', 'account.frozen') then array[]::text[] else array['mode'] end,
    p_at)
$$;
$hourly_0070_hourly_emit_sql$],
array['0080_hourly_page.sql', '6d0f33a40c9deae40a29cf2e0fc22300c1448f6e2963690a6ba8b085f053f890', $hourly_0080_hourly_page_sql$-- A page of a list from its rows, newest first, of which the caller read one more than fits. The cursor is the number
-- of the last row shown.
create or replace function public.hourly_page(p_numbers bigint[], p_items jsonb[], p_limit integer) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'items', to_jsonb(coalesce(p_items[:p_limit], '{}')),
    'nextCursor', case when cardinality(p_items) > p_limit then p_numbers[p_limit]::text end
  )
$$;
$hourly_0080_hourly_page_sql$],
array['0100_hourly_charge_hours.sql', '32d94f1067816913f63c8cee08991bcf977b057953719ce75f398050f87ebfcc', $hourly_0100_hourly_charge_hours_sql$-- The only writer of charges. Takes hours off the balances of accounts that the caller holds and moves their
-- paid-through on, all of them in one statement. The first hour is due at due_at, each further one due_step later.
do $$
begin
  if to_regtype('public.hourly_charge') is null then
    create type public.hourly_charge as (
      account_id bigint, hours integer, due_at timestamptz, due_step interval, trigger text, as_of timestamptz
    );
  end if;
end
$$;

create or replace function public.hourly_charge_hours(p_charges public.hourly_charge[]) returns void
language sql volatile
set search_path = ''
as $$
  with charges as materialized (
    select
      c.*, a.session_id, a.rate_cents, a.balance_cents, a.hours_charged, a.entry_no, a.event_no,
      -- The next hour cannot be paid any more: said once, when the last one that could be was charged.
      a.balance_cents - c.hours * a.rate_cents::bigint < a.rate_cents as is_low
    from unnest(p_charges) c
    join public.hourly_account_balance a on a.id = c.account_id
    where c.hours > 0
  ), entries as (
    insert into public.hourly_ledger_entries (
      account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents, balance_after_cents, event_no,
      session_id, hour, trigger, effective_at, created_at
    )
    select
      c.account_id, c.entry_no + n, 'hour', c.account_id, 1, c.rate_cents,
      c.balance_cents - n * c.rate_cents::bigint, c.event_no + n,
      c.session_id, c.hours_charged + n, c.trigger, c.due_at + (n - 1) * c.due_step, c.as_of
    from charges c
    cross join generate_series(1, c.hours) n
  ), charged as (
    update public.hourly_account_balance a
    set balance_cents = a.balance_cents - c.hours * c.rate_cents::bigint,
      charged_cents = a.charged_cents + c.hours * c.rate_cents::bigint,
      charged_hours = a.charged_hours + c.hours,
      hours_charged = a.hours_charged + c.hours,
      paid_until = a.paid_until + c.hours * interval '1 hour',
      entry_no = a.entry_no + c.hours,
      event_no = a.event_no + c.hours + c.is_low::integer,
      as_of = c.as_of
    from charges c
    where a.id = c.account_id
    returning a as account, c.is_low
  )
  insert into public.hourly_events (account_id, event_no, type, data, created_at)
  select (account).id, (account).event_no, 'balance.low', public.hourly_balance_json(account), (account).as_of
  from charged
  where is_low
$$;
$hourly_0100_hourly_charge_hours_sql$],
array['0110_hourly_stop_sessions.sql', '51ebfd846fb41aa0f9a2d463e7c2d0c0865ee021e0ade09baf937452f4b85965', $hourly_0110_hourly_stop_sessions_sql$-- The only place where sessions pause or end. The caller holds the accounts; stop_at is at or before as_of.
do $$
begin
  if to_regtype('public.hourly_session_stop') is null then
    create type public.hourly_session_stop as (
      account_id bigint, status text, reason text, stop_at timestamptz, as_of timestamptz
    );
  end if;
end
$$;

create or replace function public.hourly_stop_sessions(p_stops public.hourly_session_stop[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update public.hourly_session_segments g
  set ended_at = s.stop_at
  from unnest(p_stops) s
  join public.hourly_account_balance a on a.id = s.account_id
  where g.session_id = a.session_id and g.ended_at is null;

  -- Ended: the session keeps what its clock on the account came to.
  with ended as (
    update public.hourly_usage_sessions u
    set status = 'ended', ended_at = s.stop_at, end_reason = s.reason, pause_reason = null,
      hours_charged = a.hours_charged,
      active_us = a.hours_charged * 3600000000 - coalesce(a.unused_us, public.hourly_us(a.paid_until - s.stop_at)),
      generation_count = a.generation_count
    from unnest(p_stops) s
    join public.hourly_account_balance a on a.id = s.account_id
    where s.status = 'ended' and u.id = a.session_id
    returning u as session, s.as_of
  ), closed as (
    update public.hourly_account_balance a
    set session_id = null, rate_cents = null, hours_charged = null, paid_until = null, unused_us = null,
      generation_count = null, max_hours = null, hour_end = null, auto_pause_minutes = null, idle_from = null,
      busy_until = null, event_no = a.event_no + 1, as_of = e.as_of
    from ended e
    where a.id = (e.session).account_id
    returning a as account, e.session
  )
  insert into public.hourly_events (account_id, event_no, type, data, created_at)
  select (account).id, (account).event_no, 'session.ended', public.hourly_session_json(session, account), (account).as_of
  from closed;

  -- Paused: the account keeps how much of the charged hours is left.
  with paused as (
    update public.hourly_usage_sessions u
    set status = 'paused', pause_reason = s.reason
    from unnest(p_stops) s
    join public.hourly_account_balance a on a.id = s.account_id
    where s.status = 'paused' and u.id = a.session_id
    returning u as session, s.stop_at, s.as_of
  ), stopped as (
    update public.hourly_account_balance a
    set unused_us = public.hourly_us(a.paid_until - p.stop_at), paid_until = null,
      event_no = a.event_no + 1, as_of = p.as_of
    from paused p
    where a.id = (p.session).account_id
    returning a as account, p.session
  )
  insert into public.hourly_events (account_id, event_no, type, data, created_at)
  select (account).id, (account).event_no, 'session.paused', public.hourly_session_json(session, account), (account).as_of
  from stopped;
end
$$;
$hourly_0110_hourly_stop_sessions_sql$],
array['0120_hourly_settle_accounts.sql', '698875888b324eb7f8cc2dc68edba0cc2815fed0b4ef6cea166fab801f30a373', $hourly_0120_hourly_settle_accounts_sql$-- Brings accounts that the caller holds up to date: charges what is due, then stops what has to stop.
create or replace function public.hourly_settle_accounts(
  p_account_ids bigint[], p_now timestamptz, p_trigger text, p_max_hours integer,
  out hours integer, out paused integer, out ended integer
)
language plpgsql volatile
set search_path = ''
as $$
declare
  v_charges public.hourly_charge[];
  v_stops public.hourly_session_stop[];
begin
  select
    array_agg(row(a.id, d.hours, a.paid_until, interval '1 hour', p_trigger, d.settled_until)::public.hourly_charge),
    array_agg(
      row(a.id, case when d.stop_reason in ('max_hours', 'insufficient_balance') then 'ended' else 'paused' end,
        d.stop_reason, d.stop_at, d.settled_until)::public.hourly_session_stop
    ) filter (where d.stop_reason is not null),
    coalesce(sum(d.hours), 0),
    count(*) filter (where d.stop_reason in ('hour_end', 'idle')),
    count(*) filter (where d.stop_reason in ('max_hours', 'insufficient_balance'))
  into v_charges, v_stops, hours, paused, ended
  -- A join, because a planner that knows the list may prefer to read the whole table.
  from unnest(p_account_ids) as locked (id)
  join public.hourly_account_balance a on a.id = locked.id
  cross join lateral (select public.hourly_now(a, p_now)) as clock (now)
  cross join lateral public.hourly_due(a, clock.now, p_max_hours) d
  where a.due_at <= clock.now;

  if v_charges is not null then
    perform public.hourly_charge_hours(v_charges);
  end if;
  if v_stops is not null then
    perform public.hourly_stop_sessions(v_stops);
  end if;
end
$$;
$hourly_0120_hourly_settle_accounts_sql$],
array['0130_hourly_lock_account.sql', '722b01876ee2272b52836499a976df37101090a9acb49b64c5851ec435e7d631', $hourly_0130_hourly_lock_account_sql$-- Locks an account and settles it. The row that comes back is true now: its as_of is the account's time at which the
-- caller acts. Null fields when there is no such account.
create or replace function public.hourly_settle_locked(a public.hourly_account_balance, p_now timestamptz)
returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := public.hourly_now(a, p_now);
begin
  if a.due_at <= v_now then
    perform public.hourly_settle_accounts(array[a.id], v_now, 'call', 2147483647);
    select * into strict a from public.hourly_account_balance where id = a.id;
  end if;
  a.as_of := v_now;
  return a;
end
$$;

create or replace function public.hourly_lock_account(p_account_id bigint, p_now timestamptz default null)
returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
begin
  select * into a from public.hourly_account_balance where id = p_account_id for no key update;
  if not found then
    return null;
  end if;
  return public.hourly_settle_locked(a, p_now);
end
$$;

-- The same for calls that only show. Where nothing is due it takes no lock and writes nothing.
create or replace function public.hourly_read_account(p_account_id bigint, p_now timestamptz default null)
returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  v_now timestamptz;
begin
  select * into a from public.hourly_account_balance where id = p_account_id;
  if not found then
    return null;
  end if;
  v_now := public.hourly_now(a, p_now);
  if a.due_at <= v_now then
    return public.hourly_lock_account(p_account_id, p_now);
  end if;
  a.as_of := v_now;
  return a;
end
$$;

-- The account as readers show it, at an instant for which it was settled. A STABLE function that begins with it sees the
-- account and everything that hangs on it as they were at one moment; the statements of a volatile one would see
-- whatever others commit in between.
create or replace function public.hourly_account_at(p_account_id bigint, p_at timestamptz)
returns public.hourly_account_balance
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
begin
  select * into a from public.hourly_account_balance where id = p_account_id;
  -- Whoever changed it since it was settled may have left something due by now: it is shown as it is until then.
  a.as_of := greatest(a.as_of, least(p_at, a.due_at - interval '1 microsecond'));
  return a;
end
$$;
$hourly_0130_hourly_lock_account_sql$],
array['0140_hourly_request.sql', '809479ffd9a52e156ba37a2b103916aa362a6b9b2bd18e205f3e7db1888941ec', $hourly_0140_hourly_request_sql$-- Idempotency: what was asked for with a key before. resource_id is set on a replay, refusal when the key stands for
-- something else; both null for a new key or none. Mutations look here before any other check.
create or replace function public.hourly_find_request(
  p_account_id bigint, p_procedure text, p_key text, p_input_hash text,
  out resource_id text, out refusal jsonb
)
language plpgsql stable
set search_path = ''
as $$
declare
  r public.hourly_requests;
begin
  select * into r from public.hourly_requests q where q.account_id = p_account_id and q.key = p_key;
  if not found then
    return;
  end if;
  if r.procedure <> p_procedure or r.input_hash <> p_input_hash then
    refusal := public.hourly_refusal('IDEMPOTENCY_KEY_REUSED');
  else
    resource_id := r.resource_id;
  end if;
end
$$;

create or replace function public.hourly_keep_request(
  p_account_id bigint, p_procedure text, p_key text, p_input_hash text, p_resource_id text
) returns void
language sql volatile
set search_path = ''
as $$
  insert into public.hourly_requests (account_id, key, procedure, input_hash, resource_id)
  select p_account_id, p_key, p_procedure, p_input_hash, p_resource_id
  where p_key is not null
$$;

-- For mutations that have to ask somebody else before they can act.
create or replace function public.find_hourly_request(
  p_account_id bigint, p_procedure text, p_key text, p_input_hash text
) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(r.refusal, jsonb_build_object('resourceId', r.resource_id))
  from public.hourly_find_request(p_account_id, p_procedure, p_key, p_input_hash) r
$$;
$hourly_0140_hourly_request_sql$],
array['0150_hourly_resume_session.sql', 'd4af316eae39d43b1da6a512823c3d07e8e1f2c6528a1b23ba139db5c7065e22', $hourly_0150_hourly_resume_session_sql$-- Resumes the paused session of an account that the caller holds, at its as_of. It goes on inside the hour already
-- paid; with none of it left the next hour is charged at once. Returns a refusal, or null when it is done.
create or replace function public.hourly_resume_session(a public.hourly_account_balance) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  s public.hourly_usage_sessions;
begin
  if a.balance_cents < 0 then
    return public.hourly_refusal('ACCOUNT_FROZEN', jsonb_build_object('balanceCents', a.balance_cents));
  elsif a.unused_us = 0 and a.balance_cents < a.rate_cents then
    return public.hourly_refusal('INSUFFICIENT_BALANCE',
      jsonb_build_object('balanceCents', a.balance_cents, 'requiredCents', a.rate_cents));
  end if;

  update public.hourly_usage_sessions set status = 'active', pause_reason = null where id = a.session_id returning * into s;
  insert into public.hourly_session_segments (session_id, segment_no, started_at)
  select s.id, max(g.segment_no) + 1, a.as_of from public.hourly_session_segments g where g.session_id = s.id;
  update public.hourly_account_balance
  set paid_until = a.as_of + a.unused_us * interval '1 microsecond', unused_us = null, idle_from = a.as_of,
    event_no = a.event_no + 1, as_of = a.as_of
  where id = a.id;
  if a.unused_us = 0 then
    perform public.hourly_charge_hours(array[
      row(a.id, 1, a.as_of, interval '0', 'resume', a.as_of)::public.hourly_charge
    ]);
  end if;
  perform public.hourly_emit(b.id, a.event_no + 1, 'session.resumed', public.hourly_session_json(s, b), a.as_of)
  from public.hourly_account_balance b where b.id = a.id;
  return null;
end
$$;

-- A session as it stands after a call that changed it, seen at the instant of that call.
create or replace function public.hourly_session_json_at(p_session_id uuid, p_at timestamptz) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  s public.hourly_usage_sessions;
begin
  select * into strict s from public.hourly_usage_sessions where id = p_session_id;
  select * into strict a from public.hourly_account_balance where id = s.account_id;
  a.as_of := p_at;
  return public.hourly_session_json(s, a);
end
$$;
$hourly_0150_hourly_resume_session_sql$],
array['0160_hourly_post_entry.sql', '81c000ef4ac1811df5687d130ae0aa9f53e1ec958c04afd781fe1dcb9684ae34', $hourly_0160_hourly_post_entry_sql$-- The writer of every ledger entry that is no charge: one row, and the account it belongs to, which the caller holds and
-- acts on at its as_of. p_cents is what it adds to the balance. Returns the account as it is afterwards.
--
-- A top-up takes the next event's number, for the caller to tell. What a debit does to an open session is told here: the
-- next hour cannot be paid any more, or the balance is below zero and the session is frozen.
create or replace function public.hourly_post_entry(
  a public.hourly_account_balance,
  p_type text,
  p_cents bigint,
  p_topup_id uuid default null,
  p_refund_id uuid default null,
  p_dispute_id text default null,
  p_reason text default null
) returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now constant timestamptz := a.as_of;
  v_before_cents constant bigint := a.balance_cents;
  v_topup_cents constant bigint := case p_type when 'topup' then p_cents else 0 end;
  v_other_side constant bigint := case p_type
    when 'topup' then 2 when 'refund' then 2 when 'promo' then 3 when 'adjustment' then 4 when 'dispute' then 5 end;
begin
  update public.hourly_account_balance b
  set balance_cents = b.balance_cents + p_cents,
    paid_in_cents = b.paid_in_cents + v_topup_cents,
    refunded_cents = b.refunded_cents - case p_type when 'refund' then p_cents else 0 end,
    disputed_cents = b.disputed_cents - case p_type when 'dispute' then p_cents else 0 end,
    -- The first top-up brings the commitment with it.
    commitment_hours = case p_type when 'topup' then coalesce(b.commitment_hours, p.commitment_hours) else b.commitment_hours end,
    commitment_cents = case p_type when 'topup' then coalesce(b.commitment_cents, p.commitment_hours * p.rate_cents)
      else b.commitment_cents end,
    entry_no = b.entry_no + 1,
    event_no = b.event_no + (p_type = 'topup')::integer,
    as_of = v_now
  from public.plan_pricing p
  where b.id = a.id and p.plan = 'hourly_standard'
  returning b.* into strict a;

  insert into public.hourly_ledger_entries (
    account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents, balance_after_cents, event_no,
    topup_id, refund_id, dispute_id, reason, effective_at, created_at
  )
  values (
    a.id, a.entry_no, p_type,
    case when p_cents < 0 then a.id else v_other_side end, case when p_cents < 0 then v_other_side else a.id end,
    abs(p_cents), a.balance_cents, case p_type when 'topup' then a.event_no end,
    p_topup_id, p_refund_id, p_dispute_id, p_reason, v_now, v_now
  );

  if a.session_id is not null and v_before_cents >= a.rate_cents and a.balance_cents < a.rate_cents then
    a := public.hourly_tell_balance(a, 'balance.low');
  end if;
  if v_before_cents >= 0 and a.balance_cents < 0 then
    if a.paid_until is not null then
      perform public.hourly_stop_sessions(array[
        row(a.id, 'paused', 'frozen', v_now, v_now)::public.hourly_session_stop
      ]);
      select * into strict a from public.hourly_account_balance where id = a.id;
    end if;
    a := public.hourly_tell_balance(a, 'account.frozen');
  end if;
  return a;
end
$$;

-- An event about the balance of an account that the caller holds.
create or replace function public.hourly_tell_balance(a public.hourly_account_balance, p_type text)
returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
begin
  update public.hourly_account_balance b set event_no = b.event_no + 1 where b.id = a.id returning b.* into strict a;
  perform public.hourly_emit(a.id, a.event_no, p_type, public.hourly_balance_json(a), a.as_of);
  return a;
end
$$;
$hourly_0160_hourly_post_entry_sql$],
array['0165_hourly_post_topup.sql', '488b84b9d7e84583689f0f515b5696916ce8a2c9a37e43b97745c8cb49129e0d', $hourly_0165_hourly_post_topup_sql$-- Credits a top-up to an account that the caller holds, at its as_of, and tells the customer.
create or replace function public.hourly_post_topup(
  a public.hourly_account_balance, p_topup_id uuid, p_payment_id text
) returns public.hourly_topup_transactions
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
begin
  update public.hourly_topup_transactions
  set status = 'paid', paid_at = a.as_of, razorpay_payment_id = p_payment_id, failure = null, next_check_at = null
  where id = p_topup_id
  returning * into strict t;

  a := public.hourly_post_entry(a, 'topup', t.amount_cents, p_topup_id => t.id);
  perform public.hourly_emit(a.id, a.event_no, 'topup.paid', public.hourly_topup_json(t, a.mode), a.as_of);
  return t;
end
$$;

-- Marks the last attempt to pay a top-up as failed.
create or replace function public.hourly_post_topup_failure(
  a public.hourly_account_balance, p_topup_id uuid, p_failure text
) returns public.hourly_topup_transactions
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
begin
  update public.hourly_topup_transactions set status = 'failed', failure = p_failure
  where id = p_topup_id
  returning * into strict t;
  update public.hourly_account_balance set event_no = a.event_no + 1, as_of = a.as_of where id = a.id;
  perform public.hourly_emit(a.id, a.event_no + 1, 'topup.failed', public.hourly_topup_json(t, a.mode), a.as_of);
  return t;
end
$$;
$hourly_0165_hourly_post_topup_sql$],
array['0200_ensure_hourly_account.sql', 'c5477b5f1874ba4951df805a9a80fbe51d2b38d5671b63f117626b03e0c74d92', $hourly_0200_ensure_hourly_account_sql$-- The customer's account of this mode, made on first use. A test account's clock stands at its creation.
create or replace function public.ensure_hourly_account(p_user_id text, p_mode text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id bigint;
  v_now timestamptz := clock_timestamp();
begin
  select id into v_id from public.hourly_account_balance where user_id = p_user_id and mode = p_mode;
  if not found then
    insert into public.hourly_account_balance (user_id, mode, clock_at, as_of, created_at)
    values (p_user_id, p_mode, case p_mode when 'test' then v_now end, v_now, v_now)
    on conflict (user_id, mode) do nothing;
    select id into strict v_id from public.hourly_account_balance where user_id = p_user_id and mode = p_mode;
  end if;
  return jsonb_build_object('accountId', v_id::text);
end
$$;
$hourly_0200_ensure_hourly_account_sql$],
array['0205_get_hourly_plan.sql', '356614c37a7fa66ac83cb1c03692e02e3a9c01bd1c4ba651ede39bac8b753a24', $hourly_0205_get_hourly_plan_sql$-- The plan that sessions start on, and that top-ups are bought in.
create or replace function public.get_hourly_plan() returns jsonb
language sql stable
set search_path = ''
as $$
  select public.hourly_plan_json(p) from public.plan_pricing p where p.plan = 'hourly_standard'
$$;
$hourly_0205_get_hourly_plan_sql$],
array['0210_get_hourly_status.sql', '09af6a97679791f9c2453fdcfea2328f419be28b3727d73770692c9f9c3c79cb', $hourly_0210_get_hourly_status_sql$create or replace function public.get_hourly_balance(p_account_id bigint, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_read_account(p_account_id, p_now);
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_balance_json(a);
end
$$;

create or replace function public.hourly_status_at(p_account_id bigint, p_at timestamptz) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_account_at(p_account_id, p_at);
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return jsonb_build_object(
    'session', public.hourly_session_json_of(a.session_id, a),
    'balance', public.hourly_balance_json(a),
    'serverTime', public.hourly_iso(a.as_of)
  );
end
$$;

create or replace function public.get_hourly_status(p_account_id bigint, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_at timestamptz := (public.hourly_read_account(p_account_id, p_now)).as_of;
begin
  return public.hourly_status_at(p_account_id, v_at);
end
$$;
$hourly_0210_get_hourly_status_sql$],
array['0300_start_hourly_session.sql', '67bf31b832d953f75928e1b1dc50b7e53b0467a985017467a24a6b8a30fa8f77', $hourly_0300_start_hourly_session_sql$-- Starts a session: charges the plan's minimum at once and lets the clock run.
create or replace function public.start_hourly_session(
  p_account_id bigint,
  p_plan text,
  p_max_hours integer,
  p_hour_end text,
  p_auto_pause_minutes integer,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  p public.plan_pricing;
  s public.hourly_usage_sessions;
  v_now timestamptz := a.as_of;
  v_request record;
  v_required_cents bigint;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;

  v_request := public.hourly_find_request(a.id, 'start', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return public.hourly_session_json_of(v_request.resource_id::uuid, a);
  end if;

  if a.balance_cents < 0 then
    return public.hourly_refusal('ACCOUNT_FROZEN', jsonb_build_object('balanceCents', a.balance_cents));
  elsif a.session_id is not null then
    return public.hourly_refusal('SESSION_ALREADY_OPEN', jsonb_build_object('sessionId', a.session_id));
  end if;

  -- Rows of other products' plans carry no hourly rate.
  select * into p from public.plan_pricing where plan = coalesce(p_plan, 'hourly_standard') and rate_cents is not null;
  if not found then
    return public.hourly_refusal('INVALID_INPUT', null, 'There is no such plan.');
  end if;
  v_required_cents := greatest(p.session_minimum_hours * p.rate_cents::bigint, p.minimum_start_balance_cents);
  if a.balance_cents < v_required_cents then
    return public.hourly_refusal('INSUFFICIENT_BALANCE',
      jsonb_build_object('balanceCents', a.balance_cents, 'requiredCents', v_required_cents));
  end if;

  insert into public.hourly_usage_sessions (
    account_id, session_no, plan, rate_cents, session_minimum_hours, status, started_at, max_hours, hour_end,
    auto_pause_minutes
  )
  values (
    a.id, a.session_no + 1, p.plan, p.rate_cents, p.session_minimum_hours, 'active', v_now,
    case when p_max_hours is not null then greatest(p_max_hours, p.session_minimum_hours) end, p_hour_end, p_auto_pause_minutes
  )
  returning * into s;
  insert into public.hourly_session_segments (session_id, segment_no, started_at) values (s.id, 1, v_now);

  -- The clock starts with nothing paid; charging moves its paid-through on.
  update public.hourly_account_balance
  set session_id = s.id, session_no = s.session_no, rate_cents = s.rate_cents, hours_charged = 0, paid_until = v_now,
    generation_count = 0, max_hours = s.max_hours, hour_end = s.hour_end, auto_pause_minutes = s.auto_pause_minutes,
    idle_from = v_now, event_no = a.event_no + 1, as_of = v_now
  where id = a.id;
  perform public.hourly_charge_hours(array[
    row(a.id, p.session_minimum_hours, v_now, interval '0', 'start', v_now)::public.hourly_charge
  ]);
  perform public.hourly_keep_request(a.id, 'start', p_request_key, p_input_hash, s.id::text);

  perform public.hourly_emit(b.id, a.event_no + 1, 'session.started', public.hourly_session_json(s, b), v_now)
  from public.hourly_account_balance b where b.id = a.id;
  return (
    select public.hourly_session_json(s, b) from public.hourly_account_balance b where b.id = a.id
  );
end
$$;
$hourly_0300_start_hourly_session_sql$],
array['0310_toggle_hourly_session.sql', 'd71e59c33ab286d471879b7fbd949bc6370b27258b3747926be2e99ae91e833d', $hourly_0310_toggle_hourly_session_sql$-- Pauses or resumes. Without p_to it aims at the opposite of the state before settling; where settling already led
-- there, or ended the session, nothing more happens.
create or replace function public.toggle_hourly_session(
  p_account_id bigint,
  p_session_id uuid,
  p_to text,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  s public.hourly_usage_sessions;
  v_open_before uuid;
  v_to text;
  v_request record;
  v_refusal jsonb;
begin
  select * into a from public.hourly_account_balance where id = p_account_id for no key update;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_open_before := a.session_id;
  v_to := coalesce(p_to, case when a.paid_until is not null then 'paused' else 'active' end);
  a := public.hourly_settle_locked(a, p_now);

  v_request := public.hourly_find_request(a.id, 'toggle', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return public.hourly_session_json_of(v_request.resource_id::uuid, a);
  end if;

  select * into s from public.hourly_usage_sessions u
  where u.id = coalesce(p_session_id, v_open_before) and u.account_id = a.id;
  if not found then
    return public.hourly_refusal(case when p_session_id is null then 'NO_OPEN_SESSION' else 'NOT_FOUND' end);
  end if;
  -- A bare toggle whose session settling just ended has nothing left to do; every other one comes too late.
  if s.status = 'ended' and not (p_to is null and s.id is not distinct from v_open_before) then
    return public.hourly_refusal(case when p_session_id is null then 'NO_OPEN_SESSION' else 'SESSION_ENDED' end,
      jsonb_build_object('sessionId', s.id));
  end if;

  if s.status = 'active' and v_to = 'paused' then
    perform public.hourly_stop_sessions(array[
      row(a.id, 'paused', 'user', a.as_of, a.as_of)::public.hourly_session_stop
    ]);
  elsif s.status = 'paused' and v_to = 'active' then
    v_refusal := public.hourly_resume_session(a);
    if v_refusal is not null then
      return v_refusal;
    end if;
  end if;
  perform public.hourly_keep_request(a.id, 'toggle', p_request_key, p_input_hash, s.id::text);
  return public.hourly_session_json_at(s.id, a.as_of);
end
$$;
$hourly_0310_toggle_hourly_session_sql$],
array['0320_end_hourly_session.sql', 'ff580cf82eb9ac0d5e9def6a5a3e962d75b99af3229208b054af28c06a6a190f', $hourly_0320_end_hourly_session_sql$-- Settles, closes and returns the session. One that settling just ended, or that is named and over, is returned as it is.
create or replace function public.end_hourly_session(
  p_account_id bigint,
  p_session_id uuid,
  p_end_reason text,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  s public.hourly_usage_sessions;
  v_open_before uuid;
  v_request record;
begin
  select * into a from public.hourly_account_balance where id = p_account_id for no key update;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_open_before := a.session_id;
  a := public.hourly_settle_locked(a, p_now);

  v_request := public.hourly_find_request(a.id, 'end', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return public.hourly_session_json_of(v_request.resource_id::uuid, a);
  end if;

  select * into s from public.hourly_usage_sessions u
  where u.id = coalesce(p_session_id, v_open_before) and u.account_id = a.id;
  if not found then
    return public.hourly_refusal(case when p_session_id is null then 'NO_OPEN_SESSION' else 'NOT_FOUND' end);
  end if;
  if s.status <> 'ended' then
    perform public.hourly_stop_sessions(array[
      row(a.id, 'ended', p_end_reason, a.as_of, a.as_of)::public.hourly_session_stop
    ]);
  end if;
  perform public.hourly_keep_request(a.id, 'end', p_request_key, p_input_hash, s.id::text);
  return public.hourly_session_json_at(s.id, a.as_of);
end
$$;
$hourly_0320_end_hourly_session_sql$],
array['0330_get_hourly_session.sql', 'fbceb18ad86dc976b0dc0015d69f6c7063cc0d11cbe5c16ee61ad53fbe149503', $hourly_0330_get_hourly_session_sql$-- Active time of a session, stretch by stretch, with the active time that came before each one.
create or replace function public.hourly_session_stretches(p_session_id uuid, p_as_of timestamptz)
returns table (segment_no integer, started_at timestamptz, ended_at timestamptz, before_us bigint, length_us bigint)
language sql stable
set search_path = ''
as $$
  select g.segment_no, g.started_at, g.ended_at,
    (coalesce(sum(l.length_us) over (order by g.segment_no rows between unbounded preceding and 1 preceding), 0))::bigint,
    l.length_us
  from public.hourly_session_segments g
  cross join lateral (
    select public.hourly_us(coalesce(g.ended_at, greatest(p_as_of, g.started_at)) - g.started_at)
  ) as l (length_us)
  where g.session_id = p_session_id
$$;

create or replace function public.hourly_segment_json(p_started_at timestamptz, p_ended_at timestamptz, p_us bigint)
returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'startedAt', public.hourly_iso(p_started_at),
    'endedAt', public.hourly_iso(p_ended_at),
    'seconds', public.hourly_seconds(p_us)
  )
$$;

-- The active time that hour n pays for: what lies between n-1 and n hours of active time. Its last stretch is open
-- (endedAt null) while the session still runs in it.
create or replace function public.hourly_charge_segments(p_session_id uuid, p_hour integer, p_as_of timestamptz)
returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(
    public.hourly_segment_json(
      t.started_at + part.skipped_us * interval '1 microsecond',
      case when t.ended_at is null and t.before_us + t.length_us < hour.until_us then null
        else t.started_at + (part.skipped_us + part.length_us) * interval '1 microsecond' end,
      part.length_us
    ) order by t.segment_no
  ), '[]')
  from (select (p_hour - 1) * 3600000000, p_hour * 3600000000) as hour (from_us, until_us)
  cross join public.hourly_session_stretches(p_session_id, p_as_of) t
  cross join lateral (
    select greatest(0, hour.from_us - t.before_us),
      least(t.length_us, hour.until_us - t.before_us) - greatest(0, hour.from_us - t.before_us)
  ) as part (skipped_us, length_us)
  where part.length_us > 0
    or (part.length_us = 0 and t.ended_at is null and t.before_us + t.length_us < hour.until_us)
$$;

-- A session with the evidence for what it cost.
create or replace function public.hourly_session_detail_at(
  p_account_id bigint, p_session_id uuid, p_at timestamptz
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_account_at(p_account_id, p_at);
  v_session jsonb := public.hourly_session_json_of(p_session_id, a);
begin
  if v_session is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return v_session || jsonb_build_object(
    'segments', (
      select coalesce(jsonb_agg(public.hourly_segment_json(t.started_at, t.ended_at, t.length_us) order by t.segment_no), '[]')
      from public.hourly_session_stretches(p_session_id, a.as_of) t
    ),
    'charges', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'hour', e.hour,
        'amountCents', e.amount_cents,
        'dueAt', public.hourly_iso(e.effective_at),
        'trigger', e.trigger,
        'balanceBeforeCents', e.balance_after_cents + e.amount_cents,
        'balanceAfterCents', e.balance_after_cents,
        'entryNo', e.entry_no,
        'segments', public.hourly_charge_segments(p_session_id, e.hour, a.as_of)
      ) order by e.hour), '[]')
      from public.hourly_ledger_entries e
      where e.session_id = p_session_id and e.type = 'hour'
    )
  );
end
$$;

create or replace function public.get_hourly_session(
  p_account_id bigint, p_session_id uuid, p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_at timestamptz := (public.hourly_read_account(p_account_id, p_now)).as_of;
begin
  return public.hourly_session_detail_at(p_account_id, p_session_id, v_at);
end
$$;

create or replace function public.hourly_sessions_at(
  p_account_id bigint, p_cursor bigint, p_limit integer, p_at timestamptz
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_account_at(p_account_id, p_at);
begin
  return (
    select public.hourly_page(array_agg(s.session_no order by s.session_no desc),
      array_agg(public.hourly_session_json(s, a) order by s.session_no desc), p_limit)
    from (
      select * from public.hourly_usage_sessions u
      where u.account_id = a.id and (p_cursor is null or u.session_no < p_cursor)
      order by u.session_no desc
      limit p_limit + 1
    ) s
  );
end
$$;

create or replace function public.list_hourly_sessions(p_account_id bigint, p_cursor bigint, p_limit integer) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_at timestamptz := (public.hourly_read_account(p_account_id)).as_of;
begin
  return public.hourly_sessions_at(p_account_id, p_cursor, p_limit, v_at);
end
$$;
$hourly_0330_get_hourly_session_sql$],
array['0340_settle_hourly_sessions.sql', '41fb34bb62e8cd70934ba2d6ac3b6cc221165731e24dabae836fcab7c49cceed', $hourly_0340_settle_hourly_sessions_sql$-- One pass of the settlement: the live accounts that have been due the longest, at most p_limit of them, at most 24
-- hours each and about 2000 hours altogether. Accounts that another call holds are skipped, so any number of workers may
-- run at once and none ever waits.
create or replace function public.settle_hourly_sessions(p_limit integer, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_hours_a_pass constant integer := 2000;
  v_now timestamptz := coalesce(p_now, clock_timestamp());
  v_account_ids bigint[];
  v_max_hours integer;
  v_id bigint;
  v_settled record;
  v_hours integer := 0;
  v_paused integer := 0;
  v_ended integer := 0;
  v_failed jsonb := '[]';
begin
  select coalesce(array_agg(due.id), '{}') into v_account_ids
  from (
    select id from public.hourly_account_balance
    where due_at <= v_now and due_at is not null and mode = 'live'
    order by due_at
    limit p_limit
    for no key update skip locked
  ) due;
  v_max_hours := least(24, greatest(1, v_hours_a_pass / greatest(1, cardinality(v_account_ids))));

  begin
    select * into v_settled from public.hourly_settle_accounts(v_account_ids, p_now, 'settlement', v_max_hours);
    v_hours := v_settled.hours;
    v_paused := v_settled.paused;
    v_ended := v_settled.ended;
  exception when others then
    -- One account that cannot be settled must not hold up the others: each by itself then, and that one is named.
    foreach v_id in array v_account_ids loop
      begin
        select * into v_settled from public.hourly_settle_accounts(array[v_id], p_now, 'settlement', v_max_hours);
        v_hours := v_hours + v_settled.hours;
        v_paused := v_paused + v_settled.paused;
        v_ended := v_ended + v_settled.ended;
      exception when others then
        v_failed := v_failed || jsonb_build_object('accountId', v_id::text, 'error', sqlerrm);
      end;
    end loop;
  end;
  return jsonb_build_object(
    'accounts', cardinality(v_account_ids),
    'hours', v_hours,
    'paused', v_paused,
    'ended', v_ended,
    'failed', v_failed,
    -- Those that just failed are due as well, but asking again at once would help nobody.
    'nextDueInSeconds', (
      select round(extract(epoch from due_at - coalesce(p_now, clock_timestamp())), 3)
      from public.hourly_account_balance
      where due_at is not null and mode = 'live'
        and (jsonb_array_length(v_failed) = 0 or not v_failed @> jsonb_build_array(jsonb_build_object('accountId', id::text)))
      order by due_at
      limit 1
    )
  );
end
$$;
$hourly_0340_settle_hourly_sessions_sql$],
array['0400_create_hourly_topup.sql', '87dcecfbe5d130d0ee560c54862fc0d2211b736bfa78e35bf7f8850750f68b0c', $hourly_0400_create_hourly_topup_sql$-- Stores a top-up with its rate, before anybody is asked for money. In test mode it is settled here: paid, or failed
-- when the cents end in 01.
create or replace function public.create_hourly_topup(
  p_account_id bigint,
  p_amount_cents bigint,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  p public.plan_pricing;
  t public.hourly_topup_transactions;
  v_request record;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;

  v_request := public.hourly_find_request(a.id, 'topup', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return public.get_hourly_topup(a.id, v_request.resource_id::uuid);
  end if;

  select * into strict p from public.plan_pricing where plan = 'hourly_standard';
  if p_amount_cents < p.minimum_topup_cents then
    return public.hourly_refusal('AMOUNT_BELOW_MINIMUM', jsonb_build_object('minimumCents', p.minimum_topup_cents));
  elsif p_amount_cents > p.maximum_topup_cents then
    return public.hourly_refusal('AMOUNT_ABOVE_MAXIMUM', jsonb_build_object('maximumCents', p.maximum_topup_cents));
  end if;

  update public.hourly_account_balance set topup_no = a.topup_no + 1, as_of = a.as_of where id = a.id;
  insert into public.hourly_topup_transactions (
    account_id, topup_no, status, amount_cents, amount_inr_paise, inr_per_usd, created_at, next_check_at
  )
  values (
    a.id, a.topup_no + 1, 'created', p_amount_cents, p_amount_cents * p.inr_per_usd, p.inr_per_usd, a.as_of,
    case a.mode when 'live' then clock_timestamp() + interval '2 minutes' end
  )
  returning * into t;
  perform public.hourly_keep_request(a.id, 'topup', p_request_key, p_input_hash, t.id::text);
  if a.mode = 'test' and p_amount_cents % 100 = 1 then
    t := public.hourly_post_topup_failure(a, t.id, 'The amount ends in 01.');
  elsif a.mode = 'test' then
    t := public.hourly_post_topup(a, t.id, null);
  end if;
  return public.hourly_topup_json(t, a.mode);
end
$$;
$hourly_0400_create_hourly_topup_sql$],
array['0405_get_hourly_topup.sql', '39e54df40bb0d9972cb5ce89b9957b8867b4e9f3a9e7e15cb2acb7022c4f3151', $hourly_0405_get_hourly_topup_sql$create or replace function public.hourly_topup_json_of(t public.hourly_topup_transactions) returns jsonb
language sql stable
set search_path = ''
as $$
  select public.hourly_topup_json(t, a.mode) from public.hourly_account_balance a where a.id = t.account_id
$$;

create or replace function public.get_hourly_topup(p_account_id bigint, p_topup_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select public.hourly_topup_json_of(t) from public.hourly_topup_transactions t
     where t.id = p_topup_id and t.account_id = p_account_id),
    public.hourly_refusal('NOT_FOUND'))
$$;

create or replace function public.get_hourly_topup_by_order(p_account_id bigint, p_order_id text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select public.hourly_topup_json_of(t) from public.hourly_topup_transactions t
     where t.razorpay_order_id = p_order_id and t.account_id = p_account_id),
    public.hourly_refusal('NOT_FOUND'))
$$;

create or replace function public.list_hourly_topups(p_account_id bigint, p_cursor bigint, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$
  select public.hourly_page(array_agg(t.topup_no order by t.topup_no desc),
    array_agg(public.hourly_topup_json(t, a.mode) order by t.topup_no desc), p_limit)
  from public.hourly_account_balance a
  cross join lateral (
    select * from public.hourly_topup_transactions u
    where u.account_id = a.id and (p_cursor is null or u.topup_no < p_cursor)
    order by u.topup_no desc
    limit p_limit + 1
  ) t
  where a.id = p_account_id
$$;
$hourly_0405_get_hourly_topup_sql$],
array['0410_claim_hourly_topup_order.sql', '6142bb816ea0ebb80dca0be520f141e449b412810943948e93dc61f8f5f6638c', $hourly_0410_claim_hourly_topup_order_sql$-- One call at a time creates a top-up's order at the provider. A claim lapses, so that a crash in between is made good
-- by the next call; `attempt` tells it to look for the order before it creates one.
create or replace function public.claim_hourly_topup_order(p_topup_id uuid, p_lease_seconds integer) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
  v_claimed boolean;
begin
  update public.hourly_topup_transactions
  set order_attempts = order_attempts + 1,
    order_leased_until = clock_timestamp() + p_lease_seconds * interval '1 second'
  where id = p_topup_id and razorpay_order_id is null
    and (order_leased_until is null or order_leased_until < clock_timestamp())
  returning * into t;
  v_claimed := found;
  if not v_claimed then
    select * into t from public.hourly_topup_transactions where id = p_topup_id;
    if not found then
      return public.hourly_refusal('NOT_FOUND');
    end if;
  end if;
  return jsonb_build_object(
    'claimed', v_claimed, 'attempt', t.order_attempts, 'topup', public.hourly_topup_json_of(t)
  );
end
$$;

-- Stores the order, or with null gives the claim back. An order that is stored is never replaced.
create or replace function public.set_hourly_topup_order(p_topup_id uuid, p_order_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
begin
  update public.hourly_topup_transactions
  set razorpay_order_id = coalesce(razorpay_order_id, p_order_id), order_leased_until = null
  where id = p_topup_id
  returning * into t;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_topup_json_of(t);
end
$$;
$hourly_0410_claim_hourly_topup_order_sql$],
array['0420_add_hourly_balance.sql', 'cba67d4be9cb049b03c4046538e888e20a42b8f9bdf95bf2bcb83eade039400b', $hourly_0420_add_hourly_balance_sql$-- The only way that a payment reaches a balance, whoever reports it: the webhook, the browser or reconciliation. A
-- payment credits once and a top-up is credited once. What does not fit is kept for the operator, never credited by
-- guess and never lost.
drop function if exists public.add_hourly_balance(text, text, bigint, text, text, text, text);

create or replace function public.add_hourly_balance(
  p_payment_id text,
  p_order_id text,
  p_amount_paise bigint,
  p_currency text,
  p_source text,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  v_account public.hourly_account_balance;
  t public.hourly_topup_transactions;
  v_request record;
  v_why text;
  v_is_news boolean;
begin
  -- The account of an order never changes, so it may be read before the lock; everything else is read after it.
  select * into t from public.hourly_topup_transactions where razorpay_order_id = p_order_id;
  if not found then
    insert into public.hourly_payments (payment_id, order_id, status, why, amount_paise, currency, source)
    values (p_payment_id, p_order_id, 'kept', 'unknown_order', p_amount_paise, p_currency, p_source)
    on conflict (payment_id) do nothing;
    return jsonb_build_object('outcome', 'kept', 'why', 'unknown_order', 'topup', null);
  end if;

  a := public.hourly_lock_account(t.account_id, p_now);
  v_request := public.hourly_find_request(a.id, 'confirmTopup', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  end if;
  select * into strict t from public.hourly_topup_transactions where id = t.id;

  v_why := case
    when p_amount_paise <> t.amount_inr_paise or p_currency <> 'INR' then 'amount_mismatch'
    when t.paid_at is not null then 'second_payment'
  end;
  insert into public.hourly_payments as known (payment_id, order_id, topup_id, status, why, amount_paise, currency, source)
  values (p_payment_id, p_order_id, t.id, case when v_why is null then 'credited' else 'kept' end, v_why,
    p_amount_paise, p_currency, p_source)
  -- Payments of different accounts are not kept apart by the account's lock, but by this row.
  on conflict (payment_id) do update
  set order_id = excluded.order_id, topup_id = excluded.topup_id, status = excluded.status, why = excluded.why,
    amount_paise = excluded.amount_paise, currency = excluded.currency, source = excluded.source
  where known.status = 'kept';
  v_is_news := found;

  if v_is_news and v_why is null then
    t := public.hourly_post_topup(a, t.id, p_payment_id);
    select * into strict v_account from public.hourly_account_balance where id = a.id;
    t := public.hourly_adopt_payment(v_account, t);
  end if;
  -- A confirmation that came second has succeeded, too.
  if t.razorpay_payment_id = p_payment_id and v_request.resource_id is null then
    perform public.hourly_keep_request(a.id, 'confirmTopup', p_request_key, p_input_hash, t.id::text);
  end if;
  return jsonb_build_object(
    'outcome', case when not v_is_news then 'duplicate' when v_why is null then 'credited' else 'kept' end,
    'why', case when v_is_news then v_why end,
    'topup', public.hourly_topup_json(t, a.mode)
  );
end
$$;
$hourly_0420_add_hourly_balance_sql$],
array['0430_fail_hourly_topup.sql', 'e929cf8224df91ad129397416941e72e5b8d3d40a22ca77edeae6af43db971e9', $hourly_0430_fail_hourly_topup_sql$-- The provider says that an attempt to pay failed. It may come after a success of the same order and then means nothing.
create or replace function public.fail_hourly_topup(p_order_id text, p_failure text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  t public.hourly_topup_transactions;
begin
  select * into t from public.hourly_topup_transactions where razorpay_order_id = p_order_id;
  if not found then
    return jsonb_build_object('topup', null);
  end if;
  a := public.hourly_lock_account(t.account_id);
  select * into strict t from public.hourly_topup_transactions where id = t.id;
  if t.status = 'created' then
    t := public.hourly_post_topup_failure(a, t.id, p_failure);
  end if;
  return jsonb_build_object('topup', public.hourly_topup_json(t, a.mode));
end
$$;
$hourly_0430_fail_hourly_topup_sql$],
array['0440_reconcile_hourly_topups.sql', 'c84ed5fd4304f6114b20a3ecf14bff29aa8405d9e1a530baf63ae069c1be3125', $hourly_0440_reconcile_hourly_topups_sql$-- Unpaid live top-ups about which the provider is to be asked, each claimed for a while. p_all takes those too whose
-- time has not come.
create or replace function public.claim_hourly_topups_to_reconcile(
  p_limit integer, p_lease_seconds integer, p_all boolean
) returns jsonb
language sql volatile
set search_path = ''
as $$
  with due as (
    select id from public.hourly_topup_transactions
    where next_check_at is not null
      and (p_all or next_check_at <= clock_timestamp())
      and (check_leased_until is null or check_leased_until < clock_timestamp())
    order by next_check_at
    limit p_limit
    for no key update skip locked
  ), claimed as (
    update public.hourly_topup_transactions t
    set check_leased_until = clock_timestamp() + p_lease_seconds * interval '1 second'
    from due
    where t.id = due.id
    returning t as topup
  )
  select jsonb_build_object('topups', coalesce(
    jsonb_agg(public.hourly_topup_json(topup, 'live') order by (topup).created_at), '[]'))
  from claimed
$$;

-- The provider had no captured payment. It is asked again later and later, and for the last time after three days,
-- which is as long as a late authorisation takes: https://razorpay.com/docs/payments/payments/late-authorization/
create or replace function public.record_hourly_topup_unpaid(p_topup_id uuid) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
begin
  update public.hourly_topup_transactions
  set checks = checks + 1,
    status = case when created_at < clock_timestamp() - interval '3 days' then 'expired' else status end,
    next_check_at = case when created_at >= clock_timestamp() - interval '3 days'
      then clock_timestamp() + least(interval '2 minutes' * power(2, least(checks, 10)), interval '6 hours') end
  where id = p_topup_id and paid_at is null
  returning * into t;
  if not found then
    select * into t from public.hourly_topup_transactions where id = p_topup_id;
    if not found then
      return public.hourly_refusal('NOT_FOUND');
    end if;
  end if;
  return public.hourly_topup_json_of(t);
end
$$;
$hourly_0440_reconcile_hourly_topups_sql$],
array['0450_hourly_refunds.sql', '230914ebfde57b9460796157e217a6f2e1697699c63abaf5eb4ffc002ba484d6', $hourly_0450_hourly_refunds_sql$-- Refunds. The ledger is debited before the provider hears of one; what the provider refuses is credited back. A refund
-- that was made outside the product is debited when it is reported, even when that takes the balance below zero.

create or replace function public.hourly_refund_json(r public.hourly_refunds) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', r.id,
    'accountId', r.account_id::text,
    'mode', (select a.mode from public.hourly_account_balance a where a.id = r.account_id),
    'topupId', r.topup_id,
    'paymentId', r.payment_id,
    'amountCents', r.amount_cents,
    'amountPaise', r.amount_paise,
    'status', r.status,
    'source', r.source,
    'providerRefundId', r.razorpay_refund_id,
    'createdAt', public.hourly_iso(r.created_at),
    'settledAt', public.hourly_iso(r.settled_at)
  )
$$;

-- Moves a refund out of the balance of an account that the caller holds, or with p_sign = -1 back into it.
create or replace function public.hourly_post_refund(
  a public.hourly_account_balance, r public.hourly_refunds, p_sign integer default 1
) returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
begin
  if r.amount_cents = 0 then
    return a;
  end if;
  update public.hourly_topup_transactions t
  set refunded_cents = refunded_cents + p_sign * r.amount_cents,
    status = case when refunded_cents + p_sign * r.amount_cents >= amount_cents then 'refunded' else 'paid' end
  where t.id = r.topup_id;
  return public.hourly_post_entry(a, 'refund', -p_sign * r.amount_cents, p_topup_id => r.topup_id, p_refund_id => r.id);
end
$$;

-- The provider has paid the refund out, or has refused it.
create or replace function public.hourly_settle_refund(
  a public.hourly_account_balance, r public.hourly_refunds, p_status text
) returns public.hourly_refunds
language plpgsql volatile
set search_path = ''
as $$
begin
  update public.hourly_refunds set status = p_status, settled_at = coalesce(a.as_of, clock_timestamp())
  where id = r.id
  returning * into strict r;
  if a.id is null then
    return r;
  end if;
  if p_status = 'failed' then
    perform public.hourly_post_refund(a, r, -1);
  else
    update public.hourly_account_balance b set event_no = b.event_no + 1, as_of = a.as_of
    where b.id = a.id
    returning b.event_no into a.event_no;
    perform public.hourly_emit(a.id, a.event_no, 'refund.processed',
      public.hourly_topup_json(t, a.mode) || jsonb_build_object('refund', jsonb_build_object(
        'id', r.id, 'amountCents', r.amount_cents, 'createdAt', public.hourly_iso(r.created_at))), a.as_of)
    from public.hourly_topup_transactions t where t.id = r.topup_id;
  end if;
  return r;
end
$$;

-- The provider is told by a job of the same transaction.
create or replace function public.hourly_enqueue_refund(r public.hourly_refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform hourly_jobs.add_job('send_refund', json_build_object('refundId', r.id), job_key => 'refund:' || r.id);
end
$$;

-- The most that may be refunded of a top-up of this account: no top-up beyond itself, and no account beyond what its
-- commitment leaves.
create or replace function public.hourly_topup_refundable_cents(
  a public.hourly_account_balance, t public.hourly_topup_transactions
) returns bigint
language sql stable
set search_path = ''
as $$
  select greatest(0, least(
    (public.hourly_balance_json(a) ->> 'refundableCents')::bigint,
    t.amount_cents - t.refunded_cents - (
      select coalesce(sum(d.amount_cents), 0) from public.hourly_disputes d
      where d.topup_id = t.id and d.status in ('open', 'lost')
    )
  ))
$$;

-- An operator refunds a top-up, whole or in part, in the payment's currency at the rate that it was bought at. In test
-- mode there is nobody to pay it out: it is processed at once.
create or replace function public.create_hourly_refund(
  p_topup_id uuid,
  p_amount_cents bigint,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  t public.hourly_topup_transactions;
  r public.hourly_refunds;
  v_request record;
  v_maximum_cents bigint;
  v_minimum_cents bigint;
begin
  select * into t from public.hourly_topup_transactions where id = p_topup_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  a := public.hourly_lock_account(t.account_id, p_now);
  v_request := public.hourly_find_request(a.id, 'refund', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return (select public.hourly_refund_json(q) from public.hourly_refunds q where q.id = v_request.resource_id::uuid);
  end if;

  select * into strict t from public.hourly_topup_transactions where id = p_topup_id;
  v_maximum_cents := public.hourly_topup_refundable_cents(a, t);
  -- The provider pays out one rupee at least: https://razorpay.com/docs/api/refunds/
  v_minimum_cents := (100 + t.inr_per_usd - 1) / t.inr_per_usd;
  if t.paid_at is null then
    return public.hourly_refusal('INVALID_INPUT', null, 'The top-up is not paid.');
  elsif p_amount_cents < v_minimum_cents then
    return public.hourly_refusal('AMOUNT_BELOW_MINIMUM', jsonb_build_object('minimumCents', v_minimum_cents),
      'The amount is below the smallest refund.');
  elsif p_amount_cents > v_maximum_cents then
    return public.hourly_refusal('AMOUNT_ABOVE_MAXIMUM', jsonb_build_object('maximumCents', v_maximum_cents),
      'The amount is above what can be refunded.');
  end if;

  insert into public.hourly_refunds (
    account_id, topup_id, payment_id, amount_cents, amount_paise, status, source, created_at
  )
  values (
    a.id, t.id, t.razorpay_payment_id, p_amount_cents, p_amount_cents * t.inr_per_usd, 'pending', 'operator', a.as_of
  )
  returning * into r;
  a := public.hourly_post_refund(a, r);
  perform public.hourly_keep_request(a.id, 'refund', p_request_key, p_input_hash, r.id::text);
  if a.mode = 'test' then
    r := public.hourly_settle_refund(a, r, 'processed');
  else
    perform public.hourly_enqueue_refund(r);
  end if;
  return public.hourly_refund_json(r);
end
$$;

-- An operator gives back a payment that was kept and never credited: what is left of it, once.
create or replace function public.refund_hourly_kept_payment(p_payment_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  pay public.hourly_payments;
  r public.hourly_refunds;
  v_left_paise bigint;
begin
  select * into pay from public.hourly_payments where payment_id = p_payment_id for no key update;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  elsif pay.status <> 'kept' then
    return public.hourly_refusal('INVALID_INPUT', null, 'The payment was credited: refund its top-up.');
  end if;
  select * into r from public.hourly_refunds
  where payment_id = p_payment_id and source = 'operator' and status <> 'failed';
  if not found then
    select pay.amount_paise - coalesce(sum(amount_paise), 0) into v_left_paise
    from public.hourly_refunds where payment_id = p_payment_id and status <> 'failed';
    if v_left_paise <= 0 then
      return public.hourly_refusal('INVALID_INPUT', null, 'The payment is refunded already.');
    end if;
    insert into public.hourly_refunds (payment_id, amount_cents, amount_paise, status, source, created_at)
    values (p_payment_id, 0, v_left_paise, 'pending', 'operator', clock_timestamp())
    returning * into r;
    perform public.hourly_enqueue_refund(r);
  end if;
  return public.hourly_refund_json(r);
end
$$;

-- What a refund or dispute of so many paise takes from the balance: rounded over all refunds of the top-up together, so
-- that parts add up to the whole.
create or replace function public.hourly_refund_cents(t public.hourly_topup_transactions, p_paise bigint) returns bigint
language sql stable
set search_path = ''
as $$
  select greatest(0, round((coalesce(sum(r.amount_paise), 0) + p_paise)::numeric / t.inr_per_usd)
    - coalesce(sum(r.amount_cents), 0))::bigint
  from public.hourly_refunds r
  where r.topup_id = t.id and r.status <> 'failed'
$$;

-- The account that a payment was credited to, locked and settled, and the payment as it stands then, locked as well:
-- that keeps reports about payments without an account apart. Null payment_id when nobody knows the payment, or when it
-- was credited this very moment.
create or replace function public.hourly_lock_payment(
  p_payment_id text, p_now timestamptz, out account public.hourly_account_balance, out payment public.hourly_payments
)
language plpgsql volatile
set search_path = ''
as $$
declare
  v_account_id bigint;
begin
  select t.account_id into v_account_id
  from public.hourly_payments p
  join public.hourly_topup_transactions t on t.id = p.topup_id
  where p.payment_id = p_payment_id and p.status = 'credited';
  if v_account_id is not null then
    account := public.hourly_lock_account(v_account_id, p_now);
  end if;
  select * into payment from public.hourly_payments where payment_id = p_payment_id for no key update;
  if payment.status = 'credited' and v_account_id is null then
    payment := null;
  end if;
end
$$;

-- The provider reports a refund: one of ours, or one that was made outside. Ours are matched by our id first, so that a
-- report which is faster than the answer to our own call is not taken for another refund.
create or replace function public.record_hourly_refund(
  p_refund_id uuid,
  p_provider_refund_id text,
  p_payment_id text,
  p_amount_paise bigint,
  p_status text,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_known record := public.hourly_lock_payment(p_payment_id, p_now);
  a public.hourly_account_balance := v_known.account;
  t public.hourly_topup_transactions;
  r public.hourly_refunds;
  v_is_news boolean := false;
begin
  if (v_known.payment).payment_id is null then
    return jsonb_build_object('outcome', 'unmatched', 'refund', null);
  end if;

  select * into r from public.hourly_refunds where razorpay_refund_id = p_provider_refund_id;
  if not found then
    v_is_news := true;
    -- Not one that was given up and credited back: when the provider made it all the same, it is debited as any other.
    update public.hourly_refunds set razorpay_refund_id = p_provider_refund_id
    where id = p_refund_id and payment_id = p_payment_id and amount_paise = p_amount_paise and razorpay_refund_id is null
      and status = 'pending'
    returning * into r;
  end if;
  if r.id is null then
    if a.id is not null then
      select * into strict t from public.hourly_topup_transactions where id = (v_known.payment).topup_id;
    end if;
    insert into public.hourly_refunds (
      account_id, topup_id, payment_id, amount_cents, amount_paise, status, source, razorpay_refund_id, created_at, settled_at
    )
    values (
      a.id, t.id, p_payment_id,
      -- One that is first heard of when it has failed moves nothing.
      case when t.id is null or p_status = 'failed' then 0 else public.hourly_refund_cents(t, p_amount_paise) end,
      p_amount_paise, case p_status when 'failed' then 'failed' else 'pending' end, 'provider', p_provider_refund_id,
      coalesce(a.as_of, clock_timestamp()), case p_status when 'failed' then coalesce(a.as_of, clock_timestamp()) end
    )
    returning * into r;
    if a.id is not null then
      a := public.hourly_post_refund(a, r);
    end if;
  end if;
  if r.status = 'pending' and p_status <> 'pending' then
    v_is_news := true;
    r := public.hourly_settle_refund(a, r, p_status);
  end if;
  return jsonb_build_object(
    'outcome', case when v_is_news then 'recorded' else 'duplicate' end, 'refund', public.hourly_refund_json(r)
  );
end
$$;

-- The provider refused to pay out a refund of ours that it has no record of: what was debited for it comes back.
create or replace function public.fail_hourly_refund(p_refund_id uuid, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  r public.hourly_refunds;
  v_known record;
begin
  select * into r from public.hourly_refunds where id = p_refund_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_known := public.hourly_lock_payment(r.payment_id, p_now);
  select * into strict r from public.hourly_refunds where id = p_refund_id;
  if r.status = 'pending' and r.razorpay_refund_id is null and (v_known.payment).payment_id is not null then
    r := public.hourly_settle_refund(v_known.account, r, 'failed');
  end if;
  return public.hourly_refund_json(r);
end
$$;

create or replace function public.get_hourly_refund(p_refund_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select public.hourly_refund_json(r) from public.hourly_refunds r where r.id = p_refund_id),
    public.hourly_refusal('NOT_FOUND'))
$$;

-- Refunds on their way for a while already, oldest first: reports about them may have been lost.
create or replace function public.list_hourly_pending_refunds(p_older_than_seconds integer, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('refunds', coalesce(jsonb_agg(public.hourly_refund_json(r) order by r.created_at), '[]'))
  from (
    select * from public.hourly_refunds
    where status = 'pending' and created_at < clock_timestamp() - p_older_than_seconds * interval '1 second'
    order by created_at
    limit p_limit
  ) r
$$;
$hourly_0450_hourly_refunds_sql$],
array['0455_hourly_disputes.sql', '27bcb0d5693842c673c6569696bf155e729bd60f0b95258ecbb0a346cdb72b2e', $hourly_0455_hourly_disputes_sql$-- Disputes. One is debited when it is opened and credited back when it is won, or closed without a decision, once each.
create or replace function public.hourly_dispute_json(d public.hourly_disputes) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', d.dispute_id,
    'accountId', d.account_id::text,
    'topupId', d.topup_id,
    'paymentId', d.payment_id,
    'amountCents', d.amount_cents,
    'amountPaise', d.amount_paise,
    'status', d.status,
    'createdAt', public.hourly_iso(d.created_at),
    'settledAt', public.hourly_iso(d.settled_at)
  )
$$;

create or replace function public.hourly_post_dispute(
  a public.hourly_account_balance, d public.hourly_disputes, p_sign integer default 1
) returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
begin
  if d.amount_cents = 0 then
    return a;
  end if;
  return public.hourly_post_entry(a, 'dispute', -p_sign * d.amount_cents, p_topup_id => d.topup_id, p_dispute_id => d.dispute_id);
end
$$;

create or replace function public.record_hourly_dispute(
  p_dispute_id text, p_payment_id text, p_amount_paise bigint, p_status text, p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_known record := public.hourly_lock_payment(p_payment_id, p_now);
  a public.hourly_account_balance := v_known.account;
  d public.hourly_disputes;
  v_now timestamptz := coalesce(a.as_of, clock_timestamp());
  v_is_returned constant boolean := p_status in ('won', 'closed');
  v_is_news boolean := true;
begin
  if (v_known.payment).payment_id is null then
    return jsonb_build_object('outcome', 'unmatched', 'dispute', null);
  end if;

  select * into d from public.hourly_disputes where dispute_id = p_dispute_id;
  if not found then
    insert into public.hourly_disputes (
      dispute_id, account_id, topup_id, payment_id, amount_cents, amount_paise, status, created_at, settled_at
    )
    select p_dispute_id, a.id, t.id, p_payment_id,
      -- One that is first heard of when it is won moves nothing.
      case when t.id is null or v_is_returned then 0 else round(p_amount_paise::numeric / t.inr_per_usd) end,
      p_amount_paise, p_status, v_now, case when p_status <> 'open' then v_now end
    from (select) as one
    left join public.hourly_topup_transactions t on t.id = (v_known.payment).topup_id and a.id is not null
    returning * into d;
    if a.id is not null then
      perform public.hourly_post_dispute(a, d);
    end if;
  elsif d.status = 'open' and p_status <> 'open' or d.status = 'lost' and v_is_returned then
    update public.hourly_disputes set status = p_status, settled_at = v_now
    where dispute_id = p_dispute_id
    returning * into d;
    if a.id is not null and v_is_returned then
      perform public.hourly_post_dispute(a, d, -1);
    end if;
  else
    v_is_news := false;
  end if;
  return jsonb_build_object(
    'outcome', case when v_is_news then 'recorded' else 'duplicate' end, 'dispute', public.hourly_dispute_json(d)
  );
end
$$;

-- A payment that was kept is credited after all: what was refunded or disputed of it meanwhile follows it into the ledger.
create or replace function public.hourly_adopt_payment(
  a public.hourly_account_balance, t public.hourly_topup_transactions
) returns public.hourly_topup_transactions
language plpgsql volatile
set search_path = ''
as $$
declare
  r public.hourly_refunds;
  d public.hourly_disputes;
begin
  for r in
    select * from public.hourly_refunds
    where payment_id = t.razorpay_payment_id and account_id is null and status <> 'failed'
    order by created_at, id
  loop
    update public.hourly_refunds
    set account_id = a.id, topup_id = t.id, amount_cents = public.hourly_refund_cents(t, r.amount_paise)
    where id = r.id
    returning * into r;
    a := public.hourly_post_refund(a, r);
  end loop;
  for d in
    select * from public.hourly_disputes
    where payment_id = t.razorpay_payment_id and account_id is null and status in ('open', 'lost')
    order by created_at, dispute_id
  loop
    update public.hourly_disputes
    set account_id = a.id, topup_id = t.id, amount_cents = round(d.amount_paise::numeric / t.inr_per_usd)
    where dispute_id = d.dispute_id
    returning * into d;
    a := public.hourly_post_dispute(a, d);
  end loop;
  select * into strict t from public.hourly_topup_transactions where id = t.id;
  return t;
end
$$;
$hourly_0455_hourly_disputes_sql$],
array['0460_adjust_hourly_balance.sql', 'fbb2a6a431b44369ee36206daa6443ed9a4b89ba82124b685f2f163d3bad0c2e', $hourly_0460_adjust_hourly_balance_sql$-- An operator's correction or gift. No correction takes a balance below zero: only a refund or a dispute does.
create or replace function public.adjust_hourly_balance(
  p_account_id bigint,
  p_type text,
  p_amount_cents bigint,
  p_reason text,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  v_request record;
  v_entry_no bigint;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_request := public.hourly_find_request(a.id, 'adjust', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  end if;
  v_entry_no := v_request.resource_id::bigint;

  if v_entry_no is null then
    if p_type not in ('adjustment', 'promo') or p_amount_cents = 0 or (p_type = 'promo' and p_amount_cents < 0) then
      return public.hourly_refusal('INVALID_INPUT', null, 'An adjustment adds or takes cents, a promotion adds them.');
    elsif trim(p_reason) = '' then
      return public.hourly_refusal('INVALID_INPUT', null, 'Say why.');
    elsif p_amount_cents < 0 and a.balance_cents + p_amount_cents < 0 then
      return public.hourly_refusal('INSUFFICIENT_BALANCE',
        jsonb_build_object('balanceCents', a.balance_cents, 'requiredCents', -p_amount_cents));
    end if;
    a := public.hourly_post_entry(a, p_type, p_amount_cents, p_reason => p_reason);
    v_entry_no := a.entry_no;
    perform public.hourly_keep_request(a.id, 'adjust', p_request_key, p_input_hash, v_entry_no::text);
  end if;
  return (
    select public.hourly_ledger_json(e) from public.hourly_ledger_entries e
    where e.account_id = a.id and e.entry_no = v_entry_no
  );
end
$$;
$hourly_0460_adjust_hourly_balance_sql$],
array['0470_hourly_receipts.sql', 'd91d700aba2c14e5597591f2ed1d97e9ff587f5bc29c42f1048740395444eab9', $hourly_0470_hourly_receipts_sql$-- Receipts of payments and refunds. Each one is issued by the transaction that makes the payment or the refund true, under
-- the seller who is configured at that moment.

create or replace function public.hourly_current_seller() returns public.hourly_sellers
language sql stable
set search_path = ''
as $$
  select s from public.hourly_sellers s order by s.id desc limit 1
$$;

-- Null when nobody is configured.
create or replace function public.hourly_seller_json(s public.hourly_sellers) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'name', s.name,
    'address', s.address,
    'tax', case when s.gstin is not null then jsonb_build_object(
      'gstin', s.gstin,
      'basisPoints', s.tax_basis_points,
      'sacCode', s.sac_code,
      'placeOfSupply', s.place_of_supply
    ) end
  )
  where s.name is not null
$$;

-- Stores who sells from now on. The same again changes nothing.
create or replace function public.set_hourly_seller(
  p_name text, p_address text, p_gstin text, p_tax_basis_points integer, p_sac_code text, p_place_of_supply text
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  s public.hourly_sellers := public.hourly_current_seller();
begin
  if (s.name, s.address, s.gstin, s.tax_basis_points, s.sac_code, s.place_of_supply)
    is distinct from (p_name, p_address, p_gstin, p_tax_basis_points, p_sac_code, p_place_of_supply)
  then
    insert into public.hourly_sellers (name, address, gstin, tax_basis_points, sac_code, place_of_supply)
    values (p_name, p_address, p_gstin, p_tax_basis_points, p_sac_code, p_place_of_supply)
    returning * into s;
  end if;
  return jsonb_build_object('seller', public.hourly_seller_json(s));
end
$$;

-- The tax that an amount includes: central and state tax in equal halves where the customer is supplied in the seller's
-- state, else integrated tax. Each tax is rounded to the nearest paisa, and what is left is the taxable value: the parts
-- always add up to the amount. All null without GST.
create or replace function public.hourly_included_tax(
  s public.hourly_sellers, p_paise bigint, out taxable bigint, out cgst bigint, out sgst bigint, out igst bigint
)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_is_in_state constant boolean := left(s.gstin, 2) = s.place_of_supply;
begin
  if s.gstin is null then
    return;
  end if;
  cgst := case when v_is_in_state
    then round(p_paise::numeric * s.tax_basis_points / (2 * (10000 + s.tax_basis_points))) else 0 end;
  sgst := cgst;
  igst := case when v_is_in_state then 0 else round(p_paise::numeric * s.tax_basis_points / (10000 + s.tax_basis_points)) end;
  taxable := p_paise - cgst - sgst - igst;
end
$$;

-- What of a payment's tax goes back with a refund, after so many paise went back before: the refunds of a whole payment
-- give back exactly its tax.
create or replace function public.hourly_refunded_tax(
  s public.hourly_sellers, p_before_paise bigint, p_paise bigint,
  out taxable bigint, out cgst bigint, out sgst bigint, out igst bigint
)
language sql immutable parallel safe
set search_path = ''
as $$
  select now.taxable - before.taxable, now.cgst - before.cgst, now.sgst - before.sgst, now.igst - before.igst
  from public.hourly_included_tax(s, p_before_paise + p_paise) now
  cross join public.hourly_included_tax(s, p_before_paise) before
$$;

-- The year that India's financial year of an instant begins in: it goes from April to March.
create or replace function public.hourly_financial_year(p_at timestamptz) returns integer
language sql stable parallel safe
set search_path = ''
as $$
  select extract(year from p_at at time zone 'Asia/Kolkata' - interval '3 months')::integer
$$;

-- `RV/26-27/000042`: at most 16 characters up to serial 9,999,999.
create or replace function public.hourly_receipt_number(p_kind text, p_financial_year integer, p_serial bigint)
returns text
language sql immutable parallel safe
set search_path = ''
as $$
  select p_kind || '/' || lpad((p_financial_year % 100)::text, 2, '0')
    || '-' || lpad(((p_financial_year + 1) % 100)::text, 2, '0')
    || '/' || lpad(p_serial::text, greatest(6, length(p_serial::text)), '0')
$$;

-- Issues the receipt of a paid top-up (p_refund_id null) or of a refund that was paid out, once. Called by the triggers
-- of these tables; the caller holds the account. Nothing is sold in test mode.
create or replace function public.hourly_issue_receipt(p_topup_id uuid, p_refund_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
  r public.hourly_refunds;
  s public.hourly_sellers;
  v_paid public.hourly_receipts;
  v_new public.hourly_receipts;
  v_tax record;
begin
  select * into strict t from public.hourly_topup_transactions where id = p_topup_id;
  if (select a.mode from public.hourly_account_balance a where a.id = t.account_id) = 'test' then
    return;
  end if;
  if exists (
    select from public.hourly_receipts q where q.topup_id = t.id and q.refund_id is not distinct from p_refund_id
  ) then
    return;
  end if;

  if p_refund_id is null then
    s := public.hourly_current_seller();
    v_new.kind := case when s.gstin is null then 'PR' else 'RV' end;
    v_new.amount_paise := t.amount_inr_paise;
    v_new.issued_at := t.paid_at;
    v_tax := public.hourly_included_tax(s, t.amount_inr_paise);
  else
    -- Under the seller of the payment: its tax is what goes back.
    select * into strict r from public.hourly_refunds where id = p_refund_id;
    select * into strict v_paid from public.hourly_receipts where topup_id = t.id and refund_id is null;
    select * into s from public.hourly_sellers where id = v_paid.seller_id;
    v_new.kind := case when s.gstin is null then 'PF' else 'RF' end;
    v_new.amount_paise := r.amount_paise;
    v_new.issued_at := r.settled_at;
    v_tax := public.hourly_refunded_tax(s, (
      select coalesce(sum(q.amount_paise), 0)::bigint from public.hourly_receipts q
      where q.topup_id = t.id and q.refund_id is not null
    ), r.amount_paise);
  end if;

  v_new.financial_year := public.hourly_financial_year(v_new.issued_at);
  -- One after the other, to the end of each one's transaction: a number that is rolled back is given again. Accounts are
  -- locked before it and never after it.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(
    concat_ws('/', 'hourly_receipts', coalesce(s.gstin, ''), v_new.kind, v_new.financial_year), 0
  ));
  select coalesce(max(q.serial), 0) + 1 into v_new.serial
  from public.hourly_receipts q
  where coalesce(q.gstin, '') = coalesce(s.gstin, '') and q.kind = v_new.kind and q.financial_year = v_new.financial_year;

  insert into public.hourly_receipts (
    account_id, topup_id, refund_id, seller_id, kind, gstin, financial_year, serial, number,
    amount_paise, taxable_paise, cgst_paise, sgst_paise, igst_paise, issued_at
  )
  values (
    t.account_id, t.id, p_refund_id, s.id, v_new.kind, s.gstin, v_new.financial_year, v_new.serial,
    public.hourly_receipt_number(v_new.kind, v_new.financial_year, v_new.serial),
    v_new.amount_paise, v_tax.taxable, v_tax.cgst, v_tax.sgst, v_tax.igst, v_new.issued_at
  );
end
$$;

create or replace function public.hourly_tax_json(p_taxable bigint, p_cgst bigint, p_sgst bigint, p_igst bigint)
returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object('taxablePaise', p_taxable, 'cgstPaise', p_cgst, 'sgstPaise', p_sgst, 'igstPaise', p_igst)
  where p_taxable is not null
$$;

-- The refunds of a top-up that happened or are on their way, oldest first. In test mode there are no numbers, and the tax
-- is what it would be under today's seller.
create or replace function public.hourly_receipt_refunds_json(t public.hourly_topup_transactions) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'status', r.status,
    'at', public.hourly_iso(coalesce(r.settled_at, r.created_at)),
    'amountCents', r.amount_cents,
    'amountPaise', r.amount_paise,
    'number', q.number,
    'tax', case
      when q.id is not null then public.hourly_tax_json(q.taxable_paise, q.cgst_paise, q.sgst_paise, q.igst_paise)
      when a.mode = 'test' then public.hourly_tax_json(f.taxable, f.cgst, f.sgst, f.igst)
    end
  ) order by r.created_at, r.id), '[]')
  from (
    select u.*, (coalesce(sum(u.amount_paise) over (
      order by u.created_at, u.id rows between unbounded preceding and 1 preceding
    ), 0))::bigint as before_paise
    from public.hourly_refunds u
    where u.topup_id = t.id and u.status <> 'failed'
  ) r
  join public.hourly_account_balance a on a.id = t.account_id
  left join public.hourly_receipts q on q.refund_id = r.id
  cross join lateral public.hourly_refunded_tax(public.hourly_current_seller(), r.before_paise, r.amount_paise) f
$$;

-- Everything that a top-up's receipt shows. A test account's has no number, and the tax that it would have today.
create or replace function public.get_hourly_topup_receipt(p_account_id bigint, p_topup_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  t public.hourly_topup_transactions;
  q public.hourly_receipts;
  s public.hourly_sellers;
  v_tax record;
begin
  select * into t from public.hourly_topup_transactions where id = p_topup_id and account_id = p_account_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  elsif t.paid_at is null then
    return public.hourly_refusal('NOT_FOUND', null, 'The top-up is not paid: there is no receipt of it.');
  end if;
  select * into strict a from public.hourly_account_balance where id = t.account_id;
  select * into q from public.hourly_receipts where topup_id = t.id and refund_id is null;
  if a.mode = 'test' then
    s := public.hourly_current_seller();
  else
    select * into s from public.hourly_sellers where id = q.seller_id;
  end if;
  v_tax := public.hourly_included_tax(s, t.amount_inr_paise);
  return jsonb_build_object(
    'mode', a.mode,
    'userId', a.user_id,
    'seller', public.hourly_seller_json(s),
    'number', q.number,
    'issuedAt', public.hourly_iso(coalesce(q.issued_at, t.paid_at)),
    'tax', case
      when q.id is not null then public.hourly_tax_json(q.taxable_paise, q.cgst_paise, q.sgst_paise, q.igst_paise)
      else public.hourly_tax_json(v_tax.taxable, v_tax.cgst, v_tax.sgst, v_tax.igst)
    end,
    'topupId', t.id,
    'status', t.status,
    'amountCents', t.amount_cents,
    'amountInrPaise', t.amount_inr_paise,
    'inrPerUsd', t.inr_per_usd,
    'refundedCents', t.refunded_cents,
    'orderId', t.razorpay_order_id,
    'paymentId', t.razorpay_payment_id,
    'refunds', public.hourly_receipt_refunds_json(t),
    'disputes', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'status', d.status,
        'at', public.hourly_iso(coalesce(d.settled_at, d.created_at)),
        'amountCents', d.amount_cents,
        'amountPaise', d.amount_paise
      ) order by d.created_at, d.dispute_id), '[]')
      from public.hourly_disputes d
      where d.topup_id = t.id
    )
  );
end
$$;

-- A session, settled, with whose it is and who sold it.
create or replace function public.get_hourly_session_receipt(p_account_id bigint, p_session_id uuid) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session jsonb := public.get_hourly_session(p_account_id, p_session_id);
begin
  if v_session ? 'refusal' then
    return v_session;
  end if;
  return (
    select jsonb_build_object(
      'mode', a.mode,
      'userId', a.user_id,
      'seller', public.hourly_seller_json(public.hourly_current_seller()),
      'session', v_session
    )
    from public.hourly_account_balance a
    where a.id = p_account_id
  );
end
$$;

-- Of entries that are about a payment, the rupees that moved: {"12": 830000, "15": -415000}.
create or replace function public.get_hourly_entry_paise(p_account_id bigint, p_first_no bigint, p_last_no bigint)
returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(e.entry_no, case when e.credit_account_id = e.account_id then m.paise else -m.paise end), '{}')
  from public.hourly_ledger_entries e
  cross join lateral (
    select case e.type
      when 'topup' then (select t.amount_inr_paise from public.hourly_topup_transactions t where t.id = e.topup_id)
      when 'refund' then (select r.amount_paise from public.hourly_refunds r where r.id = e.refund_id)
      when 'dispute' then (select d.amount_paise from public.hourly_disputes d where d.dispute_id = e.dispute_id)
    end
  ) as m (paise)
  where e.account_id = p_account_id and e.entry_no between p_first_no and p_last_no and m.paise is not null
$$;
$hourly_0470_hourly_receipts_sql$],
array['0490_get_hourly_generation.sql', 'b8a617f408a8c9d4eff275f36677dc7a119bb6a9b785ddeb80b452969ff494d4', $hourly_0490_get_hourly_generation_sql$create or replace function public.hourly_generation_json_of(g public.hourly_generations) returns jsonb
language sql volatile
set search_path = ''
as $$
  select public.hourly_generation_json(g, a) from public.hourly_account_balance a where a.id = g.account_id
$$;

create or replace function public.get_hourly_generation(p_account_id bigint, p_generation_id uuid) returns jsonb
language sql volatile
set search_path = ''
as $$
  select coalesce(
    (select public.hourly_generation_json_of(g) from public.hourly_generations g
     where g.id = p_generation_id and g.account_id = p_account_id),
    public.hourly_refusal('NOT_FOUND'))
$$;

create or replace function public.list_hourly_generations(p_account_id bigint, p_cursor bigint, p_limit integer)
returns jsonb
language sql volatile
set search_path = ''
as $$
  select public.hourly_page(array_agg(g.generation_no order by g.generation_no desc),
    array_agg(public.hourly_generation_json(g, a) order by g.generation_no desc), p_limit)
  from public.hourly_account_balance a
  cross join lateral (
    select * from public.hourly_generations h
    where h.account_id = a.id and (p_cursor is null or h.generation_no < p_cursor)
    order by h.generation_no desc
    limit p_limit + 1
  ) g
  where a.id = p_account_id
$$;
$hourly_0490_get_hourly_generation_sql$],
array['0500_admit_hourly_generation.sql', '36a65897430ebf186045ba63a04e2e3dbff8e46c949a157f88da9f7cbc4a9a3c', $hourly_0500_admit_hourly_generation_sql$-- Admits a generation: the session is active and paid at this instant. It counts as activity from its request until it
-- is finished, or until its deadline.
create or replace function public.admit_hourly_generation(
  p_account_id bigint,
  p_session_id uuid,
  p_prompt text,
  p_model text,
  p_params jsonb,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  s public.hourly_usage_sessions;
  g public.hourly_generations;
  v_request record;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;

  v_request := public.hourly_find_request(a.id, 'generate', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return jsonb_build_object('admitted', false,
      'generation', public.get_hourly_generation(a.id, v_request.resource_id::uuid));
  end if;

  select * into s from public.hourly_usage_sessions u
  where u.id = coalesce(p_session_id, a.session_id) and u.account_id = a.id;
  if s.id is null and p_session_id is not null then
    return public.hourly_refusal('NOT_FOUND');
  elsif a.balance_cents < 0 then
    return public.hourly_refusal('ACCOUNT_FROZEN', jsonb_build_object('balanceCents', a.balance_cents));
  elsif s.id is null then
    return public.hourly_refusal('NO_OPEN_SESSION');
  elsif s.status = 'ended' then
    return public.hourly_refusal('SESSION_ENDED', jsonb_build_object('sessionId', s.id));
  elsif s.status = 'paused' then
    return public.hourly_refusal('SESSION_PAUSED', jsonb_build_object('sessionId', s.id));
  end if;

  insert into public.hourly_generations (
    account_id, generation_no, session_id, status, prompt, model, params, created_at, look_after_at
  )
  values (
    a.id, a.generation_no + 1, s.id, 'queued', p_prompt, p_model, p_params, a.as_of,
    clock_timestamp() + interval '10 seconds'
  )
  returning * into g;
  update public.hourly_account_balance
  set generation_no = g.generation_no, generation_count = generation_count + 1, idle_from = a.as_of,
    busy_until = a.as_of + public.hourly_generation_deadline(), as_of = a.as_of
  where id = a.id;
  perform public.hourly_keep_request(a.id, 'generate', p_request_key, p_input_hash, g.id::text);
  return jsonb_build_object('admitted', true, 'generation', public.hourly_generation_json(g, a));
end
$$;
$hourly_0500_admit_hourly_generation_sql$],
array['0510_finish_hourly_generation.sql', '6929dba0639e553c6289b361f3d526194172cffe4188fe9d3e98e1d0a5276cfa', $hourly_0510_finish_hourly_generation_sql$-- Finishes a generation of an account that the caller holds, at its as_of. Whatever is heard of it after its deadline, it
-- has timed out by then.
create or replace function public.hourly_finish_generation(
  a public.hourly_account_balance,
  g public.hourly_generations,
  p_status text,
  p_error_code text,
  p_error_message text
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_deadline timestamptz := g.created_at + public.hourly_generation_deadline();
begin
  if a.as_of >= v_deadline then
    p_status := 'failed';
    p_error_code := 'TIMED_OUT';
    p_error_message := 'The generation did not finish within 15 minutes.';
  end if;
  update public.hourly_generations
  set status = p_status, error_code = p_error_code, error_message = p_error_message, completed_at = a.as_of,
    look_after_at = null
  where id = g.id
  returning * into strict g;

  update public.hourly_account_balance b
  set event_no = a.event_no + (p_status <> 'cancelled')::integer, as_of = a.as_of
  where b.id = a.id;
  -- Being busy ends its idle time only for the session it belongs to, and only while that is open.
  update public.hourly_account_balance b
  set idle_from = greatest(a.idle_from, least(a.as_of, v_deadline)),
    busy_until = (
      select max(o.created_at) + public.hourly_generation_deadline()
      from public.hourly_generations o
      where o.session_id = g.session_id and o.completed_at is null
    )
  where b.id = a.id and b.session_id = g.session_id;
  if p_status <> 'cancelled' then
    perform public.hourly_emit(a.id, a.event_no + 1, 'generation.' || p_status,
      public.hourly_generation_json(g, a), a.as_of);
  end if;
  return public.hourly_generation_json(g, a);
end
$$;

create or replace function public.finish_hourly_generation(
  p_generation_id uuid,
  p_status text,
  p_error_code text,
  p_error_message text,
  p_content_types text[],
  p_widths integer[],
  p_heights integer[],
  p_bodies bytea[],
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  g public.hourly_generations;
begin
  select * into g from public.hourly_generations where id = p_generation_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  a := public.hourly_lock_account(g.account_id, p_now);
  select * into strict g from public.hourly_generations where id = p_generation_id;
  if g.completed_at is not null then
    return public.hourly_generation_json(g, a);
  end if;
  insert into public.hourly_generation_outputs (generation_id, index, content_type, width, height, body)
  select g.id, o.n - 1, o.content_type, o.width, o.height, o.body
  from unnest(p_content_types, p_widths, p_heights, p_bodies) with ordinality
    as o (content_type, width, height, body, n)
  where p_status = 'completed' and a.as_of < g.created_at + public.hourly_generation_deadline();
  return public.hourly_finish_generation(a, g, p_status, p_error_code, p_error_message);
end
$$;

-- Cancels an unfinished generation; a finished one stays as it is.
create or replace function public.cancel_hourly_generation(
  p_account_id bigint,
  p_generation_id uuid,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  g public.hourly_generations;
  v_request record;
begin
  v_request := public.hourly_find_request(p_account_id, 'cancelGeneration', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  end if;
  select * into g from public.hourly_generations where id = p_generation_id and account_id = a.id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  if v_request.resource_id is null then
    perform public.hourly_keep_request(a.id, 'cancelGeneration', p_request_key, p_input_hash, g.id::text);
  end if;
  if g.completed_at is not null then
    return public.hourly_generation_json(g, a);
  end if;
  return public.hourly_finish_generation(a, g, 'cancelled', null, null);
end
$$;
$hourly_0510_finish_hourly_generation_sql$],
array['0520_hourly_generation_jobs.sql', '67ad1c49a9cb2793f65bf6dc26bc37d9b5b120fd94177197eeac991f17d3685b', $hourly_0520_hourly_generation_jobs_sql$-- The provider's job of a generation. The first one counts when two submitters raced.
create or replace function public.set_hourly_generation_job(p_generation_id uuid, p_job_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  g public.hourly_generations;
begin
  update public.hourly_generations set job_id = coalesce(job_id, p_job_id) where id = p_generation_id returning * into g;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_generation_json_of(g);
end
$$;

create or replace function public.mark_hourly_generation_running(p_generation_id uuid) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  g public.hourly_generations;
begin
  update public.hourly_generations set status = 'running' where id = p_generation_id and status = 'queued';
  select * into g from public.hourly_generations where id = p_generation_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_generation_json_of(g);
end
$$;

-- Somebody looks after this generation for a while more; workers leave it alone meanwhile.
create or replace function public.hold_hourly_generation(p_generation_id uuid, p_lease_seconds integer) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  g public.hourly_generations;
begin
  update public.hourly_generations set look_after_at = clock_timestamp() + p_lease_seconds * interval '1 second'
  where id = p_generation_id and completed_at is null;
  select * into g from public.hourly_generations where id = p_generation_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_generation_json_of(g);
end
$$;

-- Unfinished generations that nobody looks after, each claimed for a while.
create or replace function public.claim_hourly_generations(p_limit integer, p_lease_seconds integer) returns jsonb
language sql volatile
set search_path = ''
as $$
  with due as (
    select id from public.hourly_generations
    where look_after_at <= clock_timestamp()
    order by look_after_at
    limit p_limit
    for no key update skip locked
  ), claimed as (
    update public.hourly_generations g
    set look_after_at = clock_timestamp() + p_lease_seconds * interval '1 second'
    from due
    where g.id = due.id
    returning g as generation
  )
  select jsonb_build_object('generations', coalesce(
    jsonb_agg(public.hourly_generation_json_of(generation) order by (generation).created_at), '[]'))
  from claimed
$$;
$hourly_0520_hourly_generation_jobs_sql$],
array['0600_list_hourly_transactions.sql', '6f07c97acd7bb8f20385638a05a28ee383bb38768971fc6dfc01ea5a60bb3444', $hourly_0600_list_hourly_transactions_sql$create or replace function public.hourly_ledger_json(e public.hourly_ledger_entries) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'entryNo', e.entry_no,
    'type', e.type,
    'amountCents', case when e.credit_account_id = e.account_id then e.amount_cents else -e.amount_cents end,
    'balanceAfterCents', e.balance_after_cents,
    'sessionId', e.session_id,
    'hour', e.hour,
    'topupId', e.topup_id,
    'effectiveAt', public.hourly_iso(e.effective_at),
    'createdAt', public.hourly_iso(e.created_at),
    'description', case e.type
      when 'topup' then 'Top-up'
      when 'hour' then 'Hour ' || e.hour || ' of a session'
      when 'refund' then case when e.debit_account_id = e.account_id then 'Refund' else 'Refund that failed' end
      when 'dispute' then case when e.debit_account_id = e.account_id then 'Dispute' else 'Dispute returned' end
      else e.reason
    end
  )
$$;

create or replace function public.list_hourly_transactions(p_account_id bigint, p_cursor bigint, p_limit integer)
returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_read_account(p_account_id);
begin
  return (
    select public.hourly_page(array_agg(e.entry_no order by e.entry_no desc),
      array_agg(public.hourly_ledger_json(e) order by e.entry_no desc), p_limit)
    from (
      select * from public.hourly_ledger_entries l
      where l.account_id = a.id and (p_cursor is null or l.entry_no < p_cursor)
      order by l.entry_no desc
      limit p_limit + 1
    ) e
  );
end
$$;
$hourly_0600_list_hourly_transactions_sql$],
array['0610_get_hourly_usage.sql', '3809a6d751515b2d07b42cf4af4028de89c72ab4f05d639734078e10899a9023', $hourly_0610_get_hourly_usage_sql$-- Hours, cost and generations by day of the given time zone; an hour belongs to the day on which it became due.
create or replace function public.get_hourly_usage(
  p_account_id bigint, p_from date, p_to date, p_tz text, p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_read_account(p_account_id, p_now);
  v_to date := coalesce(p_to, (a.as_of at time zone p_tz)::date);
  v_from date := coalesce(p_from, v_to - 29);
  v_starts_at timestamptz := v_from::timestamp at time zone p_tz;
  v_ends_at timestamptz := (v_to + 1)::timestamp at time zone p_tz;
begin
  if v_from > v_to then
    return public.hourly_refusal('INVALID_INPUT', null, 'from is after to.');
  elsif v_to - v_from >= 366 then
    return public.hourly_refusal('INVALID_INPUT', null, 'The range is longer than 366 days.');
  end if;
  return (
    with charged as (
      select (e.effective_at at time zone p_tz)::date as day, count(*) as hours, sum(e.amount_cents) as cost_cents
      from public.hourly_ledger_entries e
      where e.account_id = a.id and e.type = 'hour' and e.effective_at >= v_starts_at and e.effective_at < v_ends_at
      group by 1
    ), generated as (
      select (g.created_at at time zone p_tz)::date as day, count(*) as generations
      from public.hourly_generations g
      where g.account_id = a.id and g.created_at >= v_starts_at and g.created_at < v_ends_at
      group by 1
    )
    select jsonb_build_object('days', jsonb_agg(jsonb_build_object(
      'date', to_char(d.day, 'YYYY-MM-DD'),
      'hours', coalesce(charged.hours, 0),
      'costCents', coalesce(charged.cost_cents, 0),
      'generations', coalesce(generated.generations, 0)
    ) order by d.day))
    from (select (v_from + n) from generate_series(0, v_to - v_from) n) as d (day)
    left join charged on charged.day = d.day
    left join generated on generated.day = d.day
  );
end
$$;
$hourly_0610_get_hourly_usage_sql$],
array['0620_advance_hourly_clock.sql', 'e2c3216c02886fde491c8c6a6fb2a218f3ab6c5e9ba912fa1974574eb1d4efbb', $hourly_0620_advance_hourly_clock_sql$-- Moves a test account's frozen clock and settles at once.
create or replace function public.advance_hourly_clock(
  p_account_id bigint, p_advance_us bigint, p_request_key text default null, p_input_hash text default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id);
  v_request record;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_request := public.hourly_find_request(a.id, 'advanceClock', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is null then
    if a.mode <> 'test' then
      return public.hourly_refusal('TEST_MODE_ONLY');
    end if;
    update public.hourly_account_balance set clock_at = clock_at + p_advance_us * interval '1 microsecond'
    where id = a.id;
    perform public.hourly_keep_request(a.id, 'advanceClock', p_request_key, p_input_hash, a.id::text);
    a := public.hourly_lock_account(p_account_id);
  end if;
  return jsonb_build_object('now', public.hourly_iso(a.as_of));
end
$$;
$hourly_0620_advance_hourly_clock_sql$],
array['0700_hourly_api_keys.sql', '4f87365762271683ac926b204c49d5e40d3e8b4f2e39e9ea4e3b694e4268a124', $hourly_0700_hourly_api_keys_sql$create or replace function public.hourly_api_key_json(k public.hourly_api_keys, p_mode text) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'id', k.id,
    'name', k.name,
    'mode', p_mode,
    'prefix', k.prefix,
    'createdAt', public.hourly_iso(k.created_at),
    'expiresAt', public.hourly_iso(k.expires_at),
    'lastUsedAt', public.hourly_iso(k.last_used_at),
    'revokedAt', public.hourly_iso(k.revoked_at)
  )
$$;

-- Whose key this is. Revocation and expiry hold from the instant they are written; real time, in test mode too.
create or replace function public.authenticate_hourly_api_key(p_secret_hash text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  k public.hourly_api_keys;
  a public.hourly_account_balance;
begin
  select * into k from public.hourly_api_keys where secret_hash = p_secret_hash;
  if not found or k.revoked_at is not null or k.expires_at <= clock_timestamp() then
    return public.hourly_refusal('UNAUTHENTICATED');
  end if;
  if k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '1 minute' then
    update public.hourly_api_keys set last_used_at = clock_timestamp() where id = k.id;
  end if;
  select * into strict a from public.hourly_account_balance where id = k.account_id;
  return jsonb_build_object('keyId', k.id, 'accountId', a.id::text, 'userId', a.user_id, 'mode', a.mode);
end
$$;

create or replace function public.create_hourly_api_key(
  p_account_id bigint,
  p_name text,
  p_prefix text,
  p_secret_hash text,
  p_expires_at timestamptz,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  k public.hourly_api_keys;
  v_request record;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_request := public.hourly_find_request(a.id, 'keys.create', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    select * into strict k from public.hourly_api_keys where id = v_request.resource_id::uuid;
    return jsonb_build_object('created', false, 'key', public.hourly_api_key_json(k, a.mode));
  end if;
  if p_expires_at <= clock_timestamp() then
    return public.hourly_refusal('INVALID_INPUT', null, 'expiresAt is in the past.');
  end if;
  update public.hourly_account_balance set key_no = a.key_no + 1 where id = a.id;
  insert into public.hourly_api_keys (account_id, key_no, name, prefix, secret_hash, expires_at)
  values (a.id, a.key_no + 1, p_name, p_prefix, p_secret_hash, p_expires_at)
  returning * into k;
  perform public.hourly_keep_request(a.id, 'keys.create', p_request_key, p_input_hash, k.id::text);
  return jsonb_build_object('created', true, 'key', public.hourly_api_key_json(k, a.mode));
end
$$;

create or replace function public.revoke_hourly_api_key(
  p_account_id bigint,
  p_key_id uuid,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  k public.hourly_api_keys;
  v_request record;
begin
  v_request := public.hourly_find_request(a.id, 'keys.revoke', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  end if;
  update public.hourly_api_keys set revoked_at = coalesce(revoked_at, clock_timestamp())
  where id = p_key_id and account_id = a.id
  returning * into k;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  if v_request.resource_id is null then
    perform public.hourly_keep_request(a.id, 'keys.revoke', p_request_key, p_input_hash, k.id::text);
  end if;
  return public.hourly_api_key_json(k, a.mode);
end
$$;

create or replace function public.list_hourly_api_keys(p_account_id bigint, p_cursor bigint, p_limit integer)
returns jsonb
language sql stable
set search_path = ''
as $$
  select public.hourly_page(array_agg(k.key_no order by k.key_no desc),
    array_agg(public.hourly_api_key_json(k, a.mode) order by k.key_no desc), p_limit)
  from public.hourly_account_balance a
  cross join lateral (
    select * from public.hourly_api_keys q
    where q.account_id = a.id and (p_cursor is null or q.key_no < p_cursor)
    order by q.key_no desc
    limit p_limit + 1
  ) k
  where a.id = p_account_id
$$;
$hourly_0700_hourly_api_keys_sql$],
array['0710_hourly_webhook_events.sql', '7c6406c3096f587b78a1589bbc57f405fe06a46cfe40a5e13825637730f1f9c3', $hourly_0710_hourly_webhook_events_sql$-- The inbox of the payment provider's events: stored before they are answered and worked off at once. The job that is
-- enqueued with each one makes good what was not.
drop function if exists public.claim_hourly_webhook_events(integer, integer);

create or replace function public.store_hourly_webhook_event(p_event_id text, p_type text, p_body text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_is_new boolean;
begin
  insert into public.hourly_webhook_events (event_id, type, body)
  values (p_event_id, p_type, p_body)
  on conflict (event_id) do nothing;
  v_is_new := found;
  if v_is_new then
    perform hourly_jobs.add_job('process_webhook_event', json_build_object('eventId', p_event_id),
      run_at => clock_timestamp() + interval '30 seconds', job_key => 'webhook:' || p_event_id);
  end if;
  return (
    select jsonb_build_object('isNew', v_is_new, 'processed', w.processed_at is not null)
    from public.hourly_webhook_events w
    where w.event_id = p_event_id
  );
end
$$;

-- Notes how an attempt went. What is processed needs its job no more, unless that is at it just now.
create or replace function public.settle_hourly_webhook_event(p_event_id text, p_error text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  w public.hourly_webhook_events;
begin
  update public.hourly_webhook_events
  set attempts = attempts + 1,
    last_error = coalesce(p_error, last_error),
    processed_at = case when p_error is null then coalesce(processed_at, clock_timestamp()) else processed_at end
  where event_id = p_event_id
  returning * into w;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  if p_error is null then
    delete from hourly_jobs._private_jobs where key = 'webhook:' || p_event_id and locked_at is null;
  end if;
  return jsonb_build_object('processed', w.processed_at is not null);
end
$$;

create or replace function public.get_hourly_webhook_event(p_event_id text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select jsonb_build_object(
      'eventId', w.event_id,
      'type', w.type,
      'body', w.body,
      'receivedAt', public.hourly_iso(w.received_at),
      'processedAt', public.hourly_iso(w.processed_at),
      'attempts', w.attempts,
      'lastError', w.last_error)
     from public.hourly_webhook_events w where w.event_id = p_event_id),
    public.hourly_refusal('NOT_FOUND'))
$$;
$hourly_0710_hourly_webhook_events_sql$],
array['0720_add_hourly_book_comparison.sql', '25a71b503bf04fe87ed13a4d262eedf8fee5b823ec58ffd2a36863aa5c4a2b80', $hourly_0720_add_hourly_book_comparison_sql$-- Keeps what a comparison of the provider's books with ours found.
create or replace function public.add_hourly_book_comparison(
  p_from timestamptz, p_to timestamptz, p_started_at timestamptz,
  p_payments integer, p_refunds integer, p_disputes integer, p_differences jsonb
) returns jsonb
language sql volatile
set search_path = ''
as $$
  insert into public.hourly_book_comparisons (from_at, to_at, started_at, payments, refunds, disputes, differences)
  values (p_from, p_to, p_started_at, p_payments, p_refunds, p_disputes, p_differences)
  returning jsonb_build_object('id', id::text)
$$;
$hourly_0720_add_hourly_book_comparison_sql$],
array['0730_hourly_job_workers.sql', 'fae270effa04fba2b605d91351553a094ac8c323a93f5ce9fd66ee322b936040', $hourly_0730_hourly_job_workers_sql$-- A worker says that it lives, and takes away the jobs of those that have been silent for a minute: a process that was
-- killed gives nothing back by itself. Jobs are safe to do twice, so that a worker which was only slow does no harm.
create or replace function public.beat_hourly_job_worker(p_worker_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_silent_since constant timestamptz := clock_timestamp() - interval '1 minute';
  v_silent text[];
begin
  insert into public.hourly_job_workers (worker_id) values (p_worker_id)
  on conflict (worker_id) do update set seen_at = clock_timestamp();
  delete from public.hourly_job_workers where seen_at < v_silent_since - interval '1 day';

  select coalesce(array_agg(distinct j.locked_by), '{}') into v_silent
  from hourly_jobs._private_jobs j
  where j.locked_at < v_silent_since
    and not exists (
      select from public.hourly_job_workers w where w.worker_id = j.locked_by and w.seen_at >= v_silent_since
    );
  if cardinality(v_silent) > 0 then
    perform hourly_jobs.force_unlock_workers(v_silent);
  end if;
  return jsonb_build_object('released', to_jsonb(v_silent));
end
$$;

-- It stops in good order: whatever it could not finish is anybody's.
create or replace function public.retire_hourly_job_worker(p_worker_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from public.hourly_job_workers where worker_id = p_worker_id;
  perform hourly_jobs.force_unlock_workers(array[p_worker_id]);
  return '{}';
end
$$;
$hourly_0730_hourly_job_workers_sql$],
array['0800_audit_hourly_accounts.sql', '9eb0cd56bc3ac5ada28b52f037fbd4a254b26c1cdbd87d43ce6634f21a03e8cf', $hourly_0800_audit_hourly_accounts_sql$-- Recomputes what the books say from what they were made from, for some accounts at a time, and tells every difference.
-- Balances follow from the ledger alone; hours and their instants follow from the segments alone.
create or replace function public.hourly_audit_ledger(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  with entries as (
    select n.*,
      -- Where a number or a balance leaves the rail, and not all that follows it.
      n.number_gap is distinct from lag(n.number_gap, 1, 0::bigint) over w as is_number_off,
      n.balance_gap <> 0 and n.balance_gap is distinct from lag(n.balance_gap) over w as is_balance_off
    from (
      select e.entry_no, e.type, e.debit_account_id, e.credit_account_id, e.amount_cents, e.balance_after_cents,
        e.event_no, e.topup_id, s.signed_cents,
        e.entry_no - row_number() over w as number_gap,
        e.balance_after_cents - sum(s.signed_cents) over w as balance_gap
      from public.hourly_ledger_entries e
      cross join lateral (
        select case when e.credit_account_id = a.id then e.amount_cents else -e.amount_cents end
      ) as s (signed_cents)
      where e.account_id = a.id
      window w as (order by e.entry_no)
    ) n
    window w as (order by n.entry_no)
  ), sums as (
    select count(*) as entries, coalesce(sum(signed_cents), 0) as balance_cents,
      coalesce(sum(amount_cents) filter (where type = 'hour'), 0) as charged_cents,
      count(*) filter (where type = 'hour') as charged_hours,
      coalesce(sum(amount_cents) filter (where type = 'topup'), 0) as paid_in_cents,
      coalesce(-sum(signed_cents) filter (where type = 'refund'), 0) as refunded_cents,
      coalesce(-sum(signed_cents) filter (where type = 'dispute'), 0) as disputed_cents
    from entries
  )
  select 'entry number', (entry_no - number_gap)::text, entry_no::text from entries where is_number_off
  union all
  select 'balance after entry ' || entry_no, (balance_after_cents - balance_gap)::text, balance_after_cents::text
  from entries where is_balance_off
  union all
  select 'other side of entry ' || entry_no, t.expected, t.found
  from entries
  cross join lateral (
    select case type when 'hour' then '1' when 'topup' then '2' when 'refund' then '2' when 'promo' then '3'
      when 'adjustment' then '4' when 'dispute' then '5' end,
      case when credit_account_id = a.id then debit_account_id else credit_account_id end::text
  ) as t (expected, found)
  where t.expected <> t.found
  union all
  select 'top-up of entry ' || e.entry_no, e.amount_cents || ' cents, paid', coalesce(t.amount_cents || ' cents, ' || t.status, 'none')
  from entries e
  left join public.hourly_topup_transactions t on t.id = e.topup_id and t.account_id = a.id
  where e.type = 'topup'
    and (t.id is null or t.amount_cents <> e.amount_cents or t.status not in ('paid', 'refunded'))
  union all
  select 'ledger entry of paid top-up ' || t.id, t.amount_cents || ' cents', 'none'
  from public.hourly_topup_transactions t
  where t.account_id = a.id and t.paid_at is not null
    and not exists (
      select from public.hourly_ledger_entries e where e.type = 'topup' and e.topup_id = t.id and e.account_id = a.id
    )
  union all
  select v.what, v.expected::text, v.found::text
  from sums
  cross join lateral (values
    ('last entry number', sums.entries, a.entry_no),
    ('balance', sums.balance_cents, a.balance_cents),
    ('sum of charges', sums.charged_cents, a.charged_cents),
    ('hours ever charged', sums.charged_hours, a.charged_hours),
    ('sum of top-ups', sums.paid_in_cents, a.paid_in_cents),
    ('sum of refunds', sums.refunded_cents, a.refunded_cents),
    ('sum of disputes', sums.disputed_cents, a.disputed_cents)
  ) as v (what, expected, found)
  where v.expected <> v.found
  union all
  select 'payment of top-up ' || t.id, t.amount_inr_paise || ' paise', coalesce(p.amount_paise || ' paise', 'none')
  from public.hourly_topup_transactions t
  left join public.hourly_payments p on p.payment_id = t.razorpay_payment_id and p.topup_id = t.id and p.status = 'credited'
  where t.account_id = a.id and t.paid_at is not null and a.mode = 'live'
    and p.amount_paise is distinct from t.amount_inr_paise
  union all
  select 'events', a.event_no || ' up to number ' || a.event_no, events.total || ' up to number ' || events.last_no
  from (
    -- A charged hour's event is its ledger row.
    select count(distinct n.event_no) as total, coalesce(max(n.event_no), 0) as last_no
    from (
      select v.event_no from public.hourly_events v where v.account_id = a.id
      union all
      select e.event_no from entries e where e.type = 'hour'
    ) n
  ) as events
  where events.total <> a.event_no or events.last_no <> a.event_no
$$;

-- What left the balance again: each refund and dispute has moved its cents out once, and back once when it failed or was
-- won; top-ups add up; and an account below zero runs no session.
create or replace function public.hourly_audit_refunds(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  with moves as (
    select 'refund ' || r.id as name, r.topup_id, r.amount_cents,
      case when r.amount_cents = 0 then 0 else 1 end as out_times, (r.status = 'failed' and r.amount_cents > 0)::integer as back_times
    from public.hourly_refunds r where r.account_id = a.id
    union all
    select 'dispute ' || d.dispute_id, d.topup_id, d.amount_cents,
      case when d.amount_cents = 0 then 0 else 1 end, (d.status in ('won', 'closed') and d.amount_cents > 0)::integer
    from public.hourly_disputes d where d.account_id = a.id
  ), entries as (
    select e.type || ' ' || coalesce(e.refund_id::text, e.dispute_id) as name, e.topup_id, e.amount_cents, e.debit_account_id = a.id as is_out
    from public.hourly_ledger_entries e
    where e.account_id = a.id and e.type in ('refund', 'dispute')
  ), sums as (
    select e.name, count(*) filter (where is_out) as out_times, count(*) filter (where not is_out) as back_times,
      min(e.amount_cents) as least_cents, max(e.amount_cents) as most_cents, min(e.topup_id::text) as topup_id
    from entries e
    group by e.name
  )
  select 'entries of ' || coalesce(m.name, s.name),
    coalesce(m.amount_cents || ' cents of ' || m.topup_id || ', ' || m.out_times || ' out, ' || m.back_times || ' back', 'none'),
    coalesce(s.least_cents || ' cents of ' || s.topup_id || ', ' || s.out_times || ' out, ' || s.back_times || ' back', 'none')
  from moves m
  full join sums s on s.name = m.name
  where (m.name is null)
    or (s.name is null and m.out_times > 0)
    or (s.out_times, s.back_times, s.least_cents, s.most_cents, s.topup_id)
      is distinct from (m.out_times::bigint, m.back_times::bigint, m.amount_cents, m.amount_cents, m.topup_id::text)
      and s.name is not null
  union all
  select 'refunds of top-up ' || t.id, r.cents::text, t.refunded_cents::text
  from public.hourly_topup_transactions t
  cross join lateral (
    select coalesce(sum(q.amount_cents), 0) from public.hourly_refunds q where q.topup_id = t.id and q.status <> 'failed'
  ) as r (cents)
  where t.account_id = a.id and t.refunded_cents <> r.cents
  union all
  select 'state of top-up ' || t.id, case when t.refunded_cents >= t.amount_cents then 'refunded' else 'paid' end, t.status
  from public.hourly_topup_transactions t
  where t.account_id = a.id and t.paid_at is not null
    and t.status <> case when t.refunded_cents >= t.amount_cents then 'refunded' else 'paid' end
  union all
  select 'running session of a frozen account', 'none', a.session_id::text
  where a.balance_cents < 0 and a.paid_until is not null
$$;

-- The active time of all sessions, stretch by stretch, with the active time of its session that came before each one.
create or replace function public.hourly_account_stretches(a public.hourly_account_balance)
returns table (
  session_id uuid, rate_cents integer, session_minimum_hours integer, started_at timestamptz, before_us bigint, length_us bigint
)
language sql stable
set search_path = ''
as $$
  select g.session_id, s.rate_cents, s.session_minimum_hours, g.started_at,
    (coalesce(sum(l.length_us) over (
      partition by g.session_id order by g.segment_no rows between unbounded preceding and 1 preceding
    ), 0))::bigint,
    l.length_us
  from public.hourly_usage_sessions s
  join public.hourly_session_segments g on g.session_id = s.id
  cross join lateral (
    select (extract(epoch from coalesce(g.ended_at, greatest(a.as_of, g.started_at)) - g.started_at) * 1000000)::bigint
  ) as l (length_us)
  where s.account_id = a.id
$$;

-- Every hour that the segments of the sessions make due, when, and by which trigger: the minimum at the start; hour n+1 at
-- a resume with exactly n hours of active time, else when active time passes n hours. Of several stretches that begin
-- with the same active time, the first one paid for the hour.
drop function if exists public.hourly_expected_charges(public.hourly_usage_sessions, timestamptz);
create or replace function public.hourly_expected_charges(a public.hourly_account_balance)
returns table (session_id uuid, hour integer, due_at timestamptz, trigger text, amount_cents integer)
language sql stable
set search_path = ''
as $$
  with due as (
    select s.id as session_id, n as hour, s.started_at as due_at, 'start' as trigger, s.rate_cents
    from public.hourly_usage_sessions s
    cross join lateral generate_series(1::bigint, s.session_minimum_hours) n
    where s.account_id = a.id
    union all
    select t.session_id, h.n, t.started_at + (h.n - 1) * interval '1 hour' - t.before_us * interval '1 microsecond',
      case when (h.n - 1) * 3600000000 = t.before_us then 'resume' else 'settlement or call' end, t.rate_cents
    from public.hourly_account_stretches(a) t
    -- Hours whose first instant lies in this stretch: its very start counts (a resume), also where nothing follows; its
    -- end does not.
    cross join lateral generate_series(
      (t.before_us + 3599999999) / 3600000000 + 1,
      greatest(t.before_us + t.length_us - 1, t.before_us) / 3600000000 + 1
    ) as h (n)
    where h.n > t.session_minimum_hours
  )
  select d.session_id, d.hour::integer, min(d.due_at), min(d.trigger), d.rate_cents
  from due d
  group by d.session_id, d.hour, d.rate_cents
$$;

-- Segments and the state of their session: they begin with it, follow one another, each begins where the customer was
-- told of a resume, and end with it; one is open while it runs.
create or replace function public.hourly_audit_segments(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  with segments as (
    select s.id, g.segment_no, g.started_at, g.ended_at,
      lag(coalesce(g.ended_at, 'infinity')) over (partition by s.id order by g.segment_no) as previous_ended_at
    from public.hourly_usage_sessions s
    join public.hourly_session_segments g on g.session_id = s.id
    where s.account_id = a.id
  ), sessions as (
    select s.*, min(g.started_at) as first_started_at, max(g.ended_at) as last_ended_at,
      count(*) filter (where g.segment_no is not null and g.ended_at is null) as running
    from public.hourly_usage_sessions s
    left join public.hourly_session_segments g on g.session_id = s.id
    where s.account_id = a.id
    group by s.id
  ), resumes as (
    select v.data ->> 'id' as session_id, v.created_at,
      1 + row_number() over (partition by v.data ->> 'id' order by v.event_no) as segment_no
    from public.hourly_events v
    where v.account_id = a.id and v.type = 'session.resumed'
  )
  select 'first segment of session ' || id, started_at::text, coalesce(first_started_at::text, 'none')
  from sessions where first_started_at is distinct from started_at
  union all
  select 'order of the segments of session ' || id, 'from ' || previous_ended_at, started_at::text
  from segments where started_at < previous_ended_at
  union all
  select 'resume of session ' || coalesce(r.session_id, g.id::text), coalesce(r.created_at::text, 'none'),
    coalesce(g.started_at::text, 'none')
  from (select * from segments where segment_no > 1) g
  full join resumes r on r.session_id = g.id::text and r.segment_no = g.segment_no
  where r.created_at is distinct from g.started_at
  union all
  select 'end of session ' || id, ended_at::text, coalesce(last_ended_at::text, 'none')
  from sessions
  where last_ended_at > ended_at
    or (end_reason in ('insufficient_balance', 'max_hours') and last_ended_at is distinct from ended_at)
  union all
  select 'running segment of session ' || id, (status = 'active')::integer::text, running::text
  from sessions where running <> (status = 'active')::integer
  union all
  select 'state of session ' || id, status, case when a.paid_until is null then 'paused' else 'active' end
  from sessions where id = a.session_id and (status = 'active') <> (a.paid_until is not null)
$$;

create or replace function public.hourly_audit_sessions(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  with charged as (
    select e.session_id, e.hour, e.effective_at, e.amount_cents, e.trigger
    from public.hourly_ledger_entries e
    where e.account_id = a.id and e.type = 'hour'
  ), hours as (
    select 'hour ' || coalesce(x.hour, c.hour) || ' of session ' || coalesce(x.session_id, c.session_id) as name,
      coalesce(x.amount_cents || ' cents due ' || x.due_at, 'no charge') as expected,
      coalesce(c.amount_cents || ' cents due ' || c.effective_at, 'no charge') as found,
      x.session_id is null or c.session_id is null or x.due_at <> c.effective_at or x.amount_cents <> c.amount_cents as is_off,
      x.trigger as expected_trigger, c.trigger
    from public.hourly_expected_charges(a) x
    full join charged c on c.session_id = x.session_id and c.hour = x.hour
    where x.session_id is null or c.session_id is null or x.due_at <> c.effective_at or x.amount_cents <> c.amount_cents
      or strpos(x.trigger, c.trigger) = 0
  ), totals as (
    -- Added up rather than joined: the planner takes every account for an average one, and where it loops over one with
    -- a million charges it never ends.
    select t.session_id, sum(t.charges) as charges, sum(t.active_us) as active_us, max(t.hours_charged) as hours_charged,
      max(t.charged_us) as charged_us
    from (
      select s.id as session_id, 0 as charges, 0 as active_us, coalesce(s.hours_charged, a.hours_charged) as hours_charged,
        coalesce(s.active_us, public.hourly_active_us(a)) as charged_us
      from public.hourly_usage_sessions s
      where s.account_id = a.id
      union all
      select c.session_id, 1, 0, null, null from charged c
      union all
      select g.session_id, 0, g.length_us, null, null from public.hourly_account_stretches(a) g
    ) t
    group by t.session_id
  )
  select name, expected, found from hours where is_off
  union all
  select 'trigger of ' || name, expected_trigger, trigger from hours where strpos(expected_trigger, trigger) = 0
  union all
  select 'hours of session ' || session_id, charges::text, hours_charged::text from totals where charges <> hours_charged
  union all
  select 'active microseconds of session ' || session_id, active_us::text, charged_us::text
  from totals where active_us <> charged_us
  union all
  select 'open session', coalesce(max(s.id::text), 'none'), coalesce(a.session_id::text, 'none')
  from public.hourly_usage_sessions s
  where s.account_id = a.id and s.status <> 'ended'
  having max(s.id::text) is distinct from a.session_id::text
  union all
  select 'due instant', coalesce(public.hourly_due_at(a)::text, 'none'), coalesce(a.due_at::text, 'none')
  where public.hourly_due_at(a) is distinct from a.due_at
$$;

-- Up to p_limit accounts after p_after_account_id, fewer where they have many entries, and at least one. Every difference
-- is counted and the first thousand are told. In plpgsql, which looks its functions up when it runs: the seals' comes
-- after this one.
create or replace function public.audit_hourly_accounts(p_after_account_id bigint, p_limit integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    with next_accounts as materialized (
      select n.account, n.id, sum(n.entry_no) over (order by n.id) - n.entry_no as entries_before
      from (
        select a as account, a.id, a.entry_no
        from public.hourly_account_balance a
        where a.id > p_after_account_id
        order by a.id
        limit p_limit
      ) n
    ), accounts as (
      select * from next_accounts where entries_before < 20000
    ), differences as (
      select count(*) as total, coalesce(jsonb_agg(jsonb_build_object(
        'accountId', d.id::text, 'what', d.what, 'expected', d.expected, 'found', d.found
      )) filter (where d.n <= 1000), '[]') as first_ones
      from (
        select accounts.id, d.*, row_number() over () as n
        from accounts
        cross join lateral (
          select * from public.hourly_audit_ledger(accounts.account)
          union all
          select * from public.hourly_audit_refunds(accounts.account)
          union all
          select * from public.hourly_audit_sessions(accounts.account)
          union all
          select * from public.hourly_audit_segments(accounts.account)
          union all
          select * from public.hourly_audit_seals(accounts.account)
        ) d
      ) d
    )
    select jsonb_build_object(
      'accounts', (select count(*) from accounts),
      'differenceCount', (select total from differences),
      'differences', (select first_ones from differences),
      'nextAccountId', (
        select case when count(*) = p_limit or count(*) < (select count(*) from next_accounts) then max(id)::text end
        from accounts
      )
    )
  );
end
$$;
$hourly_0800_audit_hourly_accounts_sql$],
array['0810_hourly_ledger_line.sql', 'ad46e084ec663193f2c8e6f5db3b49c2242bc63d605c0ac8c799d41f19bb1c31', $hourly_0810_hourly_ledger_line_sql$-- The ledger as text, of which seals are hashes and statements consist: one line of JSON an entry, the same on every
-- version of Postgres and under every setting. A column that is null is left out, so that a new one changes no old line.
-- In plpgsql, because lines are made by the million, and a function in SQL with a fixed search_path would take four
-- times as long. What the lines mean is written down in docs/ledger.md.
create or replace function public.hourly_ledger_line(e public.hourly_ledger_entries) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return concat(
    '{"entryNo":', e.entry_no,
    ',"type":', to_json(e.type),
    ',"amountCents":', case when e.credit_account_id = e.account_id then e.amount_cents else -e.amount_cents end,
    ',"balanceAfterCents":', e.balance_after_cents,
    -- The other side, an account of the house. The own side is left out: its number is only ours to know.
    ',"fromAccount":' || nullif(e.debit_account_id, e.account_id),
    ',"toAccount":' || nullif(e.credit_account_id, e.account_id),
    ',"eventNo":' || e.event_no,
    ',"sessionId":"' || e.session_id || '"',
    ',"hour":' || e.hour,
    ',"trigger":' || to_json(e.trigger)::text,
    ',"topupId":"' || e.topup_id || '"',
    ',"refundId":"' || e.refund_id || '"',
    ',"disputeId":' || to_json(e.dispute_id)::text,
    ',"reason":' || to_json(e.reason)::text,
    ',"effectiveAtUs":', trunc(extract(epoch from e.effective_at) * 1000000),
    ',"createdAtUs":', trunc(extract(epoch from e.created_at) * 1000000),
    '}'
  );
end
$$;

-- The line that a ledger begins with. Its hash is what the first seal continues.
create or replace function public.hourly_genesis_line(p_ledger_id uuid) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return '{"hourlyLedger":1,"ledgerId":"' || p_ledger_id || '"}';
end
$$;

-- The line that closes a batch of entries, the last one that its hash covers.
create or replace function public.hourly_seal_line(p_seal_no bigint, p_last_entry_no bigint, p_sealed_at timestamptz)
returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return concat('{"sealNo":', p_seal_no, ',"lastEntryNo":', p_last_entry_no,
    ',"sealedAtUs":', trunc(extract(epoch from p_sealed_at) * 1000000), '}');
end
$$;

-- A hash as a line: it follows what it is the hash of, and is the first line of what the next one covers.
create or replace function public.hourly_hash_line(p_hash bytea) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return '{"hash":"' || encode(p_hash, 'hex') || '"}';
end
$$;

-- The hash that a ledger begins with.
create or replace function public.hourly_genesis_hash(p_ledger_id uuid) returns bytea
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return sha256(convert_to(public.hourly_genesis_line(p_ledger_id) || chr(10), 'UTF8'));
end
$$;

-- The hash of a seal: over the hash line of the seal before it, the lines of its entries, and its own line. Each line
-- ends with a line feed, also those that p_lines consists of.
create or replace function public.hourly_seal_hash(
  p_hash_before bytea, p_lines text, p_seal_no bigint, p_last_entry_no bigint, p_sealed_at timestamptz
) returns bytea
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return sha256(convert_to(concat(
    public.hourly_hash_line(p_hash_before), chr(10),
    p_lines,
    public.hourly_seal_line(p_seal_no, p_last_entry_no, p_sealed_at), chr(10)
  ), 'UTF8'));
end
$$;
$hourly_0810_hourly_ledger_line_sql$],
array['0815_seal_hourly_ledger.sql', 'd2c8abff73f133b79d203f98e8557077d44924715d6cae3f8a9c2352e2e5781d', $hourly_0815_seal_hourly_ledger_sql$-- One pass of the sealing: seals the new entries of up to p_limit accounts after p_after_account_id, at most 1000 entries
-- a seal, one seal an account and about 20,000 entries in all. nextAccountId is where to go on, null at the end; it comes
-- back to an account that has more to seal.
--
-- Locks no account and waits for no customer. An account's row and its entries are written by the same transactions: one
-- statement sees both as they were committed, whole and without gaps. Where two sealers meet at an account, the first
-- seal counts and the other one does nothing. An entry that is missing stops the sealing of its account: the audit tells.
create or replace function public.seal_hourly_ledger(p_after_account_id bigint, p_limit integer) returns jsonb
language sql volatile
set search_path = ''
as $$
  with accounts as materialized (
    select a.id, a.ledger_id, a.entry_no
    from public.hourly_account_balance a
    where a.id > p_after_account_id
    order by a.id
    limit p_limit
  ), behind as materialized (
    select a.*, coalesce(s.seal_no, 0) as seal_no, coalesce(s.last_entry_no, 0) as last_entry_no, s.hash, s.sealed_at,
      -- How many entries of this pass come before this account's.
      sum(least(a.entry_no - coalesce(s.last_entry_no, 0), 1000)) over w
        - least(a.entry_no - coalesce(s.last_entry_no, 0), 1000) as entries_before
    from accounts a
    left join lateral (
      select * from public.hourly_ledger_seals q where q.account_id = a.id order by q.seal_no desc limit 1
    ) s on true
    where a.entry_no > coalesce(s.last_entry_no, 0)
    window w as (order by a.id)
  ), sealed as (
    insert into public.hourly_ledger_seals (account_id, seal_no, last_entry_no, sealed_at, hash)
    select b.id, b.seal_no + 1, batch.last_entry_no, clock.sealed_at,
      public.hourly_seal_hash(coalesce(b.hash, public.hourly_genesis_hash(b.ledger_id)), batch.lines,
        b.seal_no + 1, batch.last_entry_no, clock.sealed_at)
    from behind b
    cross join lateral (select greatest(statement_timestamp(), b.sealed_at)) as clock (sealed_at)
    cross join lateral (
      select max((n.entry).entry_no) as last_entry_no,
        string_agg(public.hourly_ledger_line(n.entry) || chr(10), '' order by (n.entry).entry_no) as lines
      from (
        select e as entry, b.last_entry_no + row_number() over (order by e.entry_no) as expected_no
        from public.hourly_ledger_entries e
        where e.account_id = b.id and e.entry_no > b.last_entry_no and e.entry_no <= b.last_entry_no + 1000
      ) n
      where (n.entry).entry_no = n.expected_no
    ) batch
    where b.entries_before < 20000 and batch.last_entry_no is not null
    -- In one order, so that sealers that meet wait for each other and never in a circle.
    order by b.id
    on conflict (account_id, seal_no) do nothing
    returning account_id, last_entry_no
  ), unfinished as (
    select min(b.id) as id
    from behind b
    left join sealed s on s.account_id = b.id
    where b.entries_before >= 20000 or (s.last_entry_no = b.last_entry_no + 1000 and s.last_entry_no < b.entry_no)
  )
  select jsonb_build_object(
    'accounts', (select count(*) from accounts),
    'seals', (select count(*) from sealed),
    'entries', (
      select coalesce(sum(s.last_entry_no - b.last_entry_no), 0)
      from sealed s join behind b on b.id = s.account_id
    ),
    'nextAccountId', (
      select coalesce(u.id - 1, case when count(*) = p_limit then max(l.id) end)::text
      from accounts l cross join unfinished u
      group by u.id
    )
  )
$$;
$hourly_0815_seal_hourly_ledger_sql$],
array['0820_hourly_audit_seals.sql', '655b6f1644aa837e861a4f2383cf309af19d92811a785f8ef551d479b4f79ee1', $hourly_0820_hourly_audit_seals_sql$-- Every seal of an account, recomputed from the entries that it covers: they are numbered without gaps, begin where the
-- one before ended, and their hash is what was written down. At most 1000 entries are in hand at a time.
create or replace function public.hourly_audit_seals(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  select d.what, d.expected, d.found
  from (
    select s.*, coalesce(lag(s.seal_no) over w, 0) as seal_no_before,
      coalesce(lag(s.last_entry_no) over w, 0) as entry_no_before, lag(s.hash) over w as hash_before
    from public.hourly_ledger_seals s
    where s.account_id = a.id
    window w as (order by s.seal_no)
  ) s
  cross join lateral (
    select s.seal_no = s.seal_no_before + 1 as follows, s.last_entry_no - s.entry_no_before as entries,
      'seal ' || s.seal_no || ' of entries ' || s.entry_no_before + 1 || ' to ' || s.last_entry_no as name
  ) x
  left join lateral (
    select count(*) as entries, string_agg(public.hourly_ledger_line(e) || chr(10), '' order by e.entry_no) as lines
    from public.hourly_ledger_entries e
    where e.account_id = a.id and e.entry_no > s.entry_no_before and e.entry_no <= s.last_entry_no
  ) l on x.follows and x.entries between 1 and 1000
  left join lateral (
    select public.hourly_seal_hash(coalesce(s.hash_before, public.hourly_genesis_hash(a.ledger_id)), l.lines,
      s.seal_no, s.last_entry_no, s.sealed_at) as hash
  ) h on x.entries = l.entries
  cross join lateral (
    select 'seal ' || s.seal_no_before + 1, 'one that seal ' || s.seal_no || ' continues', 'none'
    where not x.follows
    union all
    select x.name, '1 to 1000 entries', x.entries::text where x.follows and x.entries not between 1 and 1000
    union all
    select x.name, x.entries || ' entries', l.entries::text where x.entries <> l.entries
    union all
    select x.name, encode(s.hash, 'hex'), encode(h.hash, 'hex') where s.hash <> h.hash
  ) d (what, expected, found)
$$;
$hourly_0820_hourly_audit_seals_sql$],
array['0825_hourly_ledger_heads.sql', 'ba6349a9be76ff0162f5f6c067adfcb5fada74127224d6fc124d614a8c92fabb', $hourly_0825_hourly_ledger_heads_sql$-- The newest seal of up to p_limit accounts after p_after_account_id. Whoever keeps these elsewhere can tell later
-- whether anything before them was rewritten.
create or replace function public.list_hourly_ledger_heads(p_after_account_id bigint, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$
  with accounts as materialized (
    select a.id, a.ledger_id
    from public.hourly_account_balance a
    where a.id > p_after_account_id
    order by a.id
    limit p_limit
  )
  select jsonb_build_object(
    'heads', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'ledgerId', a.ledger_id,
        'sealNo', s.seal_no,
        'lastEntryNo', s.last_entry_no,
        'hash', encode(s.hash, 'hex'),
        'sealedAt', public.hourly_iso(s.sealed_at)
      ) order by a.id), '[]')
      from accounts a
      cross join lateral (
        select * from public.hourly_ledger_seals q where q.account_id = a.id order by q.seal_no desc limit 1
      ) s
    ),
    'nextAccountId', (select case when count(*) = p_limit then max(id)::text end from accounts)
  )
$$;

-- Compares heads that were kept elsewhere with the seals that are here: an array of what list_hourly_ledger_heads showed.
-- Together with an audit of the seals it proves that the entries which they cover are the ones of that time.
create or replace function public.check_hourly_ledger_heads(p_heads jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  with kept as (
    select k."ledgerId" as ledger_id, k."sealNo" as seal_no, k."lastEntryNo" as last_entry_no, k.hash
    from jsonb_to_recordset(p_heads) as k ("ledgerId" uuid, "sealNo" bigint, "lastEntryNo" bigint, hash text)
  ), differences as (
    select k.ledger_id, k.seal_no, d.*
    from kept k
    left join public.hourly_account_balance a on a.ledger_id = k.ledger_id
    left join public.hourly_ledger_seals s on s.account_id = a.id and s.seal_no = k.seal_no
    cross join lateral (
      select 'seal ' || k.seal_no as what, k.hash as expected, 'no such ledger' as found where a.id is null
      union all
      select 'seal ' || k.seal_no, k.hash, coalesce((
        select 'none, the last one is seal ' || q.seal_no || ' of entry ' || q.last_entry_no
        from public.hourly_ledger_seals q where q.account_id = a.id order by q.seal_no desc limit 1
      ), 'none')
      where a.id is not null and s.account_id is null
      union all
      select 'seal ' || k.seal_no, k.hash, encode(s.hash, 'hex') where encode(s.hash, 'hex') <> k.hash
      union all
      select 'last entry of seal ' || k.seal_no, k.last_entry_no::text, s.last_entry_no::text
      where s.last_entry_no <> k.last_entry_no and encode(s.hash, 'hex') = k.hash
    ) d
  )
  select jsonb_build_object(
    'heads', jsonb_array_length(p_heads),
    'differences', (
      select coalesce(jsonb_agg(jsonb_build_object('ledgerId', d.ledger_id, 'what', d.what, 'expected', d.expected,
        'found', d.found) order by d.ledger_id, d.seal_no), '[]')
      from differences d
    )
  )
$$;
$hourly_0825_hourly_ledger_heads_sql$],
array['0830_get_hourly_statement.sql', '09a28c6be668beea90b56bb02f4e74a888f8e3af682530359950bc6de33ea053', $hourly_0830_get_hourly_statement_sql$-- A page of an account's statement as text, oldest first: the line that the ledger begins with, the entries, after the
-- last entry of each seal the seal and its hash, and at the very end what it all comes to. A stretch of the text from one
-- hash to the line before the next is what that next hash is taken of.
create or replace function public.hourly_statement_at(
  p_account_id bigint, p_after_entry_no bigint, p_after_seal_no bigint, p_until_entry_no bigint, p_until_seal_no bigint,
  p_limit integer
) returns jsonb
language sql stable
set search_path = ''
as $$
  with account as (
    select a.*, last.*, least(p_after_entry_no + p_limit, last.until_entry_no) as to_entry_no
    from public.hourly_account_balance a
    cross join lateral (
      select coalesce(p_until_entry_no, a.entry_no) as until_entry_no, coalesce(p_until_seal_no, (
        select max(s.seal_no) from public.hourly_ledger_seals s where s.account_id = a.id
      ), 0) as until_seal_no
    ) last
    where a.id = p_account_id
  ), seals as (
    select s.*
    from account a
    cross join lateral (
      select * from public.hourly_ledger_seals q
      where q.account_id = a.id and q.seal_no > p_after_seal_no and q.seal_no <= a.until_seal_no
      order by q.seal_no
      limit p_limit
    ) s
    where s.last_entry_no <= a.to_entry_no
  ), lines as (
    select 0 as entry_no, 0 as place, public.hourly_genesis_line(a.ledger_id) || chr(10)
      || public.hourly_hash_line(public.hourly_genesis_hash(a.ledger_id)) as line
    from account a
    where p_after_entry_no = 0
    union all
    select e.entry_no, 1, public.hourly_ledger_line(e)
    from account a
    join public.hourly_ledger_entries e on e.account_id = a.id
    where e.entry_no > p_after_entry_no and e.entry_no <= a.to_entry_no
    union all
    select s.last_entry_no, 2, public.hourly_seal_line(s.seal_no, s.last_entry_no, s.sealed_at) || chr(10)
      || public.hourly_hash_line(s.hash)
    from seals s
    union all
    select a.until_entry_no, 3, concat(
      '{"entries":', a.until_entry_no,
      ',"sealedEntries":', coalesce((
        select s.last_entry_no from public.hourly_ledger_seals s where s.account_id = a.id and s.seal_no = a.until_seal_no
      ), 0),
      ',"balanceCents":', coalesce((
        select e.balance_after_cents from public.hourly_ledger_entries e
        where e.account_id = a.id and e.entry_no = a.until_entry_no
      ), 0),
      ',"mode":"', a.mode, '"}')
    from account a
    where a.to_entry_no = a.until_entry_no
  )
  select jsonb_build_object(
    'text', (select string_agg(l.line || chr(10), '' order by l.entry_no, l.place) from lines l),
    'next', (
      select jsonb_build_object('afterEntryNo', a.to_entry_no,
        'afterSealNo', coalesce((select max(s.seal_no) from seals s), p_after_seal_no),
        'untilEntryNo', a.until_entry_no, 'untilSealNo', a.until_seal_no)
      from account a
      where a.to_entry_no < a.until_entry_no
    )
  )
$$;

-- The first page settles the account and decides where the statement ends; p_next is what the page before answered.
create or replace function public.get_hourly_statement(p_account_id bigint, p_next jsonb, p_limit integer) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  if p_next is null and (public.hourly_read_account(p_account_id)).id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_statement_at(p_account_id, coalesce((p_next ->> 'afterEntryNo')::bigint, 0),
    coalesce((p_next ->> 'afterSealNo')::bigint, 0), (p_next ->> 'untilEntryNo')::bigint,
    (p_next ->> 'untilSealNo')::bigint, p_limit);
end
$$;
$hourly_0830_get_hourly_statement_sql$],
array['9000_hourly_privileges.sql', '833ae3c0338193c5e671fe36a281330cc28ee5fab690fcb252000555f43c43cd', $hourly_9000_hourly_privileges_sql$-- Everything of ours is for the product's roles alone: on Supabase whatever is created in public is handed to everybody
-- whom the data API acts as. service_role is one of them: it goes round row level security, and billing has no use for it.
-- Functions by name, because other products' functions in the same schema are none of ours; tables by the product's
-- policy, and sequences by their table.
do $$
declare
  v_names constant text[] := array[
    'add_hourly_balance', 'add_hourly_book_comparison', 'adjust_hourly_balance', 'admit_hourly_generation',
    'advance_hourly_clock', 'audit_hourly_accounts', 'authenticate_hourly_api_key', 'beat_hourly_job_worker',
    'cancel_hourly_generation', 'check_hourly_ledger_heads', 'claim_hourly_generations', 'claim_hourly_topup_order',
    'claim_hourly_topups_to_reconcile', 'create_hourly_api_key', 'create_hourly_refund', 'create_hourly_topup',
    'end_hourly_session', 'ensure_hourly_account', 'fail_hourly_refund', 'fail_hourly_topup', 'find_hourly_request',
    'finish_hourly_generation', 'get_hourly_balance', 'get_hourly_entry_paise', 'get_hourly_generation',
    'get_hourly_plan', 'get_hourly_refund', 'get_hourly_session', 'get_hourly_session_receipt', 'get_hourly_statement',
    'get_hourly_status', 'get_hourly_topup', 'get_hourly_topup_by_order', 'get_hourly_topup_receipt',
    'get_hourly_usage', 'get_hourly_webhook_event', 'hold_hourly_generation', 'hourly_account_at',
    'hourly_account_stretches', 'hourly_active_us', 'hourly_adopt_payment', 'hourly_api_key_json',
    'hourly_audit_ledger', 'hourly_audit_refunds', 'hourly_audit_seals', 'hourly_audit_segments',
    'hourly_audit_sessions', 'hourly_balance_json', 'hourly_charge_hours', 'hourly_charge_segments',
    'hourly_current_seller', 'hourly_dispute_json', 'hourly_due', 'hourly_due_at', 'hourly_emit',
    'hourly_enqueue_refund', 'hourly_expected_charges', 'hourly_financial_year', 'hourly_find_request',
    'hourly_finish_generation', 'hourly_generation_deadline', 'hourly_generation_json', 'hourly_generation_json_of',
    'hourly_genesis_hash', 'hourly_genesis_line', 'hourly_hash_line', 'hourly_included_tax', 'hourly_iso',
    'hourly_issue_payment_receipt', 'hourly_issue_receipt', 'hourly_issue_refund_receipt', 'hourly_keep_due_at',
    'hourly_keep_request', 'hourly_ledger_json', 'hourly_ledger_line', 'hourly_lock_account', 'hourly_lock_payment',
    'hourly_now', 'hourly_page', 'hourly_plan_json', 'hourly_post_dispute', 'hourly_post_entry', 'hourly_post_refund',
    'hourly_post_topup', 'hourly_post_topup_failure', 'hourly_read_account', 'hourly_receipt_number',
    'hourly_receipt_refunds_json', 'hourly_refund_cents', 'hourly_refund_json', 'hourly_refunded_tax', 'hourly_refusal',
    'hourly_refuse_change', 'hourly_resume_session', 'hourly_seal_hash', 'hourly_seal_line', 'hourly_seconds',
    'hourly_segment_json', 'hourly_seller_json', 'hourly_session_detail_at', 'hourly_session_json',
    'hourly_session_json_at', 'hourly_session_json_of', 'hourly_session_stretches', 'hourly_sessions_at',
    'hourly_settle_accounts', 'hourly_settle_locked', 'hourly_settle_refund', 'hourly_statement_at', 'hourly_status_at',
    'hourly_stop', 'hourly_stop_sessions', 'hourly_tax_json', 'hourly_tell_balance', 'hourly_topup_json',
    'hourly_topup_json_of', 'hourly_topup_refundable_cents', 'hourly_us', 'list_hourly_api_keys',
    'list_hourly_generations', 'list_hourly_ledger_heads', 'list_hourly_pending_refunds', 'list_hourly_sessions',
    'list_hourly_topups', 'list_hourly_transactions', 'mark_hourly_generation_running', 'record_hourly_dispute',
    'record_hourly_refund', 'record_hourly_topup_unpaid', 'refund_hourly_kept_payment', 'retire_hourly_job_worker',
    'revoke_hourly_api_key', 'seal_hourly_ledger', 'set_hourly_generation_job', 'set_hourly_seller',
    'set_hourly_topup_order', 'settle_hourly_sessions', 'settle_hourly_webhook_event', 'start_hourly_session',
    'store_hourly_webhook_event', 'toggle_hourly_session'
  ];
  v_strangers constant text := pg_catalog.concat_ws(', ', 'public', (
    select pg_catalog.string_agg(pg_catalog.quote_ident(rolname), ', ')
    from pg_catalog.pg_roles
    where rolname in ('anon', 'authenticated', 'service_role')
  ));
  v_function regprocedure;
  v_table regclass;
  v_sequence regclass;
begin
  for v_function in
    select p.oid::regprocedure
    from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = any (v_names) and p.prokind = 'f'
  loop
    execute format('revoke all on function %s from %s', v_function, v_strangers);
    execute format('grant execute on function %s to hourly_app, hourly_worker', v_function);
  end loop;

  for v_table in
    select c.oid::regclass
    from pg_catalog.pg_class c
    join pg_catalog.pg_policy p on p.polrelid = c.oid and p.polname = 'hourly_product'
    where c.relnamespace = 'public'::regnamespace
      -- One that was there before us lacks our constraint and keeps what it has granted.
      and (c.relname <> 'plan_pricing' or exists (
        select from pg_catalog.pg_constraint o where o.conrelid = c.oid and o.conname = 'plan_pricing_positive'
      ))
  loop
    execute format('revoke all on table %s from %s', v_table, v_strangers);
    for v_sequence in
      select d.objid::regclass
      from pg_catalog.pg_depend d
      join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
      where d.classid = 'pg_catalog.pg_class'::regclass
        and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = v_table
    loop
      execute format('revoke all on sequence %s from %s', v_sequence, v_strangers);
    end loop;
  end loop;
end
$$;
$hourly_9000_hourly_privileges_sql$]
  ];
begin
  perform set_config('search_path', 'public', true);
  perform set_config('lock_timeout', '30s', true);
  perform set_config('client_min_messages', 'warning', true);
  perform set_config('standard_conforming_strings', 'on', true);

  -- The lock of Prisma's migrations and of ours.
  v_step := 'waiting for another migration of this database';
  perform pg_advisory_xact_lock(72707369);

  v_step := '_prisma_migrations';
  execute $hourly_bookkeeping$
create table if not exists public._prisma_migrations (
  id                  varchar(36) primary key not null,
  checksum            varchar(64) not null,
  finished_at         timestamptz,
  migration_name      varchar(255) not null,
  logs                text,
  rolled_back_at      timestamptz,
  started_at          timestamptz not null default now(),
  applied_steps_count integer not null default 0
);
alter table public._prisma_migrations enable row level security;
do $$
declare
  v_stranger text;
begin
  revoke all on public._prisma_migrations from public;
  for v_stranger in
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute format('revoke all on public._prisma_migrations from %I', v_stranger);
  end loop;
end
$$;
$hourly_bookkeeping$;
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
  execute $hourly_bookkeeping$
create table if not exists public.hourly_sql_functions (
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  constraint hourly_sql_functions_pkey primary key (name)
);
alter table public.hourly_sql_functions enable row level security;
do $$
declare
  v_stranger text;
begin
  revoke all on public.hourly_sql_functions from public;
  for v_stranger in
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute format('revoke all on public.hourly_sql_functions from %I', v_stranger);
  end loop;
end
$$;
$hourly_bookkeeping$;
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
$hourly_setup$;
