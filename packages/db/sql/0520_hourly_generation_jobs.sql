-- The provider's job of a generation. The first one counts when two submitters raced.
create or replace function public.set_hourly_generation_job(p_generation_id uuid, p_job_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  g public.hourly_generations;
begin
  update public.hourly_generations set job_id = coalesce(job_id, p_job_id) where id = p_generation_id returning * into g;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_generation_json_of(g);
end
$$;

create or replace function public.mark_hourly_generation_running(p_generation_id uuid) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  g public.hourly_generations;
begin
  update public.hourly_generations set status = 'running' where id = p_generation_id and status = 'queued';
  select * into g from public.hourly_generations where id = p_generation_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_generation_json_of(g);
end
$$;

-- Somebody looks after this generation for a while more; workers leave it alone meanwhile.
create or replace function public.hold_hourly_generation(p_generation_id uuid, p_lease_seconds integer) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  g public.hourly_generations;
begin
  update public.hourly_generations set look_after_at = clock_timestamp() + p_lease_seconds * interval '1 second'
  where id = p_generation_id and completed_at is null;
  select * into g from public.hourly_generations where id = p_generation_id;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_generation_json_of(g);
end
$$;

-- Unfinished generations that nobody looks after, each claimed for a while.
create or replace function public.claim_hourly_generations(p_limit integer, p_lease_seconds integer) returns jsonb
language sql volatile
set search_path = ''
as $$
  with due as (
    select id from public.hourly_generations
    where look_after_at <= clock_timestamp()
    order by look_after_at
    limit p_limit
    for no key update skip locked
  ), claimed as (
    update public.hourly_generations g
    set look_after_at = clock_timestamp() + p_lease_seconds * interval '1 second'
    from due
    where g.id = due.id
    returning g as generation
  )
  select jsonb_build_object('generations', coalesce(
    jsonb_agg(public.hourly_generation_json_of(generation) order by (generation).created_at), '[]'))
  from claimed
$$;
