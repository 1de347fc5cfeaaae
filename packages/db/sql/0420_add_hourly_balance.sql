-- The only way that a payment reaches a balance, whoever reports it: the webhook, the browser or reconciliation. A
-- payment credits once and a top-up is credited once. What does not fit is kept for the operator, never credited by
-- guess and never lost.
drop function if exists public.add_hourly_balance(text, text, bigint, text, text, text, text);

create or replace function public.add_hourly_balance(
  p_payment_id text,
  p_order_id text,
  p_amount_paise bigint,
  p_currency text,
  p_source text,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  v_account public.hourly_account_balance;
  t public.hourly_topup_transactions;
  v_request record;
  v_why text;
  v_is_news boolean;
begin
  -- The account of an order never changes, so it may be read before the lock; everything else is read after it.
  select * into t from public.hourly_topup_transactions where razorpay_order_id = p_order_id;
  if not found then
    insert into public.hourly_payments (payment_id, order_id, status, why, amount_paise, currency, source)
    values (p_payment_id, p_order_id, 'kept', 'unknown_order', p_amount_paise, p_currency, p_source)
    on conflict (payment_id) do nothing;
    return jsonb_build_object('outcome', 'kept', 'why', 'unknown_order', 'topup', null);
  end if;

  a := public.hourly_lock_account(t.account_id, p_now);
  v_request := public.hourly_find_request(a.id, 'confirmTopup', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  end if;
  select * into strict t from public.hourly_topup_transactions where id = t.id;

  v_why := case
    when p_amount_paise <> t.amount_inr_paise or p_currency <> 'INR' then 'amount_mismatch'
    when t.paid_at is not null then 'second_payment'
  end;
  insert into public.hourly_payments as known (payment_id, order_id, topup_id, status, why, amount_paise, currency, source)
  values (p_payment_id, p_order_id, t.id, case when v_why is null then 'credited' else 'kept' end, v_why,
    p_amount_paise, p_currency, p_source)
  -- Payments of different accounts are not kept apart by the account's lock, but by this row.
  on conflict (payment_id) do update
  set order_id = excluded.order_id, topup_id = excluded.topup_id, status = excluded.status, why = excluded.why,
    amount_paise = excluded.amount_paise, currency = excluded.currency, source = excluded.source
  where known.status = 'kept';
  v_is_news := found;

  if v_is_news and v_why is null then
    t := public.hourly_post_topup(a, t.id, p_payment_id);
    select * into strict v_account from public.hourly_account_balance where id = a.id;
    t := public.hourly_adopt_payment(v_account, t);
  end if;
  -- A confirmation that came second has succeeded, too.
  if t.razorpay_payment_id = p_payment_id and v_request.resource_id is null then
    perform public.hourly_keep_request(a.id, 'confirmTopup', p_request_key, p_input_hash, t.id::text);
  end if;
  return jsonb_build_object(
    'outcome', case when not v_is_news then 'duplicate' when v_why is null then 'credited' else 'kept' end,
    'why', case when v_is_news then v_why end,
    'topup', public.hourly_topup_json(t, a.mode)
  );
end
$$;
