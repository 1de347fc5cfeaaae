-- Settles, closes and returns the session. One that settling just ended, or that is named and over, is returned as it is.
create or replace function public.end_hourly_session(
  p_account_id bigint,
  p_session_id uuid,
  p_end_reason text,
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
  v_request record;
begin
  select * into a from public.hourly_account_balance where id = p_account_id for no key update;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_open_before := a.session_id;
  a := public.hourly_settle_locked(a, p_now);

  v_request := public.hourly_find_request(a.id, 'end', p_request_key, p_input_hash);
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
  if s.status <> 'ended' then
    perform public.hourly_stop_sessions(array[
      row(a.id, 'ended', p_end_reason, a.as_of, a.as_of)::public.hourly_session_stop
    ]);
  end if;
  perform public.hourly_keep_request(a.id, 'end', p_request_key, p_input_hash, s.id::text);
  return public.hourly_session_json_at(s.id, a.as_of);
end
$$;
