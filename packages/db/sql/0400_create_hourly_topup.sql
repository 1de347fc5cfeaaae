-- Stores a top-up with its rate, before anybody is asked for money. In test mode it is settled here: paid, or failed
-- when the cents end in 01.
create or replace function public.create_hourly_topup(
  p_account_id bigint,
  p_amount_cents bigint,
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
  t public.hourly_topup_transactions;
  v_request record;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;

  v_request := public.hourly_find_request(a.id, 'topup', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return public.get_hourly_topup(a.id, v_request.resource_id::uuid);
  end if;

  select * into strict p from public.plan_pricing where plan = 'hourly_standard';
  if p_amount_cents < p.minimum_topup_cents then
    return public.hourly_refusal('AMOUNT_BELOW_MINIMUM', jsonb_build_object('minimumCents', p.minimum_topup_cents));
  elsif p_amount_cents > p.maximum_topup_cents then
    return public.hourly_refusal('AMOUNT_ABOVE_MAXIMUM', jsonb_build_object('maximumCents', p.maximum_topup_cents));
  end if;

  update public.hourly_account_balance set topup_no = a.topup_no + 1, as_of = a.as_of where id = a.id;
  insert into public.hourly_topup_transactions (
    account_id, topup_no, status, amount_cents, amount_inr_paise, inr_per_usd, created_at, next_check_at
  )
  values (
    a.id, a.topup_no + 1, 'created', p_amount_cents, p_amount_cents * p.inr_per_usd, p.inr_per_usd, a.as_of,
    case a.mode when 'live' then clock_timestamp() + interval '2 minutes' end
  )
  returning * into t;
  perform public.hourly_keep_request(a.id, 'topup', p_request_key, p_input_hash, t.id::text);
  if a.mode = 'test' and p_amount_cents % 100 = 1 then
    t := public.hourly_post_topup_failure(a, t.id, 'The amount ends in 01.');
  elsif a.mode = 'test' then
    t := public.hourly_post_topup(a, t.id, null);
  end if;
  return public.hourly_topup_json(t, a.mode);
end
$$;
