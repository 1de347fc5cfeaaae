-- The plan that sessions start on, and that top-ups are bought in.
create or replace function public.get_hourly_plan() returns jsonb
language sql stable
set search_path = ''
as $$
  select public.hourly_plan_json(p) from public.plan_pricing p where p.plan = 'hourly_standard'
$$;
