-- Recomputes what the books say from what they were made from, for some accounts at a time, and tells every difference.
-- Balances follow from the ledger alone; hours and their instants follow from the segments alone.
create or replace function public.hourly_audit_ledger(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  with entries as (
    select n.*,
      -- Where a number or a balance leaves the rail, and not all that follows it.
      n.number_gap is distinct from lag(n.number_gap, 1, 0::bigint) over w as is_number_off,
      n.balance_gap <> 0 and n.balance_gap is distinct from lag(n.balance_gap) over w as is_balance_off
    from (
      select e.entry_no, e.type, e.debit_account_id, e.credit_account_id, e.amount_cents, e.balance_after_cents,
        e.event_no, e.topup_id, s.signed_cents,
        e.entry_no - row_number() over w as number_gap,
        e.balance_after_cents - sum(s.signed_cents) over w as balance_gap
      from public.hourly_ledger_entries e
      cross join lateral (
        select case when e.credit_account_id = a.id then e.amount_cents else -e.amount_cents end
      ) as s (signed_cents)
      where e.account_id = a.id
      window w as (order by e.entry_no)
    ) n
    window w as (order by n.entry_no)
  ), sums as (
    select count(*) as entries, coalesce(sum(signed_cents), 0) as balance_cents,
      coalesce(sum(amount_cents) filter (where type = 'hour'), 0) as charged_cents,
      count(*) filter (where type = 'hour') as charged_hours,
      coalesce(sum(amount_cents) filter (where type = 'topup'), 0) as paid_in_cents,
      coalesce(-sum(signed_cents) filter (where type = 'refund'), 0) as refunded_cents,
      coalesce(-sum(signed_cents) filter (where type = 'dispute'), 0) as disputed_cents
    from entries
  )
  select 'entry number', (entry_no - number_gap)::text, entry_no::text from entries where is_number_off
  union all
  select 'balance after entry ' || entry_no, (balance_after_cents - balance_gap)::text, balance_after_cents::text
  from entries where is_balance_off
  union all
  select 'other side of entry ' || entry_no, t.expected, t.found
  from entries
  cross join lateral (
    select case type when 'hour' then '1' when 'topup' then '2' when 'refund' then '2' when 'promo' then '3'
      when 'adjustment' then '4' when 'dispute' then '5' end,
      case when credit_account_id = a.id then debit_account_id else credit_account_id end::text
  ) as t (expected, found)
  where t.expected <> t.found
  union all
  select 'top-up of entry ' || e.entry_no, e.amount_cents || ' cents, paid', coalesce(t.amount_cents || ' cents, ' || t.status, 'none')
  from entries e
  left join public.hourly_topup_transactions t on t.id = e.topup_id and t.account_id = a.id
  where e.type = 'topup'
    and (t.id is null or t.amount_cents <> e.amount_cents or t.status not in ('paid', 'refunded'))
  union all
  select 'ledger entry of paid top-up ' || t.id, t.amount_cents || ' cents', 'none'
  from public.hourly_topup_transactions t
  where t.account_id = a.id and t.paid_at is not null
    and not exists (
      select from public.hourly_ledger_entries e where e.type = 'topup' and e.topup_id = t.id and e.account_id = a.id
    )
  union all
  select v.what, v.expected::text, v.found::text
  from sums
  cross join lateral (values
    ('last entry number', sums.entries, a.entry_no),
    ('balance', sums.balance_cents, a.balance_cents),
    ('sum of charges', sums.charged_cents, a.charged_cents),
    ('hours ever charged', sums.charged_hours, a.charged_hours),
    ('sum of top-ups', sums.paid_in_cents, a.paid_in_cents),
    ('sum of refunds', sums.refunded_cents, a.refunded_cents),
    ('sum of disputes', sums.disputed_cents, a.disputed_cents)
  ) as v (what, expected, found)
  where v.expected <> v.found
  union all
  select 'payment of top-up ' || t.id, t.amount_inr_paise || ' paise', coalesce(p.amount_paise || ' paise', 'none')
  from public.hourly_topup_transactions t
  left join public.hourly_payments p on p.payment_id = t.razorpay_payment_id and p.topup_id = t.id and p.status = 'credited'
  where t.account_id = a.id and t.paid_at is not null and a.mode = 'live'
    and p.amount_paise is distinct from t.amount_inr_paise
  union all
  select 'events', a.event_no || ' up to number ' || a.event_no, events.total || ' up to number ' || events.last_no
  from (
    -- A charged hour's event is its ledger row.
    select count(distinct n.event_no) as total, coalesce(max(n.event_no), 0) as last_no
    from (
      select v.event_no from public.hourly_events v where v.account_id = a.id
      union all
      select e.event_no from entries e where e.type = 'hour'
    ) n
  ) as events
  where events.total <> a.event_no or events.last_no <> a.event_no
$$;

-- What left the balance again: each refund and dispute has moved its cents out once, and back once when it failed or was
-- won; top-ups add up; and an account below zero runs no session.
create or replace function public.hourly_audit_refunds(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  with moves as (
    select 'refund ' || r.id as name, r.topup_id, r.amount_cents,
      case when r.amount_cents = 0 then 0 else 1 end as out_times, (r.status = 'failed' and r.amount_cents > 0)::integer as back_times
    from public.hourly_refunds r where r.account_id = a.id
    union all
    select 'dispute ' || d.dispute_id, d.topup_id, d.amount_cents,
      case when d.amount_cents = 0 then 0 else 1 end, (d.status in ('won', 'closed') and d.amount_cents > 0)::integer
    from public.hourly_disputes d where d.account_id = a.id
  ), entries as (
    select e.type || ' ' || coalesce(e.refund_id::text, e.dispute_id) as name, e.topup_id, e.amount_cents, e.debit_account_id = a.id as is_out
    from public.hourly_ledger_entries e
    where e.account_id = a.id and e.type in ('refund', 'dispute')
  ), sums as (
    select e.name, count(*) filter (where is_out) as out_times, count(*) filter (where not is_out) as back_times,
      min(e.amount_cents) as least_cents, max(e.amount_cents) as most_cents, min(e.topup_id::text) as topup_id
    from entries e
    group by e.name
  )
  select 'entries of ' || coalesce(m.name, s.name),
    coalesce(m.amount_cents || ' cents of ' || m.topup_id || ', ' || m.out_times || ' out, ' || m.back_times || ' back', 'none'),
    coalesce(s.least_cents || ' cents of ' || s.topup_id || ', ' || s.out_times || ' out, ' || s.back_times || ' back', 'none')
  from moves m
  full join sums s on s.name = m.name
  where (m.name is null)
    or (s.name is null and m.out_times > 0)
    or (s.out_times, s.back_times, s.least_cents, s.most_cents, s.topup_id)
      is distinct from (m.out_times::bigint, m.back_times::bigint, m.amount_cents, m.amount_cents, m.topup_id::text)
      and s.name is not null
  union all
  select 'refunds of top-up ' || t.id, r.cents::text, t.refunded_cents::text
  from public.hourly_topup_transactions t
  cross join lateral (
    select coalesce(sum(q.amount_cents), 0) from public.hourly_refunds q where q.topup_id = t.id and q.status <> 'failed'
  ) as r (cents)
  where t.account_id = a.id and t.refunded_cents <> r.cents
  union all
  select 'state of top-up ' || t.id, case when t.refunded_cents >= t.amount_cents then 'refunded' else 'paid' end, t.status
  from public.hourly_topup_transactions t
  where t.account_id = a.id and t.paid_at is not null
    and t.status <> case when t.refunded_cents >= t.amount_cents then 'refunded' else 'paid' end
  union all
  select 'running session of a frozen account', 'none', a.session_id::text
  where a.balance_cents < 0 and a.paid_until is not null
$$;

-- The active time of all sessions, stretch by stretch, with the active time of its session that came before each one.
create or replace function public.hourly_account_stretches(a public.hourly_account_balance)
returns table (
  session_id uuid, rate_cents integer, session_minimum_hours integer, started_at timestamptz, before_us bigint, length_us bigint
)
language sql stable
set search_path = ''
as $$
  select g.session_id, s.rate_cents, s.session_minimum_hours, g.started_at,
    (coalesce(sum(l.length_us) over (
      partition by g.session_id order by g.segment_no rows between unbounded preceding and 1 preceding
    ), 0))::bigint,
    l.length_us
  from public.hourly_usage_sessions s
  join public.hourly_session_segments g on g.session_id = s.id
  cross join lateral (
    select (extract(epoch from coalesce(g.ended_at, greatest(a.as_of, g.started_at)) - g.started_at) * 1000000)::bigint
  ) as l (length_us)
  where s.account_id = a.id
$$;

-- Every hour that the segments of the sessions make due, when, and by which trigger: the minimum at the start; hour n+1 at
-- a resume with exactly n hours of active time, else when active time passes n hours. Of several stretches that begin
-- with the same active time, the first one paid for the hour.
drop function if exists public.hourly_expected_charges(public.hourly_usage_sessions, timestamptz);
create or replace function public.hourly_expected_charges(a public.hourly_account_balance)
returns table (session_id uuid, hour integer, due_at timestamptz, trigger text, amount_cents integer)
language sql stable
set search_path = ''
as $$
  with due as (
    select s.id as session_id, n as hour, s.started_at as due_at, 'start' as trigger, s.rate_cents
    from public.hourly_usage_sessions s
    cross join lateral generate_series(1::bigint, s.session_minimum_hours) n
    where s.account_id = a.id
    union all
    select t.session_id, h.n, t.started_at + (h.n - 1) * interval '1 hour' - t.before_us * interval '1 microsecond',
      case when (h.n - 1) * 3600000000 = t.before_us then 'resume' else 'settlement or call' end, t.rate_cents
    from public.hourly_account_stretches(a) t
    -- Hours whose first instant lies in this stretch: its very start counts (a resume), also where nothing follows; its
    -- end does not.
    cross join lateral generate_series(
      (t.before_us + 3599999999) / 3600000000 + 1,
      greatest(t.before_us + t.length_us - 1, t.before_us) / 3600000000 + 1
    ) as h (n)
    where h.n > t.session_minimum_hours
  )
  select d.session_id, d.hour::integer, min(d.due_at), min(d.trigger), d.rate_cents
  from due d
  group by d.session_id, d.hour, d.rate_cents
$$;

-- Segments and the state of their session: they begin with it, follow one another, each begins where the customer was
-- told of a resume, and end with it; one is open while it runs.
create or replace function public.hourly_audit_segments(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  with segments as (
    select s.id, g.segment_no, g.started_at, g.ended_at,
      lag(coalesce(g.ended_at, 'infinity')) over (partition by s.id order by g.segment_no) as previous_ended_at
    from public.hourly_usage_sessions s
    join public.hourly_session_segments g on g.session_id = s.id
    where s.account_id = a.id
  ), sessions as (
    select s.*, min(g.started_at) as first_started_at, max(g.ended_at) as last_ended_at,
      count(*) filter (where g.segment_no is not null and g.ended_at is null) as running
    from public.hourly_usage_sessions s
    left join public.hourly_session_segments g on g.session_id = s.id
    where s.account_id = a.id
    group by s.id
  ), resumes as (
    select v.data ->> 'id' as session_id, v.created_at,
      1 + row_number() over (partition by v.data ->> 'id' order by v.event_no) as segment_no
    from public.hourly_events v
    where v.account_id = a.id and v.type = 'session.resumed'
  )
  select 'first segment of session ' || id, started_at::text, coalesce(first_started_at::text, 'none')
  from sessions where first_started_at is distinct from started_at
  union all
  select 'order of the segments of session ' || id, 'from ' || previous_ended_at, started_at::text
  from segments where started_at < previous_ended_at
  union all
  select 'resume of session ' || coalesce(r.session_id, g.id::text), coalesce(r.created_at::text, 'none'),
    coalesce(g.started_at::text, 'none')
  from (select * from segments where segment_no > 1) g
  full join resumes r on r.session_id = g.id::text and r.segment_no = g.segment_no
  where r.created_at is distinct from g.started_at
  union all
  select 'end of session ' || id, ended_at::text, coalesce(last_ended_at::text, 'none')
  from sessions
  where last_ended_at > ended_at
    or (end_reason in ('insufficient_balance', 'max_hours') and last_ended_at is distinct from ended_at)
  union all
  select 'running segment of session ' || id, (status = 'active')::integer::text, running::text
  from sessions where running <> (status = 'active')::integer
  union all
  select 'state of session ' || id, status, case when a.paid_until is null then 'paused' else 'active' end
  from sessions where id = a.session_id and (status = 'active') <> (a.paid_until is not null)
$$;

create or replace function public.hourly_audit_sessions(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  with charged as (
    select e.session_id, e.hour, e.effective_at, e.amount_cents, e.trigger
    from public.hourly_ledger_entries e
    where e.account_id = a.id and e.type = 'hour'
  ), hours as (
    select 'hour ' || coalesce(x.hour, c.hour) || ' of session ' || coalesce(x.session_id, c.session_id) as name,
      coalesce(x.amount_cents || ' cents due ' || x.due_at, 'no charge') as expected,
      coalesce(c.amount_cents || ' cents due ' || c.effective_at, 'no charge') as found,
      x.session_id is null or c.session_id is null or x.due_at <> c.effective_at or x.amount_cents <> c.amount_cents as is_off,
      x.trigger as expected_trigger, c.trigger
    from public.hourly_expected_charges(a) x
    full join charged c on c.session_id = x.session_id and c.hour = x.hour
    where x.session_id is null or c.session_id is null or x.due_at <> c.effective_at or x.amount_cents <> c.amount_cents
      or strpos(x.trigger, c.trigger) = 0
  ), totals as (
    -- Added up rather than joined: the planner takes every account for an average one, and where it loops over one with
    -- a million charges it never ends.
    select t.session_id, sum(t.charges) as charges, sum(t.active_us) as active_us, max(t.hours_charged) as hours_charged,
      max(t.charged_us) as charged_us
    from (
      select s.id as session_id, 0 as charges, 0 as active_us, coalesce(s.hours_charged, a.hours_charged) as hours_charged,
        coalesce(s.active_us, public.hourly_active_us(a)) as charged_us
      from public.hourly_usage_sessions s
      where s.account_id = a.id
      union all
      select c.session_id, 1, 0, null, null from charged c
      union all
      select g.session_id, 0, g.length_us, null, null from public.hourly_account_stretches(a) g
    ) t
    group by t.session_id
  )
  select name, expected, found from hours where is_off
  union all
  select 'trigger of ' || name, expected_trigger, trigger from hours where strpos(expected_trigger, trigger) = 0
  union all
  select 'hours of session ' || session_id, charges::text, hours_charged::text from totals where charges <> hours_charged
  union all
  select 'active microseconds of session ' || session_id, active_us::text, charged_us::text
  from totals where active_us <> charged_us
  union all
  select 'open session', coalesce(max(s.id::text), 'none'), coalesce(a.session_id::text, 'none')
  from public.hourly_usage_sessions s
  where s.account_id = a.id and s.status <> 'ended'
  having max(s.id::text) is distinct from a.session_id::text
  union all
  select 'due instant', coalesce(public.hourly_due_at(a)::text, 'none'), coalesce(a.due_at::text, 'none')
  where public.hourly_due_at(a) is distinct from a.due_at
$$;

-- Up to p_limit accounts after p_after_account_id, fewer where they have many entries, and at least one. Every difference
-- is counted and the first thousand are told. In plpgsql, which looks its functions up when it runs: the seals' comes
-- after this one.
create or replace function public.audit_hourly_accounts(p_after_account_id bigint, p_limit integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    with next_accounts as materialized (
      select n.account, n.id, sum(n.entry_no) over (order by n.id) - n.entry_no as entries_before
      from (
        select a as account, a.id, a.entry_no
        from public.hourly_account_balance a
        where a.id > p_after_account_id
        order by a.id
        limit p_limit
      ) n
    ), accounts as (
      select * from next_accounts where entries_before < 20000
    ), differences as (
      select count(*) as total, coalesce(jsonb_agg(jsonb_build_object(
        'accountId', d.id::text, 'what', d.what, 'expected', d.expected, 'found', d.found
      )) filter (where d.n <= 1000), '[]') as first_ones
      from (
        select accounts.id, d.*, row_number() over () as n
        from accounts
        cross join lateral (
          select * from public.hourly_audit_ledger(accounts.account)
          union all
          select * from public.hourly_audit_refunds(accounts.account)
          union all
          select * from public.hourly_audit_sessions(accounts.account)
          union all
          select * from public.hourly_audit_segments(accounts.account)
          union all
          select * from public.hourly_audit_seals(accounts.account)
        ) d
      ) d
    )
    select jsonb_build_object(
      'accounts', (select count(*) from accounts),
      'differenceCount', (select total from differences),
      'differences', (select first_ones from differences),
      'nextAccountId', (
        select case when count(*) = p_limit or count(*) < (select count(*) from next_accounts) then max(id)::text end
        from accounts
      )
    )
  );
end
$$;
