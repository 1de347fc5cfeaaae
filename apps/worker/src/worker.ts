import type { Log } from '@hourly/services';
import type { Loop } from './loops/loop.ts';

export interface Worker {
  start(): void;
  /** Stops the loops and closes what they used. Calls after the first join it. */
  stop(): Promise<void>;
}

/** The loops as one: started together, stopped together, and what they share closed after the last. */
export function createWorker(options: {
  loops: readonly Loop[];
  close: () => Promise<void>;
  log: Log;
  stopLimitMs: number;
}): Worker {
  const { loops, close, log, stopLimitMs } = options;
  let stopping: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    const finished = await Promise.all(loops.map((loop) => loop.stop(stopLimitMs)));
    const late = loops.filter((_, index) => !finished[index]).map((loop) => loop.name);
    // What a late pass had claimed comes back when its lease is over.
    if (late.length > 0) log.warn({ loops: late, stopLimitMs }, 'stopping without waiting longer');
    await close();
  };

  return {
    start() {
      for (const loop of loops) loop.start();
      log.info({ loops: loops.map((loop) => loop.name) }, 'the worker runs');
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
