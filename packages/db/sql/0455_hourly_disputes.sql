-- Disputes. One is debited when it is opened and credited back when it is won, or closed without a decision, once each.
create or replace function public.hourly_dispute_json(d public.hourly_disputes) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', d.dispute_id,
    'accountId', d.account_id::text,
    'topupId', d.topup_id,
    'paymentId', d.payment_id,
    'amountCents', d.amount_cents,
    'amountPaise', d.amount_paise,
    'status', d.status,
    'createdAt', public.hourly_iso(d.created_at),
    'settledAt', public.hourly_iso(d.settled_at)
  )
$$;

create or replace function public.hourly_post_dispute(
  a public.hourly_account_balance, d public.hourly_disputes, p_sign integer default 1
) returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
begin
  if d.amount_cents = 0 then
    return a;
  end if;
  return public.hourly_post_entry(a, 'dispute', -p_sign * d.amount_cents, p_topup_id => d.topup_id, p_dispute_id => d.dispute_id);
end
$$;

create or replace function public.record_hourly_dispute(
  p_dispute_id text, p_payment_id text, p_amount_paise bigint, p_status text, p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_known record := public.hourly_lock_payment(p_payment_id, p_now);
  a public.hourly_account_balance := v_known.account;
  d public.hourly_disputes;
  v_now timestamptz := coalesce(a.as_of, clock_timestamp());
  v_is_returned constant boolean := p_status in ('won', 'closed');
  v_is_news boolean := true;
begin
  if (v_known.payment).payment_id is null then
    return jsonb_build_object('outcome', 'unmatched', 'dispute', null);
  end if;

  select * into d from public.hourly_disputes where dispute_id = p_dispute_id;
  if not found then
    insert into public.hourly_disputes (
      dispute_id, account_id, topup_id, payment_id, amount_cents, amount_paise, status, created_at, settled_at
    )
    select p_dispute_id, a.id, t.id, p_payment_id,
      -- One that is first heard of when it is won moves nothing.
      case when t.id is null or v_is_returned then 0 else round(p_amount_paise::numeric / t.inr_per_usd) end,
      p_amount_paise, p_status, v_now, case when p_status <> 'open' then v_now end
    from (select) as one
    left join public.hourly_topup_transactions t on t.id = (v_known.payment).topup_id and a.id is not null
    returning * into d;
    if a.id is not null then
      perform public.hourly_post_dispute(a, d);
    end if;
  elsif d.status = 'open' and p_status <> 'open' or d.status = 'lost' and v_is_returned then
    update public.hourly_disputes set status = p_status, settled_at = v_now
    where dispute_id = p_dispute_id
    returning * into d;
    if a.id is not null and v_is_returned then
      perform public.hourly_post_dispute(a, d, -1);
    end if;
  else
    v_is_news := false;
  end if;
  return jsonb_build_object(
    'outcome', case when v_is_news then 'recorded' else 'duplicate' end, 'dispute', public.hourly_dispute_json(d)
  );
end
$$;

-- A payment that was kept is credited after all: what was refunded or disputed of it meanwhile follows it into the ledger.
create or replace function public.hourly_adopt_payment(
  a public.hourly_account_balance, t public.hourly_topup_transactions
) returns public.hourly_topup_transactions
language plpgsql volatile
set search_path = ''
as $$
declare
  r public.hourly_refunds;
  d public.hourly_disputes;
begin
  for r in
    select * from public.hourly_refunds
    where payment_id = t.razorpay_payment_id and account_id is null and status <> 'failed'
    order by created_at, id
  loop
    update public.hourly_refunds
    set account_id = a.id, topup_id = t.id, amount_cents = public.hourly_refund_cents(t, r.amount_paise)
    where id = r.id
    returning * into r;
    a := public.hourly_post_refund(a, r);
  end loop;
  for d in
    select * from public.hourly_disputes
    where payment_id = t.razorpay_payment_id and account_id is null and status in ('open', 'lost')
    order by created_at, dispute_id
  loop
    update public.hourly_disputes
    set account_id = a.id, topup_id = t.id, amount_cents = round(d.amount_paise::numeric / t.inr_per_usd)
    where dispute_id = d.dispute_id
    returning * into d;
    a := public.hourly_post_dispute(a, d);
  end loop;
  select * into strict t from public.hourly_topup_transactions where id = t.id;
  return t;
end
$$;
