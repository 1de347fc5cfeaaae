-- Adds an event under the number that the caller took from the account's sequence. It keeps the resource as the API shows
-- it, without what is only ours to know; readers add what depends on them: a checkout from the order, whole addresses.
-- Of these resources only a balance shows its mode.
create or replace function public.hourly_emit(
  p_account_id bigint, p_event_no bigint, p_type text, p_data jsonb, p_at timestamptz
) returns void
language sql volatile
set search_path = ''
as $$
  insert into public.hourly_events (account_id, event_no, type, data, created_at)
  values (p_account_id, p_event_no, p_type,
    p_data - array['accountId', 'jobId', 'secondsLeft']
      - case when p_type in ('balance.low', 'account.frozen') then array[]::text[] else array['mode'] end,
    p_at)
$$;
