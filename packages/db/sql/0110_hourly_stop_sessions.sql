-- The only place where sessions pause or end. The caller holds the accounts; stop_at is at or before as_of.
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
