-- Receipts of payments and refunds. Each one is issued by the transaction that makes the payment or the refund true, under
-- the seller who is configured at that moment.

create or replace function public.hourly_current_seller() returns public.hourly_sellers
language sql stable
set search_path = ''
as $$
  select s from public.hourly_sellers s order by s.id desc limit 1
$$;

-- Null when nobody is configured.
create or replace function public.hourly_seller_json(s public.hourly_sellers) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'name', s.name,
    'address', s.address,
    'tax', case when s.gstin is not null then jsonb_build_object(
      'gstin', s.gstin,
      'basisPoints', s.tax_basis_points,
      'sacCode', s.sac_code,
      'placeOfSupply', s.place_of_supply
    ) end
  )
  where s.name is not null
$$;

-- Stores who sells from now on. The same again changes nothing.
create or replace function public.set_hourly_seller(
  p_name text, p_address text, p_gstin text, p_tax_basis_points integer, p_sac_code text, p_place_of_supply text
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  s public.hourly_sellers := public.hourly_current_seller();
begin
  if (s.name, s.address, s.gstin, s.tax_basis_points, s.sac_code, s.place_of_supply)
    is distinct from (p_name, p_address, p_gstin, p_tax_basis_points, p_sac_code, p_place_of_supply)
  then
    insert into public.hourly_sellers (name, address, gstin, tax_basis_points, sac_code, place_of_supply)
    values (p_name, p_address, p_gstin, p_tax_basis_points, p_sac_code, p_place_of_supply)
    returning * into s;
  end if;
  return jsonb_build_object('seller', public.hourly_seller_json(s));
end
$$;

-- The tax that an amount includes: central and state tax in equal halves where the customer is supplied in the seller's
-- state, else integrated tax. Each tax is rounded to the nearest paisa, and what is left is the taxable value: the parts
-- always add up to the amount. All null without GST.
create or replace function public.hourly_included_tax(
  s public.hourly_sellers, p_paise bigint, out taxable bigint, out cgst bigint, out sgst bigint, out igst bigint
)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_is_in_state constant boolean := left(s.gstin, 2) = s.place_of_supply;
begin
  if s.gstin is null then
    return;
  end if;
  cgst := case when v_is_in_state
    then round(p_paise::numeric * s.tax_basis_points / (2 * (10000 + s.tax_basis_points))) else 0 end;
  sgst := cgst;
  igst := case when v_is_in_state then 0 else round(p_paise::numeric * s.tax_basis_points / (10000 + s.tax_basis_points)) end;
  taxable := p_paise - cgst - sgst - igst;
end
$$;

-- What of a payment's tax goes back with a refund, after so many paise went back before: the refunds of a whole payment
-- give back exactly its tax.
create or replace function public.hourly_refunded_tax(
  s public.hourly_sellers, p_before_paise bigint, p_paise bigint,
  out taxable bigint, out cgst bigint, out sgst bigint, out igst bigint
)
language sql immutable parallel safe
set search_path = ''
as $$
  select now.taxable - before.taxable, now.cgst - before.cgst, now.sgst - before.sgst, now.igst - before.igst
  from public.hourly_included_tax(s, p_before_paise + p_paise) now
  cross join public.hourly_included_tax(s, p_before_paise) before
$$;

-- The year that India's financial year of an instant begins in: it goes from April to March.
create or replace function public.hourly_financial_year(p_at timestamptz) returns integer
language sql stable parallel safe
set search_path = ''
as $$
  select extract(year from p_at at time zone 'Asia/Kolkata' - interval '3 months')::integer
$$;

-- `RV/26-27/000042`: at most 16 characters up to serial 9,999,999.
create or replace function public.hourly_receipt_number(p_kind text, p_financial_year integer, p_serial bigint)
returns text
language sql immutable parallel safe
set search_path = ''
as $$
  select p_kind || '/' || lpad((p_financial_year % 100)::text, 2, '0')
    || '-' || lpad(((p_financial_year + 1) % 100)::text, 2, '0')
    || '/' || lpad(p_serial::text, greatest(6, length(p_serial::text)), '0')
$$;

-- Issues the receipt of a paid top-up (p_refund_id null) or of a refund that was paid out, once. Called by the triggers
-- of these tables; the caller holds the account. Nothing is sold in test mode.
create or replace function public.hourly_issue_receipt(p_topup_id uuid, p_refund_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  t public.hourly_topup_transactions;
  r public.hourly_refunds;
  s public.hourly_sellers;
  v_paid public.hourly_receipts;
  v_new public.hourly_receipts;
  v_tax record;
begin
  select * into strict t from public.hourly_topup_transactions where id = p_topup_id;
  if (select a.mode from public.hourly_account_balance a where a.id = t.account_id) = 'test' then
    return;
  end if;
  if exists (
    select from public.hourly_receipts q where q.topup_id = t.id and q.refund_id is not distinct from p_refund_id
  ) then
    return;
  end if;

  if p_refund_id is null then
    s := public.hourly_current_seller();
    v_new.kind := case when s.gstin is null then 'PR' else 'RV' end;
    v_new.amount_paise := t.amount_inr_paise;
    v_new.issued_at := t.paid_at;
    v_tax := public.hourly_included_tax(s, t.amount_inr_paise);
  else
    -- Under the seller of the payment: its tax is what goes back.
    select * into strict r from public.hourly_refunds where id = p_refund_id;
    select * into strict v_paid from public.hourly_receipts where topup_id = t.id and refund_id is null;
    select * into s from public.hourly_sellers where id = v_paid.seller_id;
    v_new.kind := case when s.gstin is null then 'PF' else 'RF' end;
    v_new.amount_paise := r.amount_paise;
    v_new.issued_at := r.settled_at;
    v_tax := public.hourly_refunded_tax(s, (
      select coalesce(sum(q.amount_paise), 0)::bigint from public.hourly_receipts q
      where q.topup_id = t.id and q.refund_id is not null
    ), r.amount_paise);
  end if;

  v_new.financial_year := public.hourly_financial_year(v_new.issued_at);
  -- One after the other, to the end of each one's transaction: a number that is rolled back is given again. Accounts are
  -- locked before it and never after it.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(
    concat_ws('/', 'hourly_receipts', coalesce(s.gstin, ''), v_new.kind, v_new.financial_year), 0
  ));
  select coalesce(max(q.serial), 0) + 1 into v_new.serial
  from public.hourly_receipts q
  where coalesce(q.gstin, '') = coalesce(s.gstin, '') and q.kind = v_new.kind and q.financial_year = v_new.financial_year;

  insert into public.hourly_receipts (
    account_id, topup_id, refund_id, seller_id, kind, gstin, financial_year, serial, number,
    amount_paise, taxable_paise, cgst_paise, sgst_paise, igst_paise, issued_at
  )
  values (
    t.account_id, t.id, p_refund_id, s.id, v_new.kind, s.gstin, v_new.financial_year, v_new.serial,
    public.hourly_receipt_number(v_new.kind, v_new.financial_year, v_new.serial),
    v_new.amount_paise, v_tax.taxable, v_tax.cgst, v_tax.sgst, v_tax.igst, v_new.issued_at
  );
end
$$;

create or replace function public.hourly_tax_json(p_taxable bigint, p_cgst bigint, p_sgst bigint, p_igst bigint)
returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object('taxablePaise', p_taxable, 'cgstPaise', p_cgst, 'sgstPaise', p_sgst, 'igstPaise', p_igst)
  where p_taxable is not null
$$;

-- The refunds of a top-up that happened or are on their way, oldest first. In test mode there are no numbers, and the tax
-- is what it would be under today's seller.
create or replace function public.hourly_receipt_refunds_json(t public.hourly_topup_transactions) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'status', r.status,
    'at', public.hourly_iso(coalesce(r.settled_at, r.created_at)),
    'amountCents', r.amount_cents,
    'amountPaise', r.amount_paise,
    'number', q.number,
    'tax', case
      when q.id is not null then public.hourly_tax_json(q.taxable_paise, q.cgst_paise, q.sgst_paise, q.igst_paise)
      when a.mode = 'test' then public.hourly_tax_json(f.taxable, f.cgst, f.sgst, f.igst)
    end
  ) order by r.created_at, r.id), '[]')
  from (
    select u.*, (coalesce(sum(u.amount_paise) over (
      order by u.created_at, u.id rows between unbounded preceding and 1 preceding
    ), 0))::bigint as before_paise
    from public.hourly_refunds u
    where u.topup_id = t.id and u.status <> 'failed'
  ) r
  join public.hourly_account_balance a on a.id = t.account_id
  left join public.hourly_receipts q on q.refund_id = r.id
  cross join lateral public.hourly_refunded_tax(public.hourly_current_seller(), r.before_paise, r.amount_paise) f
