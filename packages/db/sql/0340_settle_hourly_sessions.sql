-- One pass of the settlement: the live accounts that have been due the longest, at most p_limit of them and 24 hours
-- each. Accounts that another call holds are skipped, so any number of workers may run at once and none ever waits.
create or replace function public.settle_hourly_sessions(p_limit integer, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := coalesce(p_now, clock_timestamp());
  v_account_ids bigint[];
  v_hours integer := 0;
  v_paused integer := 0;
  v_ended integer := 0;
begin
  select array_agg(due.id) into v_account_ids
  from (
    select id from public.hourly_account_balance
    where due_at <= v_now and due_at is not null and mode = 'live'
    order by due_at
    limit p_limit
    for no key update skip locked
  ) due;
  if v_account_ids is not null then
    select d.hours, d.paused, d.ended into v_hours, v_paused, v_ended
    from public.hourly_settle_accounts(v_account_ids, p_now, 'settlement', 24) d;
  end if;
  return jsonb_build_object(
    'accounts', coalesce(cardinality(v_account_ids), 0),
    'hours', v_hours,
    'paused', v_paused,
    'ended', v_ended,
    'nextDueInSeconds', (
      select round(extract(epoch from due_at - coalesce(p_now, clock_timestamp())), 3)
      from public.hourly_account_balance
      where due_at is not null and mode = 'live'
      order by due_at
      limit 1
    )
  );
end
$$;
