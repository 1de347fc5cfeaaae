-- The inbox of the payment provider's events: stored before they are answered, worked off at once, and again by
-- workers while that fails.
create or replace function public.store_hourly_webhook_event(p_event_id text, p_type text, p_body text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_is_new boolean;
begin
  insert into public.hourly_webhook_events (event_id, type, body, next_attempt_at)
  values (p_event_id, p_type, p_body, clock_timestamp() + interval '30 seconds')
  on conflict (event_id) do nothing;
  v_is_new := found;
  return (
    select jsonb_build_object('isNew', v_is_new, 'processed', w.processed_at is not null)
    from public.hourly_webhook_events w
    where w.event_id = p_event_id
  );
end
$$;

-- With an error the next attempt comes later and later; after 20 the event waits for the operator.
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
    processed_at = case when p_error is null then coalesce(processed_at, clock_timestamp()) else processed_at end,
    next_attempt_at = case when p_error is not null and processed_at is null and attempts < 20
      then clock_timestamp() + least(interval '30 seconds' * power(2, attempts), interval '6 hours') end
  where event_id = p_event_id
  returning * into w;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return jsonb_build_object('processed', w.processed_at is not null);
end
$$;

create or replace function public.claim_hourly_webhook_events(p_limit integer, p_lease_seconds integer) returns jsonb
language sql volatile
set search_path = ''
as $$
  with due as (
    select event_id from public.hourly_webhook_events
    where next_attempt_at <= clock_timestamp()
    order by next_attempt_at
    limit p_limit
    for no key update skip locked
  ), claimed as (
    update public.hourly_webhook_events w
    set next_attempt_at = clock_timestamp() + p_lease_seconds * interval '1 second'
    from due
    where w.event_id = due.event_id
    returning w.*
  )
  select jsonb_build_object('events', coalesce(jsonb_agg(jsonb_build_object(
    'eventId', event_id, 'type', type, 'body', body, 'attempts', attempts) order by received_at), '[]'))
  from claimed
$$;
