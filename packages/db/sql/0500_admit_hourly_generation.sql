-- Admits a generation: the session is active and paid at this instant. It counts as activity from its request until it
-- is finished, or until its deadline.
create or replace function public.admit_hourly_generation(
  p_account_id bigint,
  p_session_id uuid,
  p_prompt text,
  p_model text,
  p_params jsonb,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  s public.hourly_usage_sessions;
  g public.hourly_generations;
  v_request record;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;

  v_request := public.hourly_find_request(a.id, 'generate', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return jsonb_build_object('admitted', false,
      'generation', public.get_hourly_generation(a.id, v_request.resource_id::uuid));
  end if;

  select * into s from public.hourly_usage_sessions u
  where u.id = coalesce(p_session_id, a.session_id) and u.account_id = a.id;
  if s.id is null and p_session_id is not null then
    return public.hourly_refusal('NOT_FOUND');
  elsif a.balance_cents < 0 then
    return public.hourly_refusal('ACCOUNT_FROZEN', jsonb_build_object('balanceCents', a.balance_cents));
  elsif s.id is null then
    return public.hourly_refusal('NO_OPEN_SESSION');
  elsif s.status = 'ended' then
    return public.hourly_refusal('SESSION_ENDED', jsonb_build_object('sessionId', s.id));
  elsif s.status = 'paused' then
    return public.hourly_refusal('SESSION_PAUSED', jsonb_build_object('sessionId', s.id));
  end if;

  insert into public.hourly_generations (
    account_id, generation_no, session_id, status, prompt, model, params, created_at, look_after_at
  )
  values (
    a.id, a.generation_no + 1, s.id, 'queued', p_prompt, p_model, p_params, a.as_of,
    clock_timestamp() + interval '10 seconds'
  )
  returning * into g;
  update public.hourly_account_balance
  set generation_no = g.generation_no, generation_count = generation_count + 1, idle_from = a.as_of,
    busy_until = a.as_of + public.hourly_generation_deadline(), as_of = a.as_of
  where id = a.id;
  perform public.hourly_keep_request(a.id, 'generate', p_request_key, p_input_hash, g.id::text);
  return jsonb_build_object('admitted', true, 'generation', public.hourly_generation_json(g, a));
end
$$;
