-- Active time of a session, stretch by stretch, with the active time that came before each one.
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
