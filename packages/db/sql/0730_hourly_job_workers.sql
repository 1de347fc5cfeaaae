-- A worker says that it lives, and takes away the jobs of those that have been silent for a minute: a process that was
-- killed gives nothing back by itself. Jobs are safe to do twice, so that a worker which was only slow does no harm.
create or replace function public.beat_hourly_job_worker(p_worker_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_silent_since constant timestamptz := clock_timestamp() - interval '1 minute';
  v_silent text[];
begin
  insert into public.hourly_job_workers (worker_id) values (p_worker_id)
  on conflict (worker_id) do update set seen_at = clock_timestamp();
  delete from public.hourly_job_workers where seen_at < v_silent_since - interval '1 day';

  select coalesce(array_agg(distinct j.locked_by), '{}') into v_silent
  from hourly_jobs._private_jobs j
  where j.locked_at < v_silent_since
    and not exists (
      select from public.hourly_job_workers w where w.worker_id = j.locked_by and w.seen_at >= v_silent_since
    );
  if cardinality(v_silent) > 0 then
    perform hourly_jobs.force_unlock_workers(v_silent);
  end if;
  return jsonb_build_object('released', to_jsonb(v_silent));
end
$$;

-- It stops in good order: whatever it could not finish is anybody's.
create or replace function public.retire_hourly_job_worker(p_worker_id text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from public.hourly_job_workers where worker_id = p_worker_id;
  perform hourly_jobs.force_unlock_workers(array[p_worker_id]);
  return '{}';
end
$$;
