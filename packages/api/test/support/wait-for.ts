import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is not null; fails after `limitMs`. */
export async function waitFor<Value>(
  ask: () => Promise<Value | null>,
  limitMs = 8_000,
): Promise<Value> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await ask();
    if (value !== null) return value;
    if (performance.now() > deadline) throw new Error('it did not happen in time');
    await sleep(25);
  }
}
