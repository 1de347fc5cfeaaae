-- Unpaid live top-ups about which the provider is to be asked, each claimed for a while. p_all takes those too whose
-- time has not come.
create or replace function public.claim_hourly_topups_to_reconcile(
  p_limit integer, p_lease_seconds integer, p_all boolean
) returns jsonb
language sql volatile
set search_path = ''
as $$
  with due as (
    select id from public.hourly_topup_transactions
    where next_check_at is not null
      and (p_all or next_check_at <= clock_timestamp())
      and (check_leased_until is null or check_leased_until < clock_timestamp())
    order by next_check_at
    limit p_limit
    for no key update skip locked
  ), claimed as (
    update public.hourly_topup_transactions t
    set check_leased_until = clock_timestamp() + p_lease_seconds * interval '1 second'
    from due
    where t.id = due.id
    returning t as topup
  )
  select jsonb_build_object('topups', coalesce(
    jsonb_agg(public.hourly_topup_json(topup, 'live') order by (topup).created_at), '[]'))
  from claimed
$$;

-- The provider had no captured payment. It is asked again later and later, and for the last time after three days,
-- which is as long as a late authorisation takes: https://razorpay.com/docs/payments/payments/late-authorization/
create or replace function public.record_hourly_topup_unpaid(p_topup_id uuid) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
begin
  update public.hourly_topup_transactions
  set checks = checks + 1,
    status = case when created_at < clock_timestamp() - interval '3 days' then 'expired' else status end,
    next_check_at = case when created_at >= clock_timestamp() - interval '3 days'
      then clock_timestamp() + least(interval '2 minutes' * power(2, least(checks, 10)), interval '6 hours') end
  where id = p_topup_id and paid_at is null
  returning * into t;
  if not found then
    select * into t from public.hourly_topup_transactions where id = p_topup_id;
    if not found then
      return public.hourly_refusal('NOT_FOUND');
    end if;
  end if;
  return public.hourly_topup_json_of(t);
end
$$;
