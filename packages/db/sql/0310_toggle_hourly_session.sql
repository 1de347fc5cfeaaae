-- Pauses or resumes. Without p_to it aims at the opposite of the state before settling; where settling already led
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
