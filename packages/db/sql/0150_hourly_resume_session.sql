-- Resumes the paused session of an account that the caller holds, at its as_of. It goes on inside the hour already
-- paid; with none of it left the next hour is charged at once. Returns a refusal, or null when it is done.
create or replace function public.hourly_resume_session(a public.hourly_account_balance) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  s public.hourly_usage_sessions;
begin
  if a.balance_cents < 0 then
    return public.hourly_refusal('ACCOUNT_FROZEN', jsonb_build_object('balanceCents', a.balance_cents));
  elsif a.unused_us = 0 and a.balance_cents < a.rate_cents then
    return public.hourly_refusal('INSUFFICIENT_BALANCE',
      jsonb_build_object('balanceCents', a.balance_cents, 'requiredCents', a.rate_cents));
  end if;

  update public.hourly_usage_sessions set status = 'active', pause_reason = null where id = a.session_id returning * into s;
  insert into public.hourly_session_segments (session_id, segment_no, started_at)
  select s.id, max(g.segment_no) + 1, a.as_of from public.hourly_session_segments g where g.session_id = s.id;
  update public.hourly_account_balance
  set paid_until = a.as_of + a.unused_us * interval '1 microsecond', unused_us = null, idle_from = a.as_of,
    event_no = a.event_no + 1, as_of = a.as_of
  where id = a.id;
  if a.unused_us = 0 then
    perform public.hourly_charge_hours(array[
      row(a.id, 1, a.as_of, interval '0', 'resume', a.as_of)::public.hourly_charge
    ]);
  end if;
  perform public.hourly_emit(b.id, a.event_no + 1, 'session.resumed', public.hourly_session_json(s, b), a.as_of)
  from public.hourly_account_balance b where b.id = a.id;
  return null;
end
$$;

-- A session as it stands after a call that changed it, seen at the instant of that call.
create or replace function public.hourly_session_json_at(p_session_id uuid, p_at timestamptz) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  s public.hourly_usage_sessions;
begin
  select * into strict s from public.hourly_usage_sessions where id = p_session_id;
  select * into strict a from public.hourly_account_balance where id = s.account_id;
  a.as_of := p_at;
  return public.hourly_session_json(s, a);
end
$$;
