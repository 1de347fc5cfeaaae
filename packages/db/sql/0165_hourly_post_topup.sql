-- Credits a top-up to an account that the caller holds, at its as_of, and tells the customer.
create or replace function public.hourly_post_topup(
  a public.hourly_account_balance, p_topup_id uuid, p_payment_id text
) returns public.hourly_topup_transactions
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
begin
  update public.hourly_topup_transactions
  set status = 'paid', paid_at = a.as_of, razorpay_payment_id = p_payment_id, failure = null, next_check_at = null
  where id = p_topup_id
  returning * into strict t;

  a := public.hourly_post_entry(a, 'topup', t.amount_cents, p_topup_id => t.id);
  perform public.hourly_emit(a.id, a.event_no, 'topup.paid', public.hourly_topup_json(t, a.mode), a.as_of);
  return t;
end
$$;

-- Marks the last attempt to pay a top-up as failed.
create or replace function public.hourly_post_topup_failure(
  a public.hourly_account_balance, p_topup_id uuid, p_failure text
) returns public.hourly_topup_transactions
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
begin
  update public.hourly_topup_transactions set status = 'failed', failure = p_failure
  where id = p_topup_id
  returning * into strict t;
  update public.hourly_account_balance set event_no = a.event_no + 1, as_of = a.as_of where id = a.id;
  perform public.hourly_emit(a.id, a.event_no + 1, 'topup.failed', public.hourly_topup_json(t, a.mode), a.as_of);
  return t;
end
$$;
