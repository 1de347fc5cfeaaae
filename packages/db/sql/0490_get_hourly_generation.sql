create or replace function public.hourly_generation_json_of(g public.hourly_generations) returns jsonb
language sql volatile
set search_path = ''
as $$
  select public.hourly_generation_json(g, a) from public.hourly_account_balance a where a.id = g.account_id
$$;

create or replace function public.get_hourly_generation(p_account_id bigint, p_generation_id uuid) returns jsonb
language sql volatile
set search_path = ''
as $$
  select coalesce(
    (select public.hourly_generation_json_of(g) from public.hourly_generations g
     where g.id = p_generation_id and g.account_id = p_account_id),
    public.hourly_refusal('NOT_FOUND'))
$$;

create or replace function public.list_hourly_generations(p_account_id bigint, p_cursor bigint, p_limit integer)
returns jsonb
language sql volatile
set search_path = ''
as $$
  select public.hourly_page(array_agg(g.generation_no order by g.generation_no desc),
    array_agg(public.hourly_generation_json(g, a) order by g.generation_no desc), p_limit)
  from public.hourly_account_balance a
  cross join lateral (
    select * from public.hourly_generations h
    where h.account_id = a.id and (p_cursor is null or h.generation_no < p_cursor)
    order by h.generation_no desc
    limit p_limit + 1
  ) g
  where a.id = p_account_id
$$;
