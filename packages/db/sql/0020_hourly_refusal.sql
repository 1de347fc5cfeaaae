-- A refusal is an answer, not an exception: what the call settled before it refused stays settled.
create or replace function public.hourly_refusal(p_reason text, p_data jsonb default null, p_message text default null)
returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object('refusal',
    jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'data', p_data, 'message', p_message)))
$$;
