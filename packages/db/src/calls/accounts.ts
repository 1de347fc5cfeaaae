import type {
  Balance,
  Clock,
  LedgerEntry,
  Mode,
  Page,
  PageInput,
  Plan,
  Status,
  Usage,
} from '@hourly/contract';
import type { Database } from '../connect.ts';
import { call, type Mutation, mutationArgs } from './call.ts';

/** The customer's account of this mode, made on first use. Never changes afterwards, so that it may be remembered. */
export const ensureAccount = (
  db: Database,
  input: { userId: string; mode: Mode },
): Promise<{ accountId: string }> => call(db, 'ensure_hourly_account', [input.userId, input.mode]);

/** The prices of today. An open session keeps those that it started at. */
export const getPlan = (db: Database): Promise<Plan> => call(db, 'get_hourly_plan', []);

export const getStatus = (
  db: Database,
  input: { accountId: string; now?: string | undefined },
): Promise<Status> => call(db, 'get_hourly_status', [input.accountId, input.now ?? null]);

export const getBalance = (
  db: Database,
  input: { accountId: string; now?: string | undefined },
): Promise<Balance> => call(db, 'get_hourly_balance', [input.accountId, input.now ?? null]);

export const listTransactions = (
  db: Database,
  input: { accountId: string; page?: PageInput | undefined },
): Promise<Page<LedgerEntry>> =>
  call(db, 'list_hourly_transactions', [
    input.accountId,
    input.page?.cursor ?? null,
    input.page?.limit ?? 20,
  ]);

/** `from` and `to` are days in `tz`, both included. */
export const getUsage = (
  db: Database,
  input: { accountId: string; from?: string | undefined; to?: string | undefined; tz: string },
): Promise<Usage> =>
  call(db, 'get_hourly_usage', [input.accountId, input.from ?? null, input.to ?? null, input.tz]);

/** Moves a test account's frozen clock and settles at once. Refuses live accounts with TEST_MODE_ONLY. */
export const advanceClock = (
  db: Database,
  input: Mutation & { advanceSeconds: number },
): Promise<Clock> =>
  call(db, 'advance_hourly_clock', [
    input.accountId,
    Math.round(input.advanceSeconds * 1e6),
    input.request?.key ?? null,
    input.request?.inputHash ?? null,
  ]);

/**
 * Books an operator's correction (signed cents) or gift (`promo`, positive; never refundable). The reason is what the
 * customer reads in the statement. INSUFFICIENT_BALANCE when it would take the balance below zero.
 */
export const adjustBalance = (
  db: Database,
  input: Mutation & { type: 'adjustment' | 'promo'; amountCents: number; reason: string },
): Promise<LedgerEntry> =>
  call(db, 'adjust_hourly_balance', [
    input.accountId,
    input.type,
    input.amountCents,
    input.reason,
    ...mutationArgs(input),
  ]);

/** A place where the books and what they were made from do not agree. */
export interface Difference {
  accountId: string;
  what: string;
  expected: string;
  found: string;
}

/** What one page of the audit found. */
export interface Audit {
  accounts: number;
  differences: Difference[];
  differenceCount: number;
  nextAccountId: string | null;
}

/**
 * Recomputes balances and charges from the ledger and the segments, and the seals from the ledger, for up to `limit`
 * accounts after `afterAccountId`; fewer where they have many entries. `differences` holds the first thousand of
 * `differenceCount`; `nextAccountId` is null when there are no more accounts.
 */
export const auditAccounts = (
  db: Database,
  input: { afterAccountId?: string | undefined; limit: number },
): Promise<Audit> => call(db, 'audit_hourly_accounts', [input.afterAccountId ?? '0', input.limit]);
