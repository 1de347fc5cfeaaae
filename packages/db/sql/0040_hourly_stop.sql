-- The one rule of what happens when, first half: where an active session stops, and why.
--
-- A guard stops it at the guard's instant, insolvency at the first charge that the balance cannot pay. The earliest
-- counts; at a tie the order is max_hours, hour_end, idle, insufficient_balance: each of them in turn, the last in order
-- first, takes the stop over when it is not later.
create or replace function public.hourly_stop(
  a public.hourly_account_balance,
  out reason text,
  out stop_at timestamptz
)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_idle_at timestamptz := greatest(a.idle_from, a.busy_until) + a.auto_pause_minutes * interval '1 minute';
  v_last_hour_at timestamptz := a.paid_until + (a.max_hours - a.hours_charged) * interval '1 hour';
begin
  reason := 'insufficient_balance';
  -- A million hours are a century: further than any timestamp needs to look.
  stop_at := a.paid_until + least(greatest(a.balance_cents, 0) / a.rate_cents, 1000000) * interval '1 hour';
  if v_idle_at <= stop_at then
    reason := 'idle';
    stop_at := v_idle_at;
  end if;
  if a.hour_end = 'pause' and a.paid_until <= stop_at then
    reason := 'hour_end';
    stop_at := a.paid_until;
  end if;
  if v_last_hour_at <= stop_at then
    reason := 'max_hours';
    stop_at := v_last_hour_at;
  end if;
end
$$;
