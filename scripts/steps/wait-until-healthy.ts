import { setTimeout as pause } from 'node:timers/promises';

const ASK_LIMIT_MS = 5_000;

/**
 * Waits until `url` answers with success.
 *
 * @throws when it doesn't within `limitMs`, with the last thing it said instead, and when `signal` aborts
 */
export async function waitUntilHealthy(
  url: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  let last = 'nothing';
  for (;;) {
    signal.throwIfAborted();
    try {
      const response = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_LIMIT_MS)]),
      });
      const body = await response.text();
      if (response.ok) return;
      last = `${response.status} ${body.slice(0, 500)}`;
    } catch (error) {
      signal.throwIfAborted();
      last = describe(error);
    }
    if (performance.now() > deadline) {
      throw new Error(`${url} is not well after ${limitMs / 1000} s; it last said: ${last}`);
    }
    await pause(100, undefined, { signal });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
