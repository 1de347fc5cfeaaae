-- The writer of every ledger entry that is no charge: one row, and the account it belongs to, which the caller holds and
-- acts on at its as_of. p_cents is what it adds to the balance. Returns the account as it is afterwards.
--
-- A top-up takes the next event's number, for the caller to tell. What a debit does to an open session is told here: the
-- next hour cannot be paid any more, or the balance is below zero and the session is frozen.
create or replace function public.hourly_post_entry(
  a public.hourly_account_balance,
  p_type text,
  p_cents bigint,
  p_topup_id uuid default null,
  p_refund_id uuid default null,
  p_dispute_id text default null,
  p_reason text default null
) returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now constant timestamptz := a.as_of;
  v_before_cents constant bigint := a.balance_cents;
  v_topup_cents constant bigint := case p_type when 'topup' then p_cents else 0 end;
  v_other_side constant bigint := case p_type
    when 'topup' then 2 when 'refund' then 2 when 'promo' then 3 when 'adjustment' then 4 when 'dispute' then 5 end;
begin
  update public.hourly_account_balance b
  set balance_cents = b.balance_cents + p_cents,
    paid_in_cents = b.paid_in_cents + v_topup_cents,
    refunded_cents = b.refunded_cents - case p_type when 'refund' then p_cents else 0 end,
    disputed_cents = b.disputed_cents - case p_type when 'dispute' then p_cents else 0 end,
    -- The first top-up brings the commitment with it.
    commitment_hours = case p_type when 'topup' then coalesce(b.commitment_hours, p.commitment_hours) else b.commitment_hours end,
    commitment_cents = case p_type when 'topup' then coalesce(b.commitment_cents, p.commitment_hours * p.rate_cents)
      else b.commitment_cents end,
    entry_no = b.entry_no + 1,
    event_no = b.event_no + (p_type = 'topup')::integer,
    as_of = v_now
  from public.plan_pricing p
  where b.id = a.id and p.plan = 'hourly_standard'
  returning b.* into strict a;

  insert into public.hourly_ledger_entries (
    account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents, balance_after_cents, event_no,
    topup_id, refund_id, dispute_id, reason, effective_at, created_at
  )
  values (
    a.id, a.entry_no, p_type,
    case when p_cents < 0 then a.id else v_other_side end, case when p_cents < 0 then v_other_side else a.id end,
    abs(p_cents), a.balance_cents, case p_type when 'topup' then a.event_no end,
    p_topup_id, p_refund_id, p_dispute_id, p_reason, v_now, v_now
  );

  if a.session_id is not null and v_before_cents >= a.rate_cents and a.balance_cents < a.rate_cents then
    a := public.hourly_tell_balance(a, 'balance.low');
  end if;
  if v_before_cents >= 0 and a.balance_cents < 0 then
    if a.paid_until is not null then
      perform public.hourly_stop_sessions(array[
        row(a.id, 'paused', 'frozen', v_now, v_now)::public.hourly_session_stop
      ]);
      select * into strict a from public.hourly_account_balance where id = a.id;
    end if;
    a := public.hourly_tell_balance(a, 'account.frozen');
  end if;
  return a;
end
$$;

-- An event about the balance of an account that the caller holds.
create or replace function public.hourly_tell_balance(a public.hourly_account_balance, p_type text)
returns public.hourly_account_balance
language plpgsql volatile
set search_path = ''
as $$
begin
  update public.hourly_account_balance b set event_no = b.event_no + 1 where b.id = a.id returning b.* into strict a;
  perform public.hourly_emit(a.id, a.event_no, p_type, public.hourly_balance_json(a), a.as_of);
  return a;
end
$$;
