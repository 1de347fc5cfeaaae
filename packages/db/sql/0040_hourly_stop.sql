-- The one rule of what happens when, first half: where an active session stops, and why.
--
-- A guard stops it at the guard's instant, insolvency at the first charge that the balance cannot pay. The earliest
-- counts; at a tie the order is max_hours, hour_end, idle, insufficient_balance.
create or replace function public.hourly_stop(
  a public.hourly_account_balance,
  out reason text,
  out stop_at timestamptz
)
language sql immutable parallel safe
set search_path = ''
as $$
  select stops.reason, stops.stop_at
  from (values
    (1, 'max_hours', a.paid_until + (a.max_hours - a.hours_charged) * interval '1 hour'),
    (2, 'hour_end', case a.hour_end when 'pause' then a.paid_until end),
    (3, 'idle', greatest(a.idle_from, a.busy_until) + a.auto_pause_minutes * interval '1 minute'),
    -- A million hours are a century: further than any timestamp needs to look.
    (4, 'insufficient_balance',
      a.paid_until + least(greatest(a.balance_cents, 0) / a.rate_cents, 1000000) * interval '1 hour')
  ) as stops (precedence, reason, stop_at)
  where stops.stop_at is not null
  order by stops.stop_at, stops.precedence
  limit 1
$$;
