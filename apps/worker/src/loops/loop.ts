import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@hourly/services';
import { settlesWithin } from '../settles-within.ts';

/** How long to wait; ends early, without an error, when `signal` aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** What a loop is given: nothing reaches for the world by itself. */
export interface LoopDependencies {
  log: Log;
  sleep?: Sleep;
}

export interface Loop {
  readonly name: string;
  /** One pass now; joins the pass that is under way. Rejects when the pass fails. */
  tick(): Promise<void>;
  /** Passes again and again until stopped. */
  start(): void;
  /**
   * Starts no further pass, asks the running one to finish early and waits for it, at most `timeoutMs`.
   * Answers whether it has finished.
   */
  stop(timeoutMs: number): Promise<boolean>;
}

export interface LoopDefinition extends LoopDependencies {
  name: string;
  /** One pass. Answers how long to wait before the next. `signal` asks it to finish early. */
  pass: (signal: AbortSignal) => Promise<number>;
}

const minWaitMs = 10;
const maxWaitMs = 60_000;
const firstRetryMs = 250;
const maxRetryMs = 30_000;

/** Pause before the next attempt after `failures` passes in a row have failed: doubles, up to half a minute. */
export const retryWaitMs = (failures: number): number =>
  Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 16));

/**
 * A pass repeated for as long as the worker lives. It never overlaps itself, and a pass that fails is logged and tried
 * again later: the database going away must not end the worker, nor make it spin.
 */
export function createLoop({ name, pass, log, sleep = realSleep }: LoopDefinition): Loop {
  const stopping = new AbortController();
  let running: Promise<number> | undefined;
  let looping: Promise<void> | undefined;

  const once = (): Promise<number> => {
    running ??= pass(stopping.signal).finally(() => {
      running = undefined;
    });
    return running;
  };

  const repeat = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      let waitMs: number;
      try {
        waitMs = clamp(await once(), minWaitMs, maxWaitMs);
        if (failures > 0) log.info({ loop: name, failures }, 'recovered');
        failures = 0;
      } catch (error) {
        failures += 1;
        waitMs = retryWaitMs(failures);
        log.error({ loop: name, err: error, failures, waitMs }, 'a pass failed');
      }
      await sleep(waitMs, stopping.signal);
    }
  };

  return {
    name,
    async tick() {
      await once();
    },
    start() {
      looping ??= repeat();
    },
    async stop(timeoutMs) {
      stopping.abort();
      // What a pass under way throws is the loop's or the ticker's to report.
      return settlesWithin(timeoutMs, Promise.allSettled([looping, running]));
    },
  };
}

const clamp = (value: number, low: number, high: number) =>
  Math.max(low, Math.min(high, Number.isFinite(value) ? value : high));

const realSleep: Sleep = async (ms, signal) => {
  try {
    await pause(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
