-- Credits a top-up to an account that the caller holds, at its as_of: the ledger row, the balance, the commitment that
-- comes with the first one, and the event.
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

  insert into public.hourly_ledger_entries (
    account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents, balance_after_cents, event_no,
    topup_id, effective_at, created_at
  )
  values (
    a.id, a.entry_no + 1, 'topup', 2, a.id, t.amount_cents, a.balance_cents + t.amount_cents, a.event_no + 1,
    t.id, a.as_of, a.as_of
  );
  update public.hourly_account_balance b
  set balance_cents = a.balance_cents + t.amount_cents,
    paid_in_cents = a.paid_in_cents + t.amount_cents,
    commitment_hours = coalesce(a.commitment_hours, p.commitment_hours),
    commitment_cents = coalesce(a.commitment_cents, p.commitment_hours * p.rate_cents),
    entry_no = a.entry_no + 1, event_no = a.event_no + 1, as_of = a.as_of
  from public.plan_pricing p
  where b.id = a.id and p.plan = 'hourly_standard';
  perform public.hourly_emit(a.id, a.event_no + 1, 'topup.paid', public.hourly_topup_json(t, a.mode), a.as_of);
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