$$;

-- Everything that a top-up's receipt shows. A test account's has no number, and the tax that it would have today.
create or replace function public.get_hourly_topup_receipt(p_account_id bigint, p_topup_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  t public.hourly_topup_transactions;
  q public.hourly_receipts;
  s public.hourly_sellers;
  v_tax record;
begin
  select * into t from public.hourly_topup_transactions where id = p_topup_id and account_id = p_account_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  elsif t.paid_at is null then
    return public.hourly_refusal('NOT_FOUND', null, 'The top-up is not paid: there is no receipt of it.');
  end if;
  select * into strict a from public.hourly_account_balance where id = t.account_id;
  select * into q from public.hourly_receipts where topup_id = t.id and refund_id is null;
  if a.mode = 'test' then
    s := public.hourly_current_seller();
  else
    select * into s from public.hourly_sellers where id = q.seller_id;
  end if;
  v_tax := public.hourly_included_tax(s, t.amount_inr_paise);
  return jsonb_build_object(
    'mode', a.mode,
    'userId', a.user_id,
    'seller', public.hourly_seller_json(s),
    'number', q.number,
    'issuedAt', public.hourly_iso(coalesce(q.issued_at, t.paid_at)),
    'tax', case
      when q.id is not null then public.hourly_tax_json(q.taxable_paise, q.cgst_paise, q.sgst_paise, q.igst_paise)
      else public.hourly_tax_json(v_tax.taxable, v_tax.cgst, v_tax.sgst, v_tax.igst)
    end,
    'topupId', t.id,
    'status', t.status,
    'amountCents', t.amount_cents,
    'amountInrPaise', t.amount_inr_paise,
    'inrPerUsd', t.inr_per_usd,
    'refundedCents', t.refunded_cents,
    'orderId', t.razorpay_order_id,
    'paymentId', t.razorpay_payment_id,
    'refunds', public.hourly_receipt_refunds_json(t),
    'disputes', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'status', d.status,
        'at', public.hourly_iso(coalesce(d.settled_at, d.created_at)),
        'amountCents', d.amount_cents,
        'amountPaise', d.amount_paise
      ) order by d.created_at, d.dispute_id), '[]')
      from public.hourly_disputes d
      where d.topup_id = t.id
    )
  );
