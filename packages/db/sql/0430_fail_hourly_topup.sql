-- The provider says that an attempt to pay failed. It may come after a success of the same order and then means nothing.
create or replace function public.fail_hourly_topup(p_order_id text, p_failure text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  t public.hourly_topup_transactions;
begin
  select * into t from public.hourly_topup_transactions where razorpay_order_id = p_order_id;
  if not found then
    return jsonb_build_object('topup', null);
  end if;
  a := public.hourly_lock_account(t.account_id);
  select * into strict t from public.hourly_topup_transactions where id = t.id;
  if t.status = 'created' then
    t := public.hourly_post_topup_failure(a, t.id, p_failure);
  end if;
  return jsonb_build_object('topup', public.hourly_topup_json(t, a.mode));
end
$$;
