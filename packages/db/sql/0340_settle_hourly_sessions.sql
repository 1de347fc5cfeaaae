-- One pass of the settlement: the live accounts that have been due the longest, at most p_limit of them, at most 24
-- hours each and about 2000 hours altogether. Accounts that another call holds are skipped, so any number of workers may
-- run at once and none ever waits.
create or replace function public.settle_hourly_sessions(p_limit integer, p_now timestamptz default null) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_hours_a_pass constant integer := 2000;
  v_now timestamptz := coalesce(p_now, clock_timestamp());
  v_account_ids bigint[];
  v_max_hours integer;
  v_id bigint;
  v_settled record;
  v_hours integer := 0;
  v_paused integer := 0;
  v_ended integer := 0;
  v_failed jsonb := '[]';
begin
  select coalesce(array_agg(due.id), '{}') into v_account_ids
  from (
    select id from public.hourly_account_balance
    where due_at <= v_now and due_at is not null and mode = 'live'
    order by due_at
    limit p_limit
    for no key update skip locked
  ) due;
  v_max_hours := least(24, greatest(1, v_hours_a_pass / greatest(1, cardinality(v_account_ids))));

  begin
    select * into v_settled from public.hourly_settle_accounts(v_account_ids, p_now, 'settlement', v_max_hours);
    v_hours := v_settled.hours;
    v_paused := v_settled.paused;
    v_ended := v_settled.ended;
  exception when others then
    -- One account that cannot be settled must not hold up the others: each by itself then, and that one is named.
    foreach v_id in array v_account_ids loop
      begin
        select * into v_settled from public.hourly_settle_accounts(array[v_id], p_now, 'settlement', v_max_hours);
        v_hours := v_hours + v_settled.hours;
        v_paused := v_paused + v_settled.paused;
        v_ended := v_ended + v_settled.ended;
      exception when others then
        v_failed := v_failed || jsonb_build_object('accountId', v_id::text, 'error', sqlerrm);
      end;
    end loop;
  end;
  return jsonb_build_object(
    'accounts', cardinality(v_account_ids),
    'hours', v_hours,
    'paused', v_paused,
    'ended', v_ended,
    'failed', v_failed,
    -- Those that just failed are due as well, but asking again at once would help nobody.
    'nextDueInSeconds', (
      select round(extract(epoch from due_at - coalesce(p_now, clock_timestamp())), 3)
      from public.hourly_account_balance
      where due_at is not null and mode = 'live'
        and (jsonb_array_length(v_failed) = 0 or not v_failed @> jsonb_build_array(jsonb_build_object('accountId', id::text)))
      order by due_at
      limit 1
    )
  );
end
$$;
