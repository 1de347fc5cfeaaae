import { setTimeout as pause } from 'node:timers/promises';

/** Asks `look` until it answers something else than undefined, at most for `limitMs`. */
export async function until<T>(
  what: string,
  limitMs: number,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      // What is being waited for may well be the end of this error.
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${limitMs / 1000} s in vain: ${what}`, { cause: last });
    }
    await pause(100);
  }
}
