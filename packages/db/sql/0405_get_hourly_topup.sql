create or replace function public.hourly_topup_json_of(t public.hourly_topup_transactions) returns jsonb
language sql stable
set search_path = ''
as $$
  select public.hourly_topup_json(t, a.mode) from public.hourly_account_balance a where a.id = t.account_id
$$;

create or replace function public.get_hourly_topup(p_account_id bigint, p_topup_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select public.hourly_topup_json_of(t) from public.hourly_topup_transactions t
     where t.id = p_topup_id and t.account_id = p_account_id),
    public.hourly_refusal('NOT_FOUND'))
$$;

create or replace function public.get_hourly_topup_by_order(p_account_id bigint, p_order_id text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(
    (select public.hourly_topup_json_of(t) from public.hourly_topup_transactions t
     where t.razorpay_order_id = p_order_id and t.account_id = p_account_id),
    public.hourly_refusal('NOT_FOUND'))
$$;

create or replace function public.list_hourly_topups(p_account_id bigint, p_cursor bigint, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$
  select public.hourly_page(array_agg(t.topup_no order by t.topup_no desc),
    array_agg(public.hourly_topup_json(t, a.mode) order by t.topup_no desc), p_limit)
  from public.hourly_account_balance a
  cross join lateral (
    select * from public.hourly_topup_transactions u
    where u.account_id = a.id and (p_cursor is null or u.topup_no < p_cursor)
    order by u.topup_no desc
    limit p_limit + 1
  ) t
  where a.id = p_account_id
$$;
