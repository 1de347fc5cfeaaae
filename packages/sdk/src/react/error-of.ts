import { isTRPCClientError } from '@trpc/client';
import type { HourlyReason } from '../errors.ts';
import type { HourlyRouter } from './router.ts';

/** What a screen needs of a failed call. */
export interface CallError {
  /** One of Hourly's reasons; `CONNECTION_FAILED` when no answer came. New ones may appear: keep a default branch. */
  reason: HourlyReason;
  /** For people. */
  message: string;
  /** What to quote to the operator; null when no answer came. */
  requestId: string | null;
  /** HTTP status; null when no answer came. */
  status: number | null;
  /** What the reason carries, e.g. `balanceCents` and `requiredCents` of `INSUFFICIENT_BALANCE`. */
  data: Readonly<Record<string, unknown>>;
  /** Would the same call, sent again, perhaps succeed? */
  retryable: boolean;
}

const offlineMessage = 'Hourly cannot be reached. Check the connection and try again.';

/** Reads the error of a hook of `hourly`, or anything else that was thrown. Never throws. */
export function errorOf(error: unknown): CallError {
  if (!isTRPCClientError<HourlyRouter>(error)) return failedWithoutAnswer(messageOf(error), false);
  const data: Readonly<Record<string, unknown>> | null | undefined = error.data;
  if (data === null || data === undefined) return failedWithoutAnswer(offlineMessage, true);
  const status = typeof data.httpStatus === 'number' ? data.httpStatus : null;
  const reason = typeof data.reason === 'string' ? data.reason : 'UNEXPECTED_RESPONSE';
  return {
    reason,
    message: error.message,
    requestId: typeof data.requestId === 'string' ? data.requestId : null,
    status,
    data,
    retryable: reason === 'REQUEST_IN_PROGRESS' || (status !== null && status >= 500),
  };
}

function failedWithoutAnswer(message: string, retryable: boolean): CallError {
  return {
    reason: retryable ? 'CONNECTION_FAILED' : 'UNEXPECTED_RESPONSE',
    message,
    requestId: null,
    status: null,
    data: {},
    retryable,
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something unexpected happened.';
