-- A page of a list from its rows, newest first, of which the caller read one more than fits. The cursor is the number
-- of the last row shown.
create or replace function public.hourly_page(p_numbers bigint[], p_items jsonb[], p_limit integer) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'items', to_jsonb(coalesce(p_items[:p_limit], '{}')),
    'nextCursor', case when cardinality(p_items) > p_limit then p_numbers[p_limit]::text end
  )
$$;
