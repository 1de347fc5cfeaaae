import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until there is something to see. */
export async function waitUntil<Value>(
  what: string,
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  limitMs = 10_000,
): Promise<Value> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await pause(20);
  }
}
