import type { Log } from '@hourly/services';
import { errorBodyOf, publicErrorOf } from '../public-error.ts';

/** Headers of every answer: it is about one customer at one moment. */
export const answerHeaders = (requestId: string): Record<string, string> => ({
  'cache-control': 'no-store',
  'x-request-id': requestId,
});

/** The answer to a failed call; what is our fault is logged with its cause, which never leaves. */
export function respondToError(
  error: unknown,
  { requestId, log, path }: { requestId: string; log: Log; path: string },
): Response {
  const seen = publicErrorOf(error);
  if (seen.status >= 500) logFailure(log, { error, requestId, path });
  return Response.json(errorBodyOf(seen, requestId), {
    status: seen.status,
    headers: answerHeaders(requestId),
  });
}

export function logFailure(
  log: Log,
  { error, requestId, path }: { error: unknown; requestId: string; path: string },
): void {
  const { reason } = publicErrorOf(error);
  log.error({ err: error, cause: rootOf(error), requestId, path, reason }, 'a request failed');
}

/** The innermost cause: what really happened. Chains are short; a cycle ends the walk. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 8; depth += 1) {
    if (!(root instanceof Error) || root.cause === undefined) break;
    root = root.cause;
  }
  return root;
}
