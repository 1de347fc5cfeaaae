-- Hours, cost and generations by day of the given time zone; an hour belongs to the day on which it became due.
create or replace function public.get_hourly_usage(
  p_account_id bigint, p_from date, p_to date, p_tz text, p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_read_account(p_account_id, p_now);
  v_to date := coalesce(p_to, (a.as_of at time zone p_tz)::date);
  v_from date := coalesce(p_from, v_to - 29);
  v_starts_at timestamptz := v_from::timestamp at time zone p_tz;
  v_ends_at timestamptz := (v_to + 1)::timestamp at time zone p_tz;
begin
  if v_from > v_to then
    return public.hourly_refusal('INVALID_INPUT', null, 'from is after to.');
  elsif v_to - v_from >= 366 then
    return public.hourly_refusal('INVALID_INPUT', null, 'The range is longer than 366 days.');
  end if;
  return (
    with charged as (
      select (e.effective_at at time zone p_tz)::date as day, count(*) as hours, sum(e.amount_cents) as cost_cents
      from public.hourly_ledger_entries e
      where e.account_id = a.id and e.type = 'hour' and e.effective_at >= v_starts_at and e.effective_at < v_ends_at
      group by 1
    ), generated as (
      select (g.created_at at time zone p_tz)::date as day, count(*) as generations
      from public.hourly_generations g
      where g.account_id = a.id and g.created_at >= v_starts_at and g.created_at < v_ends_at
      group by 1
    )
    select jsonb_build_object('days', jsonb_agg(jsonb_build_object(
      'date', to_char(d.day, 'YYYY-MM-DD'),
      'hours', coalesce(charged.hours, 0),
      'costCents', coalesce(charged.cost_cents, 0),
      'generations', coalesce(generated.generations, 0)
    ) order by d.day))
    from (select (v_from + n) from generate_series(0, v_to - v_from) n) as d (day)
    left join charged on charged.day = d.day
    left join generated on generated.day = d.day
  );
end
$$;
