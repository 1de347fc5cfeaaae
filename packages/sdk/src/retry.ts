const baseDelayMs = 250;
const maxDelayMs = 8_000;

/** A server that asks for a longer wait than this is not waited for: the refusal is returned at once instead. */
export const maxRetryAfterMs = 60_000;

/**
 * How long to wait before the next attempt, after `attempts` of them: anything between nothing and a bound that doubles.
 * Full jitter spreads the callers of a server that has just come back better than any fixed schedule.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function fullJitterMs(attempts: number): number {
  return Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** attempts);
}

/** Milliseconds of a `Retry-After` header (seconds, or an HTTP date); null when there is none or it is unreadable. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const instantMs = Date.parse(text);
  return Number.isNaN(instantMs) ? null : Math.max(0, instantMs - nowMs);
}

/** Statuses after which the same call may succeed: too early, too many, or the server's own trouble. */
export function isRetryable(status: number, reason: string): boolean {
  return (
    reason === 'REQUEST_IN_PROGRESS' ||
    status === 408 ||
    status === 429 ||
    (status >= 500 && status <= 599)
  );
}
