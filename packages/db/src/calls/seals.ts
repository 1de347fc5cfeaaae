import type { Database } from '../connect.ts';
import { call } from './call.ts';

/** What one pass of the sealing did. */
export interface Sealing {
  /** Accounts looked at. */
  accounts: number;
  seals: number;
  /** Ledger entries that these seals cover. */
  entries: number;
  /** The account after which the next pass goes on; null when all were looked at. */
  nextAccountId: string | null;
}

/**
 * Seals the new ledger entries of up to `limit` accounts after `afterAccountId`, bounded in entries as well. Locks no
 * account; any number of callers may run at once. Only the worker's role may.
 */
export const sealLedger = (
  db: Database,
  input: { afterAccountId?: string | undefined; limit: number },
): Promise<Sealing> => call(db, 'seal_hourly_ledger', [input.afterAccountId ?? '0', input.limit]);

/** The newest seal of a ledger, to be kept where the operator of the database can't reach it. */
export interface LedgerHead {
  ledgerId: string;
  sealNo: number;
  lastEntryNo: number;
  /** sha256, hex */
  hash: string;
  sealedAt: string;
}

/** The heads of up to `limit` accounts after `afterAccountId`; ledgers without a seal have none. */
export const listLedgerHeads = (
  db: Database,
  input: { afterAccountId?: string | undefined; limit: number },
): Promise<{ heads: LedgerHead[]; nextAccountId: string | null }> =>
  call(db, 'list_hourly_ledger_heads', [input.afterAccountId ?? '0', input.limit]);

/** A head that was kept, and that the seals of today contradict. */
export interface HeadDifference {
  ledgerId: string;
  what: string;
  expected: string;
  found: string;
}

/** Compares kept heads with the seals that are here. The seals themselves are for the audit to recompute. */
export const checkLedgerHeads = (
  db: Database,
  heads: readonly Omit<LedgerHead, 'sealedAt'>[],
): Promise<{ heads: number; differences: HeadDifference[] }> =>
  call(db, 'check_hourly_ledger_heads', [JSON.stringify(heads)]);

/** Where the next page of a statement begins; opaque. */
export type StatementPosition = Readonly<Record<string, number>>;

export interface StatementPage {
  /** Whole lines of JSON, each with its line feed. docs/ledger.md says what they mean. */
  text: string;
  /** Null after the last page. */
  next: StatementPosition | null;
}

/**
 * A page of up to `limit` entries of an account's statement, oldest first, with its seals. The first one settles the
 * account and decides where the statement ends, whatever happens meanwhile.
 */
export const getStatement = (
  db: Database,
  input: { accountId: string; next: StatementPosition | null; limit: number },
): Promise<StatementPage> =>
  call(db, 'get_hourly_statement', [
    input.accountId,
    input.next === null ? null : JSON.stringify(input.next),
    input.limit,
  ]);
