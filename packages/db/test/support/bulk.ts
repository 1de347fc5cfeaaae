import type pg from 'pg';

export interface Bulk {
  accounts: number;
  /** Sessions of each account, one after the other; all are over. */
  sessions: number;
  /** Hours of each session. */
  hours: number;
}

/** Ledger entries that {@link fillBooks} makes: one top-up an account, and the hours. */
export const entriesOf = ({ accounts, sessions, hours }: Bulk): number =>
  accounts * (1 + sessions * hours);

/**
 * Writes honest books by the million, as they would be had the product made them, and answers the first account's id.
 * As their owner, in a few statements: charging a million hours one by one would take all day.
 */
export async function fillBooks(owner: pg.Pool, bulk: Bulk): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    'select coalesce(max(id), 1000) + 1 as id from hourly_account_balance',
  );
  const first = rows[0]?.id ?? '1001';
  const client = await owner.connect();
  try {
    await client.query('begin');
    for (const statement of statements) {
      await client.query(
        `with size as (select $1::bigint as first, $2::bigint as accounts, $3::bigint as sessions, $4::bigint as hours) ${statement}`,
        [first, bulk.accounts, bulk.sessions, bulk.hours],
      );
    }
    await client.query(
      `select setval(pg_get_serial_sequence('hourly_account_balance', 'id'), max(id)) from hourly_account_balance`,
    );
    await client.query('commit');
    await client.query(
      'vacuum analyze hourly_account_balance, hourly_ledger_entries, hourly_session_segments, hourly_usage_sessions, hourly_events',
    );
  } finally {
    client.release();
  }
  return first;
}

const beginning = `timestamptz '2020-01-01 00:00:00Z'`;
/** A session's id, by the account's and its own number. */
const sessionId = `md5('session ' || a.id || ' ' || s.n)::uuid`;
const topupId = `md5('top-up ' || a.id)::uuid`;
/** A session starts an hour after the one before has ended. */
const startedAt = `${beginning} + (s.n - 1) * (hours + 1) * interval '1 hour'`;
const accounts = 'size cross join generate_series(first, first + accounts - 1) as a (id)';
const sessions = `${accounts} cross join generate_series(1, sessions) as s (n)`;
/** Of each session's events the first is its start and the last its end, hours are between; the account's first is the top-up. */
const eventBefore = '1 + (s.n - 1) * (hours + 2)';

const statements = [
  `insert into hourly_account_balance (id, user_id, mode, balance_cents, paid_in_cents, charged_cents, charged_hours,
     commitment_hours, commitment_cents, entry_no, event_no, session_no, topup_no, as_of, created_at)
   overriding system value
   select a.id, 'bulk_' || a.id, 'live', 10000, 10000 + 1500 * sessions * hours, 1500 * sessions * hours, sessions * hours,
     6, 9000, 1 + sessions * hours, 1 + sessions * (hours + 2), sessions, 1,
     ${beginning} + sessions * (hours + 1) * interval '1 hour', ${beginning}
   from ${accounts}`,
  `insert into hourly_topup_transactions (id, account_id, topup_no, status, amount_cents, amount_inr_paise, inr_per_usd,
     created_at, paid_at, razorpay_order_id, razorpay_payment_id)
   select ${topupId}, a.id, 1, 'paid', 10000 + 1500 * sessions * hours, (10000 + 1500 * sessions * hours) * 83, 83,
     ${beginning}, ${beginning}, 'order_bulk_' || a.id, 'pay_bulk_' || a.id
   from ${accounts}`,
  `insert into hourly_payments (payment_id, order_id, topup_id, status, amount_paise, currency, source)
   select 'pay_bulk_' || a.id, 'order_bulk_' || a.id, ${topupId}, 'credited', (10000 + 1500 * sessions * hours) * 83,
     'INR', 'webhook'
   from ${accounts}`,
  `insert into hourly_usage_sessions (id, account_id, session_no, plan, rate_cents, session_minimum_hours, status,
     started_at, ended_at, end_reason, hour_end, hours_charged, active_us, generation_count)
   select ${sessionId}, a.id, s.n, 'hourly_standard', 1500, 1, 'ended', ${startedAt},
     ${startedAt} + hours * interval '1 hour', 'user', 'continue', hours, hours * 3600000000, 0
   from ${sessions}`,
  `insert into hourly_session_segments (session_id, segment_no, started_at, ended_at)
   select ${sessionId}, 1, ${startedAt}, ${startedAt} + hours * interval '1 hour' from ${sessions}`,
  `insert into hourly_events (account_id, event_no, type, data, created_at)
   select a.id, 1, 'topup.paid', '{}'::jsonb, ${beginning} from ${accounts}
   union all
   select a.id, ${eventBefore} + e.n, e.type, '{}', ${startedAt} from ${sessions}
   cross join lateral (values (1, 'session.started'), (hours + 2, 'session.ended')) as e (n, type)`,
  `insert into hourly_ledger_entries (account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents,
     balance_after_cents, event_no, topup_id, effective_at, created_at)
   select a.id, 1, 'topup', 2, a.id, 10000 + 1500 * sessions * hours, 10000 + 1500 * sessions * hours, 1, ${topupId},
     ${beginning}, ${beginning}
   from ${accounts}`,
  `insert into hourly_ledger_entries (account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents,
     balance_after_cents, event_no, session_id, hour, trigger, effective_at, created_at)
   select a.id, 1 + (s.n - 1) * hours + h.n, 'hour', a.id, 1, 1500,
     10000 + 1500 * (sessions * hours - (s.n - 1) * hours - h.n), ${eventBefore} + 1 + h.n, ${sessionId}, h.n,
     case h.n when 1 then 'start' else 'settlement' end, ${startedAt} + (h.n - 1) * interval '1 hour',
     ${startedAt} + (h.n - 1) * interval '1 hour'
   from ${sessions} cross join generate_series(1, hours) as h (n)`,
];
