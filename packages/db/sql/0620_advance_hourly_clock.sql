-- Moves a test account's frozen clock and settles at once.
create or replace function public.advance_hourly_clock(
  p_account_id bigint, p_advance_us bigint, p_request_key text default null, p_input_hash text default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id);
  v_request record;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_request := public.hourly_find_request(a.id, 'advanceClock', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is null then
    if a.mode <> 'test' then
      return public.hourly_refusal('TEST_MODE_ONLY');
    end if;
    update public.hourly_account_balance set clock_at = clock_at + p_advance_us * interval '1 microsecond'
    where id = a.id;
    perform public.hourly_keep_request(a.id, 'advanceClock', p_request_key, p_input_hash, a.id::text);
    a := public.hourly_lock_account(p_account_id);
  end if;
  return jsonb_build_object('now', public.hourly_iso(a.as_of));
end
$$;
