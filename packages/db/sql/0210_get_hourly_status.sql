create or replace function public.get_hourly_balance(p_account_id bigint, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_read_account(p_account_id, p_now);
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_balance_json(a);
end
$$;

create or replace function public.hourly_status_at(p_account_id bigint, p_at timestamptz) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_account_at(p_account_id, p_at);
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return jsonb_build_object(
    'session', public.hourly_session_json_of(a.session_id, a),
    'balance', public.hourly_balance_json(a),
    'serverTime', public.hourly_iso(a.as_of)
  );
end
$$;

create or replace function public.get_hourly_status(p_account_id bigint, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_at timestamptz := (public.hourly_read_account(p_account_id, p_now)).as_of;
begin
  return public.hourly_status_at(p_account_id, v_at);
end
$$;
