-- How instants leave the database, and how long intervals are, in whole microseconds.
create or replace function public.hourly_iso(p_at timestamptz) returns text
language sql immutable parallel safe
set search_path = ''
as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

create or replace function public.hourly_us(p_interval interval) returns bigint
language sql immutable parallel safe
set search_path = ''
as $$
  select (extract(epoch from p_interval) * 1000000)::bigint
$$;

-- Microseconds as seconds, for JSON.
create or replace function public.hourly_seconds(p_us bigint) returns numeric
language sql immutable parallel safe
set search_path = ''
as $$
  select trim_scale(p_us / 1000000.0)
$$;

-- A generation that is not finished this long after its request has failed as timed out, and is busy no longer.
create or replace function public.hourly_generation_deadline() returns interval
language sql immutable parallel safe
set search_path = ''
as $$
  select interval '15 minutes'
$$;
