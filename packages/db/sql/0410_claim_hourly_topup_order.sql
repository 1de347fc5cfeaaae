-- One call at a time creates a top-up's order at the provider. A claim lapses, so that a crash in between is made good
-- by the next call; `attempt` tells it to look for the order before it creates one.
create or replace function public.claim_hourly_topup_order(p_topup_id uuid, p_lease_seconds integer) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
  v_claimed boolean;
begin
  update public.hourly_topup_transactions
  set order_attempts = order_attempts + 1,
    order_leased_until = clock_timestamp() + p_lease_seconds * interval '1 second'
  where id = p_topup_id and razorpay_order_id is null
    and (order_leased_until is null or order_leased_until < clock_timestamp())
  returning * into t;
  v_claimed := found;
  if not v_claimed then
    select * into t from public.hourly_topup_transactions where id = p_topup_id;
    if not found then
      return public.hourly_refusal('NOT_FOUND');
    end if;
  end if;
  return jsonb_build_object(
    'claimed', v_claimed, 'attempt', t.order_attempts, 'topup', public.hourly_topup_json_of(t)
  );
end
$$;

-- Stores the order, or with null gives the claim back. An order that is stored is never replaced.
create or replace function public.set_hourly_topup_order(p_topup_id uuid, p_order_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
begin
  update public.hourly_topup_transactions
  set razorpay_order_id = coalesce(razorpay_order_id, p_order_id), order_leased_until = null
  where id = p_topup_id
  returning * into t;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_topup_json_of(t);
end
$$;
