import type { TestDatabase } from '@hourly/db/testing';
import { expect } from 'vitest';
import { audit } from './books.ts';

/**
 * What must hold at any moment, read from the rows alone and by none of the product's functions. An hour that a resume
 * at exactly n hours has charged counts as well.
 */
const violations = `
with accounts as (
  select * from hourly_account_balance
), entries as (
  select *, case when credit_account_id = account_id then amount_cents else -amount_cents end as cents
  from hourly_ledger_entries
), events as (
  select account_id, event_no from hourly_events
  union all
  select account_id, event_no from hourly_ledger_entries where type = 'hour'
), sessions as (
  select s.id, s.account_id, s.rate_cents, s.session_minimum_hours,
    (select sum(extract(epoch from coalesce(g.ended_at, a.as_of) - g.started_at) * 1000000)::bigint
     from hourly_session_segments g where g.session_id = s.id) as active_us
  from hourly_usage_sessions s
  join accounts a on a.id = s.account_id
), hours as (
  select session_id, count(*) as charged, min(hour) as first, max(hour) as last, sum(amount_cents) as cents
  from entries where type = 'hour' group by session_id
)
select a.id::text as account, 'open sessions: ' || count(*) as what
from accounts a join hourly_usage_sessions s on s.account_id = a.id and s.status <> 'ended'
group by a.id having count(*) > 1
union all
select a.id::text, 'balance ' || a.balance_cents || ', sum of its rows ' || coalesce(sum(e.cents), 0)
from accounts a left join entries e on e.account_id = a.id
group by a.id, a.balance_cents having a.balance_cents <> coalesce(sum(e.cents), 0)
union all
select a.id::text, 'entry numbers: ' || count(e) || ' up to ' || coalesce(max(e.entry_no), 0)
from accounts a left join entries e on e.account_id = a.id
group by a.id, a.entry_no having count(e) <> a.entry_no or coalesce(max(e.entry_no), 0) <> a.entry_no
union all
select a.id::text, 'event numbers: ' || count(e) || ', ' || count(distinct e.event_no) || ' different, up to ' || coalesce(max(e.event_no), 0)
from accounts a left join events e on e.account_id = a.id
group by a.id, a.event_no
having count(e) <> a.event_no or count(distinct e.event_no) <> a.event_no or coalesce(max(e.event_no), 0) <> a.event_no
union all
select account_id::text, 'top-up ' || topup_id || ' credited ' || count(*) || ' times'
from entries where type = 'topup' group by account_id, topup_id having count(*) > 1
union all
select s.account_id::text, 'session ' || s.id || ' of ' || s.active_us || ' us charged ' || coalesce(h.charged, 0) || ' hours'
from sessions s
left join hours h on h.session_id = s.id
cross join lateral (
  select greatest(s.session_minimum_hours, (s.active_us + 3599999999) / 3600000000) as hours
) as due
where h.charged is null or h.first <> 1 or h.last <> h.charged or h.cents <> h.charged * s.rate_cents
  or h.charged <> due.hours and not (h.charged = due.hours + 1 and s.active_us % 3600000000 = 0)
`;

/** No account's books differ from what they were made from, and no invariant is broken. */
export async function expectSoundBooks(db: TestDatabase): Promise<void> {
  expect(await audit(db)).toEqual([]);
  const { rows } = await db.owner.query(violations);
  expect(rows).toEqual([]);
}

const tables = [
  'hourly_account_balance',
  'hourly_usage_sessions',
  'hourly_session_segments',
  'hourly_ledger_entries',
  'hourly_events',
  'hourly_topup_transactions',
  'hourly_payments',
  'hourly_refunds',
  'hourly_disputes',
  'hourly_generations',
  'hourly_requests',
];

/** Tells whether anything has changed. */
export async function fingerprint(db: TestDatabase): Promise<Record<string, string>> {
  const parts = tables.map(
    (table) =>
      `select '${table}' as name, count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as content from ${table} t`,
  );
  const { rows } = await db.owner.query<{ name: string; content: string }>(
    parts.join(' union all '),
  );
  return Object.fromEntries(rows.map(({ name, content }) => [name, content]));
}
