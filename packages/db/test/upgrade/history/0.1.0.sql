-- What had happened in an installation of 0.1.0: a customer with an ended session and one that still runs, a paused one in
-- test mode, top-ups in every state, a kept payment, and what is remembered beside the books.
set role hourly_app;

do $$
declare
  v_answer jsonb;
  v_ada bigint;
  v_grace bigint;
begin
  v_ada := (public.ensure_hourly_account('ada', 'live') ->> 'accountId')::bigint;
  v_grace := (public.ensure_hourly_account('grace', 'test') ->> 'accountId')::bigint;

  v_answer := public.create_hourly_topup(v_ada, 20000);
  perform public.set_hourly_topup_order((v_answer ->> 'id')::uuid, 'order_paid');
  perform public.add_hourly_balance('pay_1', 'order_paid', 1660000, 'INR', 'webhook', 'topup-1', 'hash');
  perform public.add_hourly_balance('pay_2', 'order_paid', 1660000, 'INR', 'webhook');
  perform public.add_hourly_balance('pay_3', 'order_of_nobody', 830000, 'INR', 'webhook');
  v_answer := public.create_hourly_topup(v_ada, 10000);
  perform public.set_hourly_topup_order((v_answer ->> 'id')::uuid, 'order_failed');
  perform public.fail_hourly_topup('order_failed', 'declined');
  v_answer := public.create_hourly_topup(v_ada, 10000);
  perform public.set_hourly_topup_order((v_answer ->> 'id')::uuid, 'order_waiting');
  perform public.create_hourly_topup(v_grace, 10000);
  perform public.create_hourly_topup(v_grace, 10001);

  perform public.store_hourly_webhook_event('event_done', 'payment.captured', '{}');
  perform public.settle_hourly_webhook_event('event_done', null);
  perform public.store_hourly_webhook_event('event_waiting', 'payment.captured', '{}');
  perform public.settle_hourly_webhook_event('event_waiting', 'the database was away');
  perform public.create_hourly_api_key(v_ada, 'production', 'hk_live_abcd', 'secret-hash', null);
end
$$;

reset role;
-- Sessions happen in the past, so that the real clock is never before them.
update public.hourly_account_balance set as_of = '2024-01-08 10:00:00+00', created_at = '2024-01-08 10:00:00+00'
where mode = 'live';
set role hourly_app;

do $$
declare
  v_answer jsonb;
  v_ada bigint := (public.ensure_hourly_account('ada', 'live') ->> 'accountId')::bigint;
  v_grace bigint := (public.ensure_hourly_account('grace', 'test') ->> 'accountId')::bigint;
begin
  perform public.start_hourly_session(v_ada, null, null, 'continue', null, 'start-1', 'hash', '2024-01-08 10:00:00+00');
  v_answer := public.admit_hourly_generation(v_ada, null, 'a lighthouse', 'sdxl', '{}', null, null, '2024-01-08 10:05:00+00');
  perform public.finish_hourly_generation(
    (v_answer ->> 'id')::uuid, 'completed', null, null, '{image/png}', '{1}', '{1}', '{\x00}', '2024-01-08 10:06:00+00'
  );
  perform public.toggle_hourly_session(v_ada, null, 'paused', null, null, '2024-01-08 10:40:00.000001+00');
  perform public.toggle_hourly_session(v_ada, null, 'active', null, null, '2024-01-08 11:00:00+00');
  perform public.end_hourly_session(v_ada, null, 'user', null, null, '2024-01-08 11:50:00+00');
  perform public.start_hourly_session(v_ada, null, 3, 'continue', null, null, null, '2024-01-08 14:00:00+00');
  perform public.admit_hourly_generation(v_ada, null, 'a harbour', 'sdxl', '{}', null, null, '2024-01-08 14:10:00+00');

  perform public.start_hourly_session(v_grace, null, null, 'continue', 30);
  perform public.admit_hourly_generation(v_grace, null, 'a field', 'sdxl', '{"seed": 1}');
  perform public.advance_hourly_clock(v_grace, 5400000000);
end
$$;

reset role;
