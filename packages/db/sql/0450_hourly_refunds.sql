-- Refunds. The ledger is debited before the provider hears of one; what the provider refuses is credited back. A refund
-- that was made outside the product is debited when it is reported, even when that takes the balance below zero.

create or replace function public.hourly_refund_json(r public.hourly_refunds) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', r.id,
    'accountId', r.account_id::text,
    'mode', (select a.mode from public.hourly_account_balance a where a.id = r.account_id),
    'topupId', r.topup_id,
    'paymentId', r.payment_id,
    'amountCents', r.amount_cents,
    'amountPaise', r.amount_paise,
    'status', r.status,
    'source', r.source,
    'providerRefundId', r.razorpay_refund_id,
    'createdAt', public.hourly_iso(r.created_at),
    'settledAt', public.hourly_iso(r.settled_at)
  )
$$;

-- Moves a refund out of the balance of an account that the caller holds, or with p_sign = -1 back into it.
create or replace function public.hourly_post_refund(
  a public.hourly_account_balance, r public.hourly_refunds, p_sign integer default 1
) returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
begin
  if r.amount_cents = 0 then
    return a;
  end if;
  update public.hourly_topup_transactions t
  set refunded_cents = refunded_cents + p_sign * r.amount_cents,
    status = case when refunded_cents + p_sign * r.amount_cents >= amount_cents then 'refunded' else 'paid' end
  where t.id = r.topup_id;
  return public.hourly_post_entry(a, 'refund', -p_sign * r.amount_cents, p_topup_id => r.topup_id, p_refund_id => r.id);
end
$$;

-- The provider has paid the refund out, or has refused it.
create or replace function public.hourly_settle_refund(
  a public.hourly_account_balance, r public.hourly_refunds, p_status text
) returns public.hourly_refunds
language plpgsql volatile
set search_path = ''
as $$
begin
  update public.hourly_refunds set status = p_status, settled_at = coalesce(a.as_of, clock_timestamp())
  where id = r.id
  returning * into strict r;
  if a.id is null then
    return r;
  end if;
  if p_status = 'failed' then
    perform public.hourly_post_refund(a, r, -1);
  else
    update public.hourly_account_balance b set event_no = b.event_no + 1, as_of = a.as_of
    where b.id = a.id
    returning b.event_no into a.event_no;
    perform public.hourly_emit(a.id, a.event_no, 'refund.processed',
      public.hourly_topup_json(t, a.mode) || jsonb_build_object('refund', jsonb_build_object(
        'id', r.id, 'amountCents', r.amount_cents, 'createdAt', public.hourly_iso(r.created_at))), a.as_of)
    from public.hourly_topup_transactions t where t.id = r.topup_id;
  end if;
  return r;
end
$$;

