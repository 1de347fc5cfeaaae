-- Everything of ours is for the product's roles alone: on Supabase whatever is created in public is handed to everybody
-- whom the data API acts as. service_role is one of them: it goes round row level security, and billing has no use for it.
-- Functions by name, because other products' functions in the same schema are none of ours; tables by the product's
-- policy, and sequences by their table.
do $$
declare
  v_names constant text[] := array[
    'add_hourly_balance', 'add_hourly_book_comparison', 'adjust_hourly_balance', 'admit_hourly_generation',
    'advance_hourly_clock', 'audit_hourly_accounts', 'authenticate_hourly_api_key', 'beat_hourly_job_worker',
    'cancel_hourly_generation', 'check_hourly_ledger_heads', 'claim_hourly_generations', 'claim_hourly_topup_order',
    'claim_hourly_topups_to_reconcile', 'create_hourly_api_key', 'create_hourly_refund', 'create_hourly_topup',
    'end_hourly_session', 'ensure_hourly_account', 'fail_hourly_refund', 'fail_hourly_topup', 'find_hourly_request',
    'finish_hourly_generation', 'get_hourly_balance', 'get_hourly_entry_paise', 'get_hourly_generation',
    'get_hourly_plan', 'get_hourly_refund', 'get_hourly_session', 'get_hourly_session_receipt', 'get_hourly_statement',
    'get_hourly_status', 'get_hourly_topup', 'get_hourly_topup_by_order', 'get_hourly_topup_receipt',
    'get_hourly_usage', 'get_hourly_webhook_event', 'hold_hourly_generation', 'hourly_account_at',
    'hourly_account_stretches', 'hourly_active_us', 'hourly_adopt_payment', 'hourly_api_key_json',
    'hourly_audit_ledger', 'hourly_audit_refunds', 'hourly_audit_seals', 'hourly_audit_segments',
    'hourly_audit_sessions', 'hourly_balance_json', 'hourly_charge_hours', 'hourly_charge_segments',
    'hourly_current_seller', 'hourly_dispute_json', 'hourly_due', 'hourly_due_at', 'hourly_emit',
    'hourly_enqueue_refund', 'hourly_expected_charges', 'hourly_financial_year', 'hourly_find_request',
    'hourly_finish_generation', 'hourly_generation_deadline', 'hourly_generation_json', 'hourly_generation_json_of',
    'hourly_genesis_hash', 'hourly_genesis_line', 'hourly_hash_line', 'hourly_included_tax', 'hourly_iso',
    'hourly_issue_payment_receipt', 'hourly_issue_receipt', 'hourly_issue_refund_receipt', 'hourly_keep_due_at',
    'hourly_keep_request', 'hourly_ledger_json', 'hourly_ledger_line', 'hourly_lock_account', 'hourly_lock_payment',
    'hourly_now', 'hourly_page', 'hourly_plan_json', 'hourly_post_dispute', 'hourly_post_entry', 'hourly_post_refund',
    'hourly_post_topup', 'hourly_post_topup_failure', 'hourly_read_account', 'hourly_receipt_number',
    'hourly_receipt_refunds_json', 'hourly_refund_cents', 'hourly_refund_json', 'hourly_refunded_tax', 'hourly_refusal',
    'hourly_refuse_change', 'hourly_resume_session', 'hourly_seal_hash', 'hourly_seal_line', 'hourly_seconds',
    'hourly_segment_json', 'hourly_seller_json', 'hourly_session_detail_at', 'hourly_session_json',
    'hourly_session_json_at', 'hourly_session_json_of', 'hourly_session_stretches', 'hourly_sessions_at',
    'hourly_settle_accounts', 'hourly_settle_locked', 'hourly_settle_refund', 'hourly_statement_at', 'hourly_status_at',
    'hourly_stop', 'hourly_stop_sessions', 'hourly_tax_json', 'hourly_tell_balance', 'hourly_topup_json',
    'hourly_topup_json_of', 'hourly_topup_refundable_cents', 'hourly_us', 'list_hourly_api_keys',
    'list_hourly_generations', 'list_hourly_ledger_heads', 'list_hourly_pending_refunds', 'list_hourly_sessions',
    'list_hourly_topups', 'list_hourly_transactions', 'mark_hourly_generation_running', 'record_hourly_dispute',
    'record_hourly_refund', 'record_hourly_topup_unpaid', 'refund_hourly_kept_payment', 'retire_hourly_job_worker',
    'revoke_hourly_api_key', 'seal_hourly_ledger', 'set_hourly_generation_job', 'set_hourly_seller',
    'set_hourly_topup_order', 'settle_hourly_sessions', 'settle_hourly_webhook_event', 'start_hourly_session',
    'store_hourly_webhook_event', 'toggle_hourly_session'
  ];
  v_strangers constant text := pg_catalog.concat_ws(', ', 'public', (
    select pg_catalog.string_agg(pg_catalog.quote_ident(rolname), ', ')
    from pg_catalog.pg_roles
    where rolname in ('anon', 'authenticated', 'service_role')
  ));
  v_function regprocedure;
  v_table regclass;
  v_sequence regclass;
begin
  for v_function in
    select p.oid::regprocedure
    from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = any (v_names) and p.prokind = 'f'
  loop
    execute format('revoke all on function %s from %s', v_function, v_strangers);
    execute format('grant execute on function %s to hourly_app, hourly_worker', v_function);
  end loop;

  for v_table in
    select c.oid::regclass
    from pg_catalog.pg_class c
    join pg_catalog.pg_policy p on p.polrelid = c.oid and p.polname = 'hourly_product'
    where c.relnamespace = 'public'::regnamespace
      -- One that was there before us lacks our constraint and keeps what it has granted.
      and (c.relname <> 'plan_pricing' or exists (
        select from pg_catalog.pg_constraint o where o.conrelid = c.oid and o.conname = 'plan_pricing_positive'
      ))
  loop
    execute format('revoke all on table %s from %s', v_table, v_strangers);
    for v_sequence in
      select d.objid::regclass
      from pg_catalog.pg_depend d
      join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
      where d.classid = 'pg_catalog.pg_class'::regclass
        and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = v_table
    loop
      execute format('revoke all on sequence %s from %s', v_sequence, v_strangers);
    end loop;
  end loop;
end
$$;
