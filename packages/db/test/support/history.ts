import type { TestDatabase } from '@hourly/db/testing';

export interface LedgerRow {
  entryNo: number;
  type: string;
  amountCents: number;
  balanceAfterCents: number;
  hour: number | null;
  trigger: string | null;
  effectiveAt: string;
}

/** The ledger of an account, oldest first, to the microsecond; no settling on the way. */
export async function ledgerOf(db: TestDatabase, accountId: string): Promise<LedgerRow[]> {
  const { rows } = await db.pool.query<LedgerRow>(
    `select entry_no::int as "entryNo", type, hour, trigger, balance_after_cents::int as "balanceAfterCents",
       case when credit_account_id = account_id then amount_cents else -amount_cents end::int as "amountCents",
       to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "effectiveAt"
     from hourly_ledger_entries where account_id = $1 order by entry_no`,
    [accountId],
  );
  return rows;
}

/** Everything that happened to an account, in its order; a charged hour's event is its ledger row. */
export async function eventsOf(
  db: TestDatabase,
  accountId: string,
): Promise<{ no: number; type: string }[]> {
  const { rows } = await db.pool.query<{ no: number; type: string }>(
    `select event_no::int as no, type from hourly_events where account_id = $1
     union all
     select event_no::int, 'session.hour_charged' from hourly_ledger_entries
     where account_id = $1 and type = 'hour'
     order by no`,
    [accountId],
  );
  return rows;
}

export const eventTypes = async (db: TestDatabase, accountId: string): Promise<string[]> =>
  (await eventsOf(db, accountId)).map(({ type }) => type);

/** Where the account's row lies; it changes with every write to the row, and only then. */
export async function rowVersion(db: TestDatabase, accountId: string): Promise<string> {
  const { rows } = await db.pool.query<{ version: string }>(
    `select xmin::text || ' ' || xmax::text || ' ' || ctid::text as version
     from hourly_account_balance where id = $1`,
    [accountId],
  );
  return rows[0]?.version ?? 'none';
}
