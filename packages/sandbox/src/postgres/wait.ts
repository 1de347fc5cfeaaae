import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `probe` again and again until it answers with something other than `undefined`.
 *
 * @param limitMs after this long it throws `Error(message())`, so no wait is without an end
 */
export async function waitFor<T>(
  limitMs: number,
  message: () => string,
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(message());
    await pause(25);
  }
}
