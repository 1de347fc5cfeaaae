-- The one rule, second half: what is due by an instant.
--
-- A charge due at t happens when t < now and t is before the stop. A guard acts when its instant <= now, insolvency
-- when its instant < now. At most p_max_hours are charged; where that cuts, the stop waits for the next pass and the
-- account is up to date only until its new paid-through.
create or replace function public.hourly_due(
  a public.hourly_account_balance,
  p_now timestamptz,
  p_max_hours integer,
  out hours integer,
  out stop_reason text,
  out stop_at timestamptz,
  out settled_until timestamptz
)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_hour_us constant bigint := 3600000000;
  v_stop record := public.hourly_stop(a);
  v_until timestamptz := least(p_now, v_stop.stop_at);
begin
  stop_reason := v_stop.reason;
  stop_at := v_stop.stop_at;
  -- Charges stand at paid_until, one hour later, and so on; those strictly before v_until are due.
  hours := greatest(0, (public.hourly_us(v_until - a.paid_until) + v_hour_us - 1) / v_hour_us);
  settled_until := p_now;
  if hours > p_max_hours then
    hours := p_max_hours;
    settled_until := a.paid_until + hours * interval '1 hour';
    stop_reason := null;
  elsif stop_at > p_now or (stop_at = p_now and stop_reason = 'insufficient_balance') then
    stop_reason := null;
  end if;
  if stop_reason is null then
    stop_at := null;
  end if;
end
$$;

-- The first instant at which hourly_due finds something to do: a microsecond after paid-through for a charge (or for
-- insolvency, which begins with one), the instant itself for a guard. Null while nothing runs.
create or replace function public.hourly_due_at(a public.hourly_account_balance) returns timestamptz
language sql immutable parallel safe
set search_path = ''
as $$
  select case when a.paid_until is not null then least(
    a.paid_until + interval '1 microsecond',
    a.paid_until + (a.max_hours - a.hours_charged) * interval '1 hour',
    case a.hour_end when 'pause' then a.paid_until end,
    greatest(a.idle_from, a.busy_until) + a.auto_pause_minutes * interval '1 minute'
  ) end
$$;

create or replace function public.hourly_keep_due_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.due_at := public.hourly_due_at(new);
  return new;
end
$$;

create or replace trigger keep_due_at before insert or update on public.hourly_account_balance
  for each row execute function public.hourly_keep_due_at();
