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
