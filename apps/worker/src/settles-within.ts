import { setTimeout as pause } from 'node:timers/promises';

/** Waits for `work` to end, well or badly, at most `limitMs`. Answers whether it has. */
export async function settlesWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const done = Promise.allSettled([work]).then(() => true);
  const late = pause(limitMs, false, { signal: timer.signal }).catch(() => false);
  const finished = await Promise.race([done, late]);
  timer.abort();
  return finished;
}
