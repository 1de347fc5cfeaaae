-- Brings accounts that the caller holds up to date: charges what is due, then stops what has to stop.
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
