import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './output.ts';

const RESTARTS = 5;
const WINDOW_MS = 5 * 60_000;
const FIRST_DELAY_MS = 500;

export type KeepOptions = {
  log: Log;
  onGiveUp: (error: Error) => void;
  /** Pause before the first restart; each further one within five minutes takes twice as long. */
  firstDelayMs?: number;
};

export type Kept<Part> = {
  /** The one that runs now. */
  current(): Part;
  /** From now on an end is an accident and not a failure to start. */
  started(): void;
  stop(): Promise<void>;
};

/**
 * Keeps a part of the product running: when it ends by itself it is started again, after a pause
 * that doubles. `onGiveUp` is told when it doesn't come up at all, or ends for the sixth time in five
 * minutes: then something is wrong that starting again won't cure.
 */
export function keepRunning<Part extends { ended: Promise<string>; stop(): Promise<void> }>(
  name: string,
  first: Part,
  startAgain: () => Promise<Part> | Part,
  { log, onGiveUp, firstDelayMs = FIRST_DELAY_MS }: KeepOptions,
): Kept<Part> {
  let part = first;
  let hasStarted = false;
  const stopping = new AbortController();
  const restarts: number[] = [];

  async function watch(): Promise<void> {
    for (;;) {
      const how = await part.ended;
      if (stopping.signal.aborted) return;
      if (!hasStarted) throw new Error(`${name} did not start (${how}); see its messages above`);
      const delayMs = firstDelayMs * 2 ** countRestart(name, how, restarts);
      log(`${name} ended unexpectedly (${how}); starting it again`);
      await pause(delayMs, undefined, { signal: stopping.signal });
      const again = await startAgain();
      part = again;
      // Asked to stop while it came up: `stop` had nothing but the dead one to stop.
      if (stopping.signal.aborted) return await again.stop();
    }
  }

  const watching = watch().catch((error: Error) => {
    if (!stopping.signal.aborted) onGiveUp(error);
  });
  return {
    current: () => part,
    started: () => {
      hasStarted = true;
    },
    async stop() {
      stopping.abort();
      await part.stop();
      await watching;
    },
  };
}

/** @returns how many restarts there have been shortly before */
function countRestart(name: string, how: string, restarts: number[]): number {
  const now = performance.now();
  while (restarts[0] !== undefined && restarts[0] < now - WINDOW_MS) restarts.shift();
  if (restarts.length >= RESTARTS) {
    throw new Error(
      `${name} ended ${RESTARTS + 1} times in ${WINDOW_MS / 60_000} minutes, the last time with ${how}; giving up`,
    );
  }
  return restarts.push(now) - 1;
}
