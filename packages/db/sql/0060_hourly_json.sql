-- Rows as the API shows them. The account row that is passed in is true at its as_of.

create or replace function public.hourly_active_us(a public.hourly_account_balance) returns bigint
language sql immutable parallel safe
set search_path = ''
as $$
  select a.hours_charged * 3600000000 - coalesce(a.unused_us, public.hourly_us(a.paid_until - a.as_of))
$$;

create or replace function public.hourly_session_json(s public.hourly_usage_sessions, a public.hourly_account_balance)
returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'id', s.id,
    'status', s.status,
    'plan', s.plan,
    'rateCents', s.rate_cents,
    'startedAt', public.hourly_iso(s.started_at),
    'endedAt', public.hourly_iso(s.ended_at),
    'endReason', s.end_reason,
    'pauseReason', s.pause_reason,
    'paidThrough', case s.status when 'active' then public.hourly_iso(a.paid_until) end,
    'activeSeconds', public.hourly_seconds(case s.status when 'ended' then s.active_us else public.hourly_active_us(a) end),
    'hoursCharged', clock.hours_charged,
    'costCents', clock.hours_charged * s.rate_cents::bigint,
    'generationCount', case s.status when 'ended' then s.generation_count else a.generation_count end,
    'maxHours', s.max_hours,
    'hourEnd', s.hour_end,
    'autoPauseMinutes', s.auto_pause_minutes,
    'serverTime', public.hourly_iso(a.as_of)
  )
  from (select case s.status when 'ended' then s.hours_charged else a.hours_charged end) as clock (hours_charged)
$$;

create or replace function public.hourly_session_json_of(p_session_id uuid, a public.hourly_account_balance)
returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select public.hourly_session_json(s, a)
  from public.hourly_usage_sessions s
  where s.id = p_session_id and s.account_id = a.id
$$;

create or replace function public.hourly_plan_json(p public.plan_pricing) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'plan', p.plan,
    'rateCents', p.rate_cents,
    'sessionMinimumHours', p.session_minimum_hours,
    'commitmentHours', p.commitment_hours,
    'minimumTopupCents', p.minimum_topup_cents,
    'maximumTopupCents', p.maximum_topup_cents,
    'topupTiersCents', p.topup_tiers_cents,
    'minimumStartBalanceCents', p.minimum_start_balance_cents,
    'inrPerUsd', p.inr_per_usd
  )
$$;

-- The commitment is the one that was agreed with the first top-up; before it, the plan's.
create or replace function public.hourly_balance_json(a public.hourly_account_balance) returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'balanceCents', a.balance_cents,
    'balanceInrPaise', a.balance_cents * p.inr_per_usd,
    'currency', 'USD',
    'mode', a.mode,
    'frozen', a.balance_cents < 0,
    'refundableCents', greatest(0, least(a.balance_cents - c.remaining_cents, a.paid_in_cents - a.refunded_cents - a.disputed_cents)),
    'hoursRemaining', greatest(0, a.balance_cents) / coalesce(a.rate_cents, p.rate_cents),
    'commitment', jsonb_build_object(
      'hours', c.hours,
      'hoursUsed', least(a.charged_hours, c.hours),
      'remainingCents', c.remaining_cents
    ),
    'plan', public.hourly_plan_json(p)
  )
  from public.plan_pricing p
  cross join lateral (
    select
      coalesce(a.commitment_hours, p.commitment_hours),
      greatest(0, coalesce(a.commitment_cents, p.commitment_hours * p.rate_cents) - a.charged_cents)
  ) as c (hours, remaining_cents)
  where p.plan = 'hourly_standard'
$$;

create or replace function public.hourly_topup_json(t public.hourly_topup_transactions, p_mode text) returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'id', t.id,
    'status', t.status,
    'amountCents', t.amount_cents,
    'amountInrPaise', t.amount_inr_paise,
    'inrPerUsd', t.inr_per_usd,
    'refundedCents', t.refunded_cents,
    'createdAt', public.hourly_iso(t.created_at),
    'paidAt', public.hourly_iso(t.paid_at),
    'accountId', t.account_id::text,
    'mode', p_mode,
    'orderId', t.razorpay_order_id
  )
$$;

create or replace function public.hourly_generation_json(g public.hourly_generations, a public.hourly_account_balance)
returns jsonb
language sql stable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'id', g.id,
    'sessionId', g.session_id,
    'status', g.status,
    'prompt', g.prompt,
    'model', g.model,
    'params', g.params,
    'output', case g.status when 'completed' then (
      select coalesce(jsonb_agg(jsonb_build_object(
        'url', '/api/hourly-usage/generations/' || o.generation_id || '/outputs/' || o.index,
        'contentType', o.content_type,
        'width', o.width,
        'height', o.height
      ) order by o.index), '[]')
      from public.hourly_generation_outputs o
      where o.generation_id = g.id
    ) end,
    'error', case g.status when 'failed' then jsonb_build_object('code', g.error_code, 'message', g.error_message) end,
    'createdAt', public.hourly_iso(g.created_at),
    'completedAt', public.hourly_iso(g.completed_at),
    'accountId', g.account_id::text,
    'mode', a.mode,
    'jobId', g.job_id,
    'secondsLeft', round(extract(epoch from
      g.created_at + public.hourly_generation_deadline() - public.hourly_now(a)), 3)
  )
$$;