end
$$;

-- A session, settled, with whose it is and who sold it.
create or replace function public.get_hourly_session_receipt(p_account_id bigint, p_session_id uuid) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session jsonb := public.get_hourly_session(p_account_id, p_session_id);
begin
  if v_session ? 'refusal' then
    return v_session;
  end if;
  return (
    select jsonb_build_object(
      'mode', a.mode,
      'userId', a.user_id,
      'seller', public.hourly_seller_json(public.hourly_current_seller()),
      'session', v_session
    )
    from public.hourly_account_balance a
    where a.id = p_account_id
  );
end
$$;

-- Of entries that are about a payment, the rupees that moved: {"12": 830000, "15": -415000}.
create or replace function public.get_hourly_entry_paise(p_account_id bigint, p_first_no bigint, p_last_no bigint)
returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(e.entry_no, case when e.credit_account_id = e.account_id then m.paise else -m.paise end), '{}')
  from public.hourly_ledger_entries e
  cross join lateral (
    select case e.type
      when 'topup' then (select t.amount_inr_paise from public.hourly_topup_transactions t where t.id = e.topup_id)
      when 'refund' then (select r.amount_paise from public.hourly_refunds r where r.id = e.refund_id)
      when 'dispute' then (select d.amount_paise from public.hourly_disputes d where d.dispute_id = e.dispute_id)
    end
  ) as m (paise)
  where e.account_id = p_account_id and e.entry_no between p_first_no and p_last_no and m.paise is not null
$$;
