-- A plan_pricing that stands here already gets what 0001 would not give it. It may know the hourly plan by name, without
-- our columns: then they are filled. Or it insists on columns that we know nothing of: then the plan is written now, with a
-- neutral value in each of them, and 0001 finds it.
do $$
declare
  v_columns text;
  v_values text;
  v_unknown text;
begin
  if to_regclass('public.plan_pricing') is null then
    return;
  end if;
  alter table public.plan_pricing
    add column if not exists rate_cents integer,
    add column if not exists session_minimum_hours integer,
    add column if not exists commitment_hours integer,
    add column if not exists minimum_topup_cents integer,
    add column if not exists maximum_topup_cents integer,
    add column if not exists topup_tiers_cents integer[],
    add column if not exists minimum_start_balance_cents integer,
    add column if not exists inr_per_usd integer;

  update public.plan_pricing
  set rate_cents = coalesce(rate_cents, 1500),
    session_minimum_hours = coalesce(session_minimum_hours, 1),
    commitment_hours = coalesce(commitment_hours, 6),
    minimum_topup_cents = coalesce(minimum_topup_cents, 10000),
    maximum_topup_cents = coalesce(maximum_topup_cents, 1000000),
    topup_tiers_cents = coalesce(topup_tiers_cents, '{10000,20000,50000}'),
    minimum_start_balance_cents = coalesce(minimum_start_balance_cents, 1500),
    inr_per_usd = coalesce(inr_per_usd, 83)
  where plan = 'hourly_standard'
    and num_nulls(rate_cents, session_minimum_hours, commitment_hours, minimum_topup_cents, maximum_topup_cents,
                  topup_tiers_cents, minimum_start_balance_cents, inr_per_usd) > 0;
  if exists (select from public.plan_pricing where plan = 'hourly_standard') then
    return;
  end if;

  select string_agg(quote_ident(required.name), ', ' order by required.attnum),
    string_agg(format('cast(%s as %s)', required.value, required.type), ', ' order by required.attnum),
    min(required.name) filter (where required.value is null)
  into v_columns, v_values, v_unknown
  from (
    select a.attnum, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      case t.typcategory
        when 'N' then '0'
        when 'B' then 'false'
        when 'S' then quote_literal('hourly_standard')
        when 'D' then 'now()'
        when 'T' then quote_literal('0')
        when 'A' then quote_literal('{}')
        when 'E' then (select quote_literal(e.enumlabel) from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder limit 1)
        else case coalesce(nullif(t.typbasetype, 0), t.oid)
          when 'uuid'::regtype then 'gen_random_uuid()'
          when 'json'::regtype then quote_literal('{}')
          when 'jsonb'::regtype then quote_literal('{}')
        end
      end as value
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    where a.attrelid = 'public.plan_pricing'::regclass and a.attnum > 0 and not a.attisdropped
      and a.attnotnull and not a.atthasdef and a.attidentity = ''
      and a.attname not in (
        'plan', 'rate_cents', 'session_minimum_hours', 'commitment_hours', 'minimum_topup_cents', 'maximum_topup_cents',
        'topup_tiers_cents', 'minimum_start_balance_cents', 'inr_per_usd'
      )
  ) as required;

  if v_columns is null then
    return;
  end if;
  if v_unknown is not null then
    raise exception 'plan_pricing.% must not be null, and no neutral value of its type is known', v_unknown
      using hint = 'Give the column a default, then try again.';
  end if;

  execute format(
    'insert into public.plan_pricing
       (plan, rate_cents, session_minimum_hours, commitment_hours, minimum_topup_cents, maximum_topup_cents,
        topup_tiers_cents, minimum_start_balance_cents, inr_per_usd, %s)
     values (''hourly_standard'', 1500, 1, 6, 10000, 1000000, ''{10000,20000,50000}'', 1500, 83, %s)',
    v_columns, v_values
  );
end
$$;
