import type { Page, PageInput, Session, SessionDetail, StartInput } from '@hourly/contract';
import type { Database } from '../connect.ts';
import { call, type Mutation, mutationArgs } from './call.ts';
import { rowId, rowIdOrNull } from './ids.ts';

/** Starts a session and charges its first hours. Refuses with SESSION_ALREADY_OPEN, INSUFFICIENT_BALANCE or ACCOUNT_FROZEN. */
export const startSession = (
  db: Database,
  input: Mutation & Omit<StartInput, 'idempotencyKey'>,
): Promise<Session> =>
  call(db, 'start_hourly_session', [
    input.accountId,
    input.plan ?? null,
    input.maxHours ?? null,
    input.hourEnd ?? 'continue',
    input.autoPauseMinutes ?? null,
    ...mutationArgs(input),
  ]);

/** Pauses or resumes. Without `to`, aims at the opposite of the state before the call. */
export const toggleSession = (
  db: Database,
  input: Mutation & { sessionId?: string | undefined; to?: 'active' | 'paused' | undefined },
): Promise<Session> =>
  call(db, 'toggle_hourly_session', [
    input.accountId,
    rowIdOrNull(input.sessionId),
    input.to ?? null,
    ...mutationArgs(input),
  ]);

/** Ends the open session, or returns the ended one that is named. */
export const endSession = (
  db: Database,
  input: Mutation & { sessionId?: string | undefined; endReason?: 'user' | 'operator' },
): Promise<Session> =>
  call(db, 'end_hourly_session', [
    input.accountId,
    rowIdOrNull(input.sessionId),
    input.endReason ?? 'user',
    ...mutationArgs(input),
  ]);

export const getSession = (
  db: Database,
  input: { accountId: string; id: string; now?: string | undefined },
): Promise<SessionDetail> =>
  call(db, 'get_hourly_session', [input.accountId, rowId(input.id), input.now ?? null]);

export const listSessions = (
  db: Database,
  input: { accountId: string; page?: PageInput | undefined },
): Promise<Page<Session>> =>
  call(db, 'list_hourly_sessions', [
    input.accountId,
    input.page?.cursor ?? null,
    input.page?.limit ?? 20,
  ]);

/** What one pass of the settlement did. */
export interface Settlement {
  /** Accounts brought up to date, or as far as one pass goes. */
  accounts: number;
  hours: number;
  paused: number;
  ended: number;
  /** Accounts whose settling raised an error; they stay as they were and are tried again. */
  failed: { accountId: string; error: string }[];
  /** Seconds until the next account is due, 0 or less when some already are; null when none ever will be. */
  nextDueInSeconds: number | null;
}

/**
 * Charges what is due on live accounts, at most `limit` of them, 24 hours each and about 2000 hours altogether, skipping
 * those that another call holds. Any number of workers may call it at once.
 */
export const settleSessions = (
  db: Database,
  input: { limit: number; now?: string | undefined },
): Promise<Settlement> => call(db, 'settle_hourly_sessions', [input.limit, input.now ?? null]);
