-- The account's clock: what is asked for, or a test account's frozen clock, or the real one; never before the
-- account's last change. Callers read it after they hold the account's lock.
create or replace function public.hourly_now(a public.hourly_account_balance, p_now timestamptz default null)
returns timestamptz
language sql volatile
set search_path = ''
as $$
  select greatest(coalesce(p_now, a.clock_at, clock_timestamp()), a.as_of)
$$;
