-- The customer's account of this mode, made on first use. A test account's clock stands at its creation.
create or replace function public.ensure_hourly_account(p_user_id text, p_mode text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id bigint;
  v_now timestamptz := clock_timestamp();
begin
  select id into v_id from public.hourly_account_balance where user_id = p_user_id and mode = p_mode;
  if not found then
    insert into public.hourly_account_balance (user_id, mode, clock_at, as_of, created_at)
    values (p_user_id, p_mode, case p_mode when 'test' then v_now end, v_now, v_now)
    on conflict (user_id, mode) do nothing;
    select id into strict v_id from public.hourly_account_balance where user_id = p_user_id and mode = p_mode;
  end if;
  return jsonb_build_object('accountId', v_id::text);
end
$$;
