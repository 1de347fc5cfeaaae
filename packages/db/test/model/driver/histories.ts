import { getSession } from '@hourly/db';
import { type Account, balanceAfter, statusOf } from '../simulation/account.ts';
import { readSession } from '../simulation/reads.ts';
import { exact } from '../simulation/time.ts';
import { knownData } from './known.ts';
import { type Actor, both, type Run } from './run.ts';

/** An instant as text to the microsecond. */
const micros = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Everything that is written of an account, straight from the tables. */
const written = `select a.id::text as "accountId", a.balance_cents::int as "balanceCents",
  coalesce((select jsonb_agg(jsonb_build_object(
      'entryNo', entry_no, 'type', type, 'sessionId', session_id, 'hour', hour, 'trigger', trigger, 'topupId', topup_id,
      'amountCents', case when credit_account_id = account_id then amount_cents else -amount_cents end,
      'balanceAfterCents', balance_after_cents, 'eventNo', event_no, 'reason', reason,
      'effectiveAt', ${micros('effective_at')}, 'createdAt', ${micros('created_at')}) order by entry_no)
    from hourly_ledger_entries where account_id = a.id), '[]') as ledger,
  coalesce((select jsonb_agg(jsonb_build_object('no', no, 'type', type, 'at', ${micros('at')}, 'data', data) order by no)
    from (
      select event_no as no, type, created_at as at, data from hourly_events where account_id = a.id
      union all
      select event_no, 'session.hour_charged', created_at, null from hourly_ledger_entries
      where account_id = a.id and type = 'hour'
    ) told), '[]') as events,
  coalesce((select jsonb_agg(jsonb_build_object('id', id, 'status', status, 'startedAt', ${micros('started_at')},
      'endedAt', ${micros('ended_at')}, 'segments', (
        select jsonb_agg(jsonb_build_array(${micros('started_at')}, ${micros('ended_at')}) order by segment_no)
        from hourly_session_segments where session_id = s.id)) order by session_no)
    from hourly_usage_sessions s where account_id = a.id), '[]') as sessions
  from hourly_account_balance a where id = any ($1) order by id`;

interface Told {
  type: string;
  data: object | null;
}

interface Written {
  events: Told[];
}

const known = (told: Told) => ({ ...told, data: knownData(told.type, told.data) });

/** Compares all that was written of a run, and every session with the evidence for its charges. */
export async function compareHistories(run: Run): Promise<void> {
  const { rows } = await run.db.owner.query<Written>(written, [
    run.actors.map(({ accountId }) => accountId),
  ]);
  run.comparison.same(
    'history',
    run.actors.map(({ simulated }) => history(simulated)),
    rows.map(({ events, ...rest }) => ({ ...rest, events: events.map(known) })),
  );
  for (const actor of run.actors) await compareDetails(run, actor);
}

async function compareDetails(run: Run, { simulated, accountId }: Actor): Promise<void> {
  const now = simulated.mode === 'live' ? exact(run.now) : undefined;
  for (const session of simulated.sessions) {
    const id = run.comparison.realOf(session.id);
    const expected = readSession(simulated, session, run.now);
    await both(run, 'session', expected, getSession(run.db, { accountId, id, now }));
  }
}

function history(account: Account) {
  return {
    accountId: account.id,
    balanceCents: account.ledger.reduce((total, { cents }) => total + cents, 0),
    ledger: account.ledger.map((entry, index) => ({
      entryNo: index + 1,
      type: entry.type,
      sessionId: entry.session?.id ?? null,
      hour: entry.hour,
      trigger: entry.trigger,
      topupId: entry.topup?.id ?? null,
      amountCents: entry.cents,
      balanceAfterCents: balanceAfter(account, entry),
      eventNo: entry.eventNo,
      reason: entry.reason,
      effectiveAt: exact(entry.effectiveAt),
      createdAt: exact(entry.createdAt),
    })),
    events: account.events.map(({ type, at, data }, index) => ({
      no: index + 1,
      type,
      at: exact(at),
      data,
    })),
    sessions: account.sessions.map((session) => ({
      id: session.id,
      status: statusOf(session),
      startedAt: exact(session.segments[0]?.from ?? 0n),
      endedAt: session.over && exact(session.over.at),
      segments: session.segments.map(({ from, to }) => [exact(from), to && exact(to)]),
    })),
  };
}
