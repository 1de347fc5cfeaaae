import {
  HourlyError,
  type HourlyErrorFields,
  type InputIssue,
  InsufficientBalanceError,
  InvalidInputError,
  RateLimitedError,
} from './errors.ts';
import { isRetryable } from './retry.ts';

/** What is known of an answer whose status is not 2xx. */
export interface FailedAnswer {
  status: number;
  body: string;
  url: string;
  contentType: string | null;
  requestId: string | null;
  retryAfterMs: number | null;
}

/**
 * The typed error of a refusal. Unknown reasons and fields are kept; what is not Hourly's flat error body (a proxy's page,
 * another server) becomes UNEXPECTED_RESPONSE with the status that came.
 */
export function errorOfResponse(answer: FailedAnswer): HourlyError {
  const body = recordOf(parseJson(answer.body));
  if (typeof body?.reason !== 'string') return unexpectedResponse(answer);
  const { message, code: _code, reason, requestId, ...data } = body;
  const fields: HourlyErrorFields & { reason: string } = {
    reason,
    message: typeof message === 'string' ? message : `Hourly answered ${reason}.`,
    status: answer.status,
    requestId: typeof requestId === 'string' ? requestId : answer.requestId,
    data,
    retryable: isRetryable(answer.status, reason),
  };
  const { balanceCents, requiredCents } = data;
  if (
    reason === 'INSUFFICIENT_BALANCE' &&
    typeof balanceCents === 'number' &&
    typeof requiredCents === 'number'
  ) {
    return new InsufficientBalanceError({ ...fields, balanceCents, requiredCents });
  }
  if (reason === 'INVALID_INPUT')
    return new InvalidInputError({ ...fields, issues: issuesOf(data.issues) });
  if (reason === 'RATE_LIMITED')
    return new RateLimitedError({ ...fields, retryAfterMs: answer.retryAfterMs });
  return new HourlyError(fields);
}

/** An answer that Hourly does not give; most often the base URL points at something else. */
export function unexpectedResponse(answer: FailedAnswer): HourlyError {
  const what = answer.contentType ?? 'no content type';
  return new HourlyError({
    reason: 'UNEXPECTED_RESPONSE',
    message: `${answer.url} answered ${answer.status} (${what}), which is no answer of Hourly's. Does the base URL point at an Hourly server?`,
    status: answer.status,
    requestId: answer.requestId,
    retryable: isRetryable(answer.status, 'UNEXPECTED_RESPONSE'),
  });
}

/** The value, or undefined when the text is not JSON (JSON itself has no undefined). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const recordOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;

function issuesOf(value: unknown): InputIssue[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const issue = recordOf(item);
    if (typeof issue?.message !== 'string') return [];
    return [{ path: pathOf(issue.path), message: issue.message }];
  });
}

function pathOf(value: unknown): (string | number)[] {
  if (typeof value === 'string') return value === '' ? [] : value.split('.');
  if (!Array.isArray(value)) return [];
  return value.filter((part) => typeof part === 'string' || typeof part === 'number');
}
