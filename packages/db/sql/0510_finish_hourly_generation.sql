-- Finishes a generation of an account that the caller holds, at its as_of. Whatever is heard of it after its deadline, it
-- has timed out by then.
create or replace function public.hourly_finish_generation(
  a public.hourly_account_balance,
  g public.hourly_generations,
  p_status text,
  p_error_code text,
  p_error_message text
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_deadline timestamptz := g.created_at + public.hourly_generation_deadline();
begin
  if a.as_of >= v_deadline then
    p_status := 'failed';
    p_error_code := 'TIMED_OUT';
    p_error_message := 'The generation did not finish within 15 minutes.';
  end if;
  update public.hourly_generations
  set status = p_status, error_code = p_error_code, error_message = p_error_message, completed_at = a.as_of,
    look_after_at = null
  where id = g.id
  returning * into strict g;

  update public.hourly_account_balance b
  set event_no = a.event_no + (p_status <> 'cancelled')::integer, as_of = a.as_of
  where b.id = a.id;
  -- Being busy ends its idle time only for the session it belongs to, and only while that is open.
  update public.hourly_account_balance b
  set idle_from = greatest(a.idle_from, least(a.as_of, v_deadline)),
    busy_until = (
      select max(o.created_at) + public.hourly_generation_deadline()
      from public.hourly_generations o
      where o.session_id = g.session_id and o.completed_at is null
    )
  where b.id = a.id and b.session_id = g.session_id;
  if p_status <> 'cancelled' then
    perform public.hourly_emit(a.id, a.event_no + 1, 'generation.' || p_status,
      public.hourly_generation_json(g, a), a.as_of);
  end if;
  return public.hourly_generation_json(g, a);
end
$$;

create or replace function public.finish_hourly_generation(
  p_generation_id uuid,
  p_status text,
  p_error_code text,
  p_error_message text,
  p_content_types text[],
  p_widths integer[],
  p_heights integer[],
  p_bodies bytea[],
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance;
  g public.hourly_generations;
begin
  select * into g from public.hourly_generations where id = p_generation_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  a := public.hourly_lock_account(g.account_id, p_now);
  select * into strict g from public.hourly_generations where id = p_generation_id;
  if g.completed_at is not null then
    return public.hourly_generation_json(g, a);
  end if;
  insert into public.hourly_generation_outputs (generation_id, index, content_type, width, height, body)
  select g.id, o.n - 1, o.content_type, o.width, o.height, o.body
  from unnest(p_content_types, p_widths, p_heights, p_bodies) with ordinality
    as o (content_type, width, height, body, n)
  where p_status = 'completed' and a.as_of < g.created_at + public.hourly_generation_deadline();
  return public.hourly_finish_generation(a, g, p_status, p_error_code, p_error_message);
end
$$;

-- Cancels an unfinished generation; a finished one stays as it is.
create or replace function public.cancel_hourly_generation(
  p_account_id bigint,
  p_generation_id uuid,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  g public.hourly_generations;
  v_request record;
begin
  v_request := public.hourly_find_request(p_account_id, 'cancelGeneration', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  end if;
  select * into g from public.hourly_generations where id = p_generation_id and account_id = a.id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  if v_request.resource_id is null then
    perform public.hourly_keep_request(a.id, 'cancelGeneration', p_request_key, p_input_hash, g.id::text);
  end if;
  if g.completed_at is not null then
    return public.hourly_generation_json(g, a);
  end if;
  return public.hourly_finish_generation(a, g, 'cancelled', null, null);
end
$$;
