-- Locks an account and settles it. The row that comes back is true now: its as_of is the account's time at which the
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
