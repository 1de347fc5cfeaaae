-- The inbox of the payment provider's events: stored before they are answered and worked off at once. The job that is
-- enqueued with each one makes good what was not.
drop function if exists public.claim_hourly_webhook_events(integer, integer);

create or replace function public.store_hourly_webhook_event(p_event_id text, p_type text, p_body text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_is_new boolean;
begin
  insert into public.hourly_webhook_events (event_id, type, body)
  values (p_event_id, p_type, p_body)
  on conflict (event_id) do nothing;
  v_is_new := found;
  if v_is_new then
    perform hourly_jobs.add_job('process_webhook_event', json_build_object('eventId', p_event_id),
      run_at => clock_timestamp() + interval '30 seconds', job_key => 'webhook:' || p_event_id);
  end if;
  return (
    select jsonb_build_object('isNew', v_is_new, 'processed', w.processed_at is not null)
    from public.hourly_webhook_events w
    where w.event_id = p_event_id
  );
end
$$;

-- Notes how an attempt went. What is processed needs its job no more, unless that is at it just now.
create or replace function public.settle_hourly_webhook_event(p_event_id text, p_error text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  w public.hourly_webhook_events;
begin
  update public.hourly_webhook_events
  set attempts = attempts + 1,
    last_error = coalesce(p_error, last_error),
    processed_at = case when p_error is null then coalesce(processed_at, clock_timestamp()) else processed_at end
  where event_id = p_event_id
  returning * into w;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  if p_error is null then
    delete from hourly_jobs._private_jobs where key = 'webhook:' || p_event_id and locked_at is null;
  end if;
  return jsonb_build_object('processed', w.processed_at is not null);
end
$$;

create or replace function public.get_hourly_webhook_event(p_event_id text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select jsonb_build_object(
      'eventId', w.event_id,
      'type', w.type,
      'body', w.body,
      'receivedAt', public.hourly_iso(w.received_at),
      'processedAt', public.hourly_iso(w.processed_at),
      'attempts', w.attempts,
      'lastError', w.last_error)
     from public.hourly_webhook_events w where w.event_id = p_event_id),
    public.hourly_refusal('NOT_FOUND'))
$$;
