-- An operator's correction or gift. No correction takes a balance below zero: only a refund or a dispute does.
create or replace function public.adjust_hourly_balance(
  p_account_id bigint,
  p_type text,
  p_amount_cents bigint,
  p_reason text,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  v_request record;
  v_entry_no bigint;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_request := public.hourly_find_request(a.id, 'adjust', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  end if;
  v_entry_no := v_request.resource_id::bigint;

  if v_entry_no is null then
    if p_type not in ('adjustment', 'promo') or p_amount_cents = 0 or (p_type = 'promo' and p_amount_cents < 0) then
      return public.hourly_refusal('INVALID_INPUT', null, 'An adjustment adds or takes cents, a promotion adds them.');
    elsif trim(p_reason) = '' then
      return public.hourly_refusal('INVALID_INPUT', null, 'Say why.');
    elsif p_amount_cents < 0 and a.balance_cents + p_amount_cents < 0 then
      return public.hourly_refusal('INSUFFICIENT_BALANCE',
        jsonb_build_object('balanceCents', a.balance_cents, 'requiredCents', -p_amount_cents));
    end if;
    a := public.hourly_post_entry(a, p_type, p_amount_cents, p_reason => p_reason);
    v_entry_no := a.entry_no;
    perform public.hourly_keep_request(a.id, 'adjust', p_request_key, p_input_hash, v_entry_no::text);
  end if;
  return (
    select public.hourly_ledger_json(e) from public.hourly_ledger_entries e
    where e.account_id = a.id and e.entry_no = v_entry_no
  );
end
$$;
