import { endSession, getStatus, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { audit, dropWithCleanBooks } from '../support/books.ts';
import { adjust, at, createCustomer, hours, minutes, payIn } from '../support/customer.ts';

let db: TestDatabase;
let accountId: string;
let sessionId: string;
let openSessionId: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

/**
 * Two sessions: one of three segments that is over, one that runs.
 * Ledger: 1 top-up, 2 adjustment, 3–5 hours of the first, 6 top-up, 7–8 hours of the second.
 */
beforeEach(async () => {
  accountId = await createCustomer(db, { balanceCents: 10_000 + 33, now: at(0) });
  await adjust(db, accountId, -33);
  await adjust(db, accountId, 33);
  const first = await startSession(db, { accountId, now: at(0) });
  await toggleSession(db, { accountId, to: 'paused', now: at(minutes(50)) });
  await toggleSession(db, { accountId, to: 'active', now: at(hours(2)) });
  await toggleSession(db, { accountId, to: 'paused', now: at(hours(2) + minutes(30)) });
  await toggleSession(db, { accountId, to: 'active', now: at(hours(4)) });
  await endSession(db, { accountId, now: at(hours(5)) });
  await payIn(db, accountId, 10_000);
  await db.owner.query('update hourly_account_balance set as_of = $2 where id = $1', [
    accountId,
    at(hours(6)),
  ]);
  const second = await startSession(db, { accountId, autoPauseMinutes: 600, now: at(hours(6)) });
  await getStatus(db, { accountId, now: at(hours(7) + minutes(20)) });
  sessionId = first.id;
  openSessionId = second.id;
});

const cases: [string, string, string[]][] = [
  [
    'an amount',
    `update hourly_ledger_entries set amount_cents = 1 where account_id = $A and hour = 2 and session_id = $S`,
    ['balance', 'sum of charges', 'hour 2 of session'],
  ],
  [
    'an amount and what follows it',
    `update hourly_ledger_entries set amount_cents = amount_cents - coalesce(hour = 2 and session_id = $S, false)::int, balance_after_cents = balance_after_cents + 1 where account_id = $A and entry_no >= (select entry_no from hourly_ledger_entries where session_id = $S and hour = 2)`,
    ['balance', 'hour 2 of session'],
  ],
  [
    'the amount of a top-up',
    `update hourly_ledger_entries set amount_cents = amount_cents + 5 where account_id = $A and entry_no = 1`,
    ['top-up of entry 1', 'sum of top-ups', 'balance'],
  ],
  [
    'a balance after an entry',
    `update hourly_ledger_entries set balance_after_cents = balance_after_cents + 1 where account_id = $A and entry_no = 2`,
    ['balance after entry 2'],
  ],
  [
    'the direction of an entry',
    `update hourly_ledger_entries set debit_account_id = credit_account_id, credit_account_id = debit_account_id where account_id = $A and entry_no = 1`,
    ['balance', 'balance after entry 1'],
  ],
  [
    'the other side of an hour',
    `update hourly_ledger_entries set credit_account_id = 3 where account_id = $A and hour = 1 and session_id = $S`,
    ['other side of entry'],
  ],
  [
    'the other side of a top-up',
    `update hourly_ledger_entries set debit_account_id = 3 where account_id = $A and entry_no = 1`,
    ['other side of entry 1'],
  ],
  [
    'an entry less in the middle',
    `delete from hourly_ledger_entries where account_id = $A and session_id = $S and hour = 2`,
    ['entry number', 'balance', 'hour 2 of session', 'hours of session', 'events'],
  ],
  [
    'an entry less at the end',
    `delete from hourly_ledger_entries where account_id = $A and session_id = $O and hour = 2`,
    ['last entry number', 'balance', 'hour 2 of session'],
  ],
  [
    'a top-up less',
    `delete from hourly_ledger_entries where account_id = $A and type = 'topup' and entry_no > 1`,
    ['entry number', 'ledger entry of paid top-up'],
  ],
  [
    'an hour more',
    `insert into hourly_ledger_entries (account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents, balance_after_cents, event_no, session_id, hour, trigger, effective_at, created_at) select account_id, max(entry_no) + 1, 'hour', account_id, 1, 1500, 0, 99, $S, 4, 'call', now(), now() from hourly_ledger_entries where account_id = $A group by 1`,
    ['hour 4 of session', 'last entry number', 'balance', 'hours of session'],
  ],
  [
    'a gift',
    `insert into hourly_ledger_entries (account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents, balance_after_cents, reason, effective_at, created_at) select account_id, max(entry_no) + 1, 'promo', 3, account_id, 1500, 0, 'Welcome', now(), now() from hourly_ledger_entries where account_id = $A group by 1`,
    ['last entry number', 'balance'],
  ],
  [
    'the instant of a charge',
    `update hourly_ledger_entries set effective_at = effective_at + interval '1 microsecond' where session_id = $S and hour = 2`,
    ['hour 2 of session'],
  ],
  [
    'the trigger of a charge',
    `update hourly_ledger_entries set trigger = 'resume' where session_id = $S and hour = 2`,
    ['trigger of hour 2 of session'],
  ],
  [
    'the rate of a session',
    `update hourly_usage_sessions set rate_cents = 1000 where id = $S`,
    ['hour 1 of session', 'hour 2 of session'],
  ],
  [
    'the hours of a session',
    `update hourly_usage_sessions set hours_charged = 9 where id = $S`,
    ['hours of session'],
  ],
  [
    'the active time of a session',
    `update hourly_usage_sessions set active_us = active_us + 1 where id = $S`,
    ['active microseconds of session'],
  ],
  [
    'a longer segment',
    `update hourly_session_segments set ended_at = ended_at + interval '1 minute' where session_id = $S and segment_no = 1`,
    ['active microseconds of session'],
  ],
  [
    'a shorter open segment',
    `update hourly_session_segments set started_at = started_at + interval '1 second' where session_id = $O`,
    ['active microseconds of session', 'hour 2 of session', 'first segment of session'],
  ],
  [
    'a moved first segment',
    `update hourly_session_segments set started_at = started_at + interval '1 second', ended_at = ended_at + interval '1 second' where session_id = $S and segment_no = 1`,
    ['first segment of session'],
  ],
  [
    'a moved middle segment',
    `update hourly_session_segments set started_at = started_at + interval '1 second', ended_at = ended_at + interval '1 second' where session_id = $S and segment_no = 2`,
    ['hour 2 of session'],
  ],
  [
    'a moved last segment',
    `update hourly_session_segments set started_at = started_at - interval '1 second', ended_at = ended_at - interval '1 second' where session_id = $S and segment_no = 3`,
    ['resume of session'],
  ],
  [
    'overlapping segments',
    `update hourly_session_segments set started_at = started_at - interval '2 hours', ended_at = ended_at - interval '2 hours' where session_id = $S and segment_no = 3`,
    ['order of the segments of session'],
  ],
  [
    'time shifted from one segment to another',
    `update hourly_session_segments set ended_at = ended_at + (case segment_no when 1 then 1 else -1 end) * interval '1 second' where session_id = $S and segment_no in (1, 3)`,
    ['hour 2 of session'],
  ],
  [
    'a segment past the end',
    `update hourly_usage_sessions set ended_at = ended_at - interval '1 second' where id = $S`,
    ['end of session'],
  ],
  [
    'a segment closed under a running session',
    `update hourly_session_segments set ended_at = started_at + interval '80 minutes' where session_id = $O`,
    ['running segment of session'],
  ],
  [
    'a balance',
    `update hourly_account_balance set balance_cents = balance_cents + 1 where id = $A`,
    ['balance'],
  ],
  [
    'the sum of charges',
    `update hourly_account_balance set charged_cents = charged_cents + 1 where id = $A`,
    ['sum of charges'],
  ],
  [
    'the sum of top-ups',
    `update hourly_account_balance set paid_in_cents = paid_in_cents + 1 where id = $A`,
    ['sum of top-ups'],
  ],
  [
    'the hours ever charged',
    `update hourly_account_balance set charged_hours = charged_hours + 1 where id = $A`,
    ['hours ever charged'],
  ],
  [
    'the hours of the open session',
    `update hourly_account_balance set hours_charged = hours_charged + 1 where id = $A`,
    ['hours of session'],
  ],
  [
    'paid-through',
    `update hourly_account_balance set paid_until = paid_until + interval '1 minute' where id = $A`,
    ['active microseconds of session'],
  ],
  [
    'the due instant',
    `update hourly_account_balance set due_at = due_at + interval '1 hour' where id = $A`,
    ['due instant'],
  ],
  [
    'no due instant',
    `update hourly_account_balance set due_at = null where id = $A`,
    ['due instant'],
  ],
  [
    'the last entry number',
    `update hourly_account_balance set entry_no = entry_no + 1 where id = $A`,
    ['last entry number'],
  ],
  [
    'the last event number',
    `update hourly_account_balance set event_no = event_no + 1 where id = $A`,
    ['events'],
  ],
  [
    'an event less',
    `delete from hourly_events where account_id = $A and type = 'session.resumed' and event_no > 6`,
    ['events'],
  ],
  [
    'an event number twice',
    `update hourly_ledger_entries set event_no = 1 where session_id = $S and hour = 1`,
    ['events'],
  ],
  [
    'a forgotten open session',
    `update hourly_account_balance set session_id = null, rate_cents = null, hours_charged = null, paid_until = null, generation_count = null, hour_end = null, auto_pause_minutes = null, idle_from = null, due_at = null where id = $A`,
    ['open session'],
  ],
  [
    'a session paused on paper',
    `update hourly_usage_sessions set status = 'paused', pause_reason = 'user' where id = $O`,
    ['state of session'],
  ],
  [
    'a top-up that was never paid',
    `update hourly_topup_transactions set status = 'created', paid_at = null where account_id = $A and topup_no = 1`,
    ['top-up of entry 1'],
  ],
  [
    'the amount of a paid top-up',
    `update hourly_topup_transactions set amount_cents = amount_cents + 1, amount_inr_paise = (amount_cents + 1) * inr_per_usd where account_id = $A and topup_no = 1`,
    ['top-up of entry 1'],
  ],
  [
    'a credited payment less',
    `delete from hourly_payments where topup_id in (select id from hourly_topup_transactions where account_id = $A)`,
    ['payment of top-up'],
  ],
];

test('what nobody touched is clean', async () => {
  expect(await audit(db)).toEqual([]);
});

/** The superuser's hand at the tables, past every trigger; undone afterwards, as the audit is one statement. */
test.each(cases)('%s is found and named', async (_, change, expected) => {
  const client = await db.owner.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    const statement = change
      .replaceAll('$A', accountId)
      .replaceAll('$S', `'${sessionId}'::uuid`)
      .replaceAll('$O', `'${openSessionId}'::uuid`);
    const { rowCount } = await client.query(statement);
    expect(rowCount).toBeGreaterThan(0);
    const { rows } = await client.query<{ found: { accountId: string; what: string }[] }>(
      `select audit_hourly_accounts(0, 1000) -> 'differences' as found`,
    );
    const found = rows[0]?.found ?? [];
    expect(new Set(found.map((difference) => difference.accountId))).toEqual(new Set([accountId]));
    const whats = found.map(({ what }) => what);
    for (const what of expected) {
      expect(
        whats.filter((known) => known.startsWith(what)),
        `${what} in ${whats.join('; ')}`,
      ).not.toEqual([]);
    }
  } finally {
    await client.query('rollback');
    client.release();
  }
});
