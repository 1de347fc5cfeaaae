-- The only writer of charges. Takes hours off the balances of accounts that the caller holds and moves their
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
