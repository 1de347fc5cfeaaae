import { setTimeout as pause } from 'node:timers/promises';

const limitMs = 10_000;

/** Looks again and again until it is so. */
export async function waitUntil(
  what: string | (() => string),
  look: () => Promise<boolean> | boolean,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await look())) {
    if (performance.now() > deadline) {
      throw new Error(`waited ${limitMs} ms for ${typeof what === 'string' ? what : what()}`);
    }
    await pause(5);
  }
}