-- The provider is told by a job of the same transaction.
create or replace function public.hourly_enqueue_refund(r public.hourly_refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform hourly_jobs.add_job('send_refund', json_build_object('refundId', r.id), job_key => 'refund:' || r.id);
end
$$;

-- The most that may be refunded of a top-up of this account: no top-up beyond itself, and no account beyond what its
-- commitment leaves.
create or replace function public.hourly_topup_refundable_cents(
  a public.hourly_account_balance, t public.hourly_topup_transactions
) returns bigint
language sql stable
set search_path = ''
as $$
  select greatest(0, least(
    (public.hourly_balance_json(a) ->> 'refundableCents')::bigint,
    t.amount_cents - t.refunded_cents - (
      select coalesce(sum(d.amount_cents), 0) from public.hourly_disputes d
      where d.topup_id = t.id and d.status in ('open', 'lost')
    )
  ))
$$;

-- An operator refunds a top-up, whole or in part, in the payment's currency at the rate that it was bought at. In test
-- mode there is nobody to pay it out: it is processed at once.
create or replace function public.create_hourly_refund(
  p_topup_id uuid,
  p_amount_cents bigint,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  t public.hourly_topup_transactions;
  r public.hourly_refunds;
  v_request record;
  v_maximum_cents bigint;
  v_minimum_cents bigint;
begin
  select * into t from public.hourly_topup_transactions where id = p_topup_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  a := public.hourly_lock_account(t.account_id, p_now);
  v_request := public.hourly_find_request(a.id, 'refund', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    return (select public.hourly_refund_json(q) from public.hourly_refunds q where q.id = v_request.resource_id::uuid);
  end if;

  select * into strict t from public.hourly_topup_transactions where id = p_topup_id;
  v_maximum_cents := public.hourly_topup_refundable_cents(a, t);
  -- The provider pays out one rupee at least: https://razorpay.com/docs/api/refunds/
  v_minimum_cents := (100 + t.inr_per_usd - 1) / t.inr_per_usd;
  if t.paid_at is null then
    return public.hourly_refusal('INVALID_INPUT', null, 'The top-up is not paid.');
  elsif p_amount_cents < v_minimum_cents then
    return public.hourly_refusal('AMOUNT_BELOW_MINIMUM', jsonb_build_object('minimumCents', v_minimum_cents),
      'The amount is below the smallest refund.');
  elsif p_amount_cents > v_maximum_cents then
    return public.hourly_refusal('AMOUNT_ABOVE_MAXIMUM', jsonb_build_object('maximumCents', v_maximum_cents),
      'The amount is above what can be refunded.');
  end if;

  insert into public.hourly_refunds (
    account_id, topup_id, payment_id, amount_cents, amount_paise, status, source, created_at
  )
  values (
    a.id, t.id, t.razorpay_payment_id, p_amount_cents, p_amount_cents * t.inr_per_usd, 'pending', 'operator', a.as_of
  )
  returning * into r;
  a := public.hourly_post_refund(a, r);
  perform public.hourly_keep_request(a.id, 'refund', p_request_key, p_input_hash, r.id::text);
  if a.mode = 'test' then
    r := public.hourly_settle_refund(a, r, 'processed');
  else
    perform public.hourly_enqueue_refund(r);
  end if;
  return public.hourly_refund_json(r);
end
$$;

-- An operator gives back a payment that was kept and never credited: what is left of it, once.
create or replace function public.refund_hourly_kept_payment(p_payment_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  pay public.hourly_payments;
  r public.hourly_refunds;
  v_left_paise bigint;
begin
  select * into pay from public.hourly_payments where payment_id = p_payment_id for no key update;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  elsif pay.status <> 'kept' then
    return public.hourly_refusal('INVALID_INPUT', null, 'The payment was credited: refund its top-up.');
  end if;
  select * into r from public.hourly_refunds
  where payment_id = p_payment_id and source = 'operator' and status <> 'failed';
  if not found then
    select pay.amount_paise - coalesce(sum(amount_paise), 0) into v_left_paise
    from public.hourly_refunds where payment_id = p_payment_id and status <> 'failed';
    if v_left_paise <= 0 then
      return public.hourly_refusal('INVALID_INPUT', null, 'The payment is refunded already.');
    end if;
    insert into public.hourly_refunds (payment_id, amount_cents, amount_paise, status, source, created_at)
    values (p_payment_id, 0, v_left_paise, 'pending', 'operator', clock_timestamp())
    returning * into r;
    perform public.hourly_enqueue_refund(r);
  end if;
  return public.hourly_refund_json(r);
end
$$;

-- What a refund or dispute of so many paise takes from the balance: rounded over all refunds of the top-up together, so
-- that parts add up to the whole.
create or replace function public.hourly_refund_cents(t public.hourly_topup_transactions, p_paise bigint) returns bigint
language sql stable
set search_path = ''
as $$
  select greatest(0, round((coalesce(sum(r.amount_paise), 0) + p_paise)::numeric / t.inr_per_usd)
    - coalesce(sum(r.amount_cents), 0))::bigint
  from public.hourly_refunds r
  where r.topup_id = t.id and r.status <> 'failed'
$$;

-- The account that a payment was credited to, locked and settled, and the payment as it stands then, locked as well:
-- that keeps reports about payments without an account apart. Null payment_id when nobody knows the payment, or when it
-- was credited this very moment.
create or replace function public.hourly_lock_payment(
  p_payment_id text, p_now timestamptz, out account public.hourly_account_balance, out payment public.hourly_payments
)
language plpgsql volatile
set search_path = ''
as $$
declare
  v_account_id bigint;
begin
  select t.account_id into v_account_id
  from public.hourly_payments p
  join public.hourly_topup_transactions t on t.id = p.topup_id
  where p.payment_id = p_payment_id and p.status = 'credited';
  if v_account_id is not null then
    account := public.hourly_lock_account(v_account_id, p_now);
  end if;
  select * into payment from public.hourly_payments where payment_id = p_payment_id for no key update;
  if payment.status = 'credited' and v_account_id is null then
    payment := null;
  end if;
end
$$;

-- The provider reports a refund: one of ours, or one that was made outside. Ours are matched by our id first, so that a
-- report which is faster than the answer to our own call is not taken for another refund.
create or replace function public.record_hourly_refund(
  p_refund_id uuid,
  p_provider_refund_id text,
  p_payment_id text,
  p_amount_paise bigint,
  p_status text,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_known record := public.hourly_lock_payment(p_payment_id, p_now);
  a public.hourly_account_balance := v_known.account;
  t public.hourly_topup_transactions;
  r public.hourly_refunds;
  v_is_news boolean := false;
begin
  if (v_known.payment).payment_id is null then
    return jsonb_build_object('outcome', 'unmatched', 'refund', null);
  end if;

  select * into r from public.hourly_refunds where razorpay_refund_id = p_provider_refund_id;
  if not found then
    v_is_news := true;
    -- Not one that was given up and credited back: when the provider made it all the same, it is debited as any other.
    update public.hourly_refunds set razorpay_refund_id = p_provider_refund_id
    where id = p_refund_id and payment_id = p_payment_id and amount_paise = p_amount_paise and razorpay_refund_id is null
      and status = 'pending'
    returning * into r;
  end if;
  if r.id is null then
    if a.id is not null then
      select * into strict t from public.hourly_topup_transactions where id = (v_known.payment).topup_id;
    end if;
    insert into public.hourly_refunds (
      account_id, topup_id, payment_id, amount_cents, amount_paise, status, source, razorpay_refund_id, created_at, settled_at
    )
    values (
      a.id, t.id, p_payment_id,
      -- One that is first heard of when it has failed moves nothing.
      case when t.id is null or p_status = 'failed' then 0 else public.hourly_refund_cents(t, p_amount_paise) end,
      p_amount_paise, case p_status when 'failed' then 'failed' else 'pending' end, 'provider', p_provider_refund_id,
      coalesce(a.as_of, clock_timestamp()), case p_status when 'failed' then coalesce(a.as_of, clock_timestamp()) end
    )
    returning * into r;
    if a.id is not null then
      a := public.hourly_post_refund(a, r);
    end if;
  end if;
  if r.status = 'pending' and p_status <> 'pending' then
    v_is_news := true;
    r := public.hourly_settle_refund(a, r, p_status);
  end if;
  return jsonb_build_object(
    'outcome', case when v_is_news then 'recorded' else 'duplicate' end, 'refund', public.hourly_refund_json(r)
  );
end
$$;

-- The provider refused to pay out a refund of ours that it has no record of: what was debited for it comes back.
create or replace function public.fail_hourly_refund(p_refund_id uuid, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  r public.hourly_refunds;
  v_known record;
begin
  select * into r from public.hourly_refunds where id = p_refund_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_known := public.hourly_lock_payment(r.payment_id, p_now);
  select * into strict r from public.hourly_refunds where id = p_refund_id;
  if r.status = 'pending' and r.razorpay_refund_id is null and (v_known.payment).payment_id is not null then
    r := public.hourly_settle_refund(v_known.account, r, 'failed');
  end if;
  return public.hourly_refund_json(r);
end
$$;

create or replace function public.get_hourly_refund(p_refund_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select public.hourly_refund_json(r) from public.hourly_refunds r where r.id = p_refund_id),
    public.hourly_refusal('NOT_FOUND'))
$$;

-- Refunds on their way for a while already, oldest first: reports about them may have been lost.
create or replace function public.list_hourly_pending_refunds(p_older_than_seconds integer, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('refunds', coalesce(jsonb_agg(public.hourly_refund_json(r) order by r.created_at), '[]'))
  from (
    select * from public.hourly_refunds
    where status = 'pending' and created_at < clock_timestamp() - p_older_than_seconds * interval '1 second'
    order by created_at
    limit p_limit
  ) r
$$;
