import { startSession } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { createCustomer } from './customer.ts';

export interface Overdue {
  accountId: string;
  sessionId: string;
  /** What the session comes to once it is settled. */
  hours: number;
  status: 'active' | 'paused' | 'ended';
}

const kinds = [
  { balanceCents: 60_000, guards: {}, hours: 3, status: 'active' },
  // Runs out: the third hour cannot be paid.
  { balanceCents: 3000, guards: {}, hours: 2, status: 'ended' },
  { balanceCents: 60_000, guards: { maxHours: 2 }, hours: 2, status: 'ended' },
  { balanceCents: 60_000, guards: { autoPauseMinutes: 90 }, hours: 2, status: 'paused' },
] as const;

/** So many customers whose sessions began two and a half hours ago, of every way to go on, and were not settled since. */
export async function overdueSessions(db: TestDatabase, count: number): Promise<Overdue[]> {
  const now = new Date(Date.now() - 150 * 60_000).toISOString();
  return await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const { balanceCents, guards, ...expected } = kinds[n % kinds.length] ?? kinds[0];
      const accountId = await createCustomer(db, { balanceCents, now });
      const { id: sessionId } = await startSession(db, { accountId, now, ...guards });
      return { accountId, sessionId, ...expected };
    }),
  );
}

/** The hours charged to each of them and where it stands, by the rows alone. */
export async function standingOf(
  db: TestDatabase,
  overdue: readonly Overdue[],
): Promise<Overdue[]> {
  const { rows } = await db.owner.query<Overdue>(
    `select s.account_id::text as "accountId", s.id as "sessionId", s.status,
       (select count(*) from hourly_ledger_entries e where e.session_id = s.id)::int as hours
     from unnest($1::uuid[]) with ordinality as asked (id, n)
     join hourly_usage_sessions s on s.id = asked.id order by n`,
    [overdue.map(({ sessionId }) => sessionId)],
  );
  return rows;
}
