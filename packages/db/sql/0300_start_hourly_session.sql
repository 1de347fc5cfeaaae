-- Starts a session: charges the plan's minimum at once and lets the clock run.
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
