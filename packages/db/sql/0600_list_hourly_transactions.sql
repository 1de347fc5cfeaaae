create or replace function public.hourly_ledger_json(e public.hourly_ledger_entries) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'entryNo', e.entry_no,
    'type', e.type,
    'amountCents', case when e.credit_account_id = e.account_id then e.amount_cents else -e.amount_cents end,
    'balanceAfterCents', e.balance_after_cents,
    'sessionId', e.session_id,
    'hour', e.hour,
    'topupId', e.topup_id,
    'effectiveAt', public.hourly_iso(e.effective_at),
    'createdAt', public.hourly_iso(e.created_at),
    'description', case e.type
      when 'topup' then 'Top-up'
      when 'hour' then 'Hour ' || e.hour || ' of a session'
      when 'refund' then case when e.debit_account_id = e.account_id then 'Refund' else 'Refund that failed' end
      when 'dispute' then case when e.debit_account_id = e.account_id then 'Dispute' else 'Dispute returned' end
      else e.reason
    end
  )
$$;

create or replace function public.list_hourly_transactions(p_account_id bigint, p_cursor bigint, p_limit integer)
returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_read_account(p_account_id);
begin
  return (
    select public.hourly_page(array_agg(e.entry_no order by e.entry_no desc),
      array_agg(public.hourly_ledger_json(e) order by e.entry_no desc), p_limit)
    from (
      select * from public.hourly_ledger_entries l
      where l.account_id = a.id and (p_cursor is null or l.entry_no < p_cursor)
      order by l.entry_no desc
      limit p_limit + 1
    ) e
  );
end
$$;
