import { type Database, settleSessions } from '@hourly/db';
import { createLoop, type Loop, type LoopDependencies } from './loop.ts';

export interface SettlementOptions extends LoopDependencies {
  db: Database;
  /** Accounts brought up to date by one call, at most. */
  batchSize?: number;
  /** Calls in one pass, at most: what is left waits for the next pass, which follows at once. */
  maxBatches?: number;
  /** Longest wait between two passes; the next due instant, where it is known, comes earlier. */
  tickIntervalMs?: number;
}

/** Wait when accounts are due but another worker, or a customer's own call, holds them. */
const heldWaitMs = 100;

/**
 * Charges hours when they become due, pauses and ends sessions on time. The rules and the clock are the database's; this
 * decides only when to ask. Being late costs nobody anything: every call settles its own account first.
 */
export function createSettlementLoop(options: SettlementOptions): Loop {
  const { db, log, batchSize = 1000, maxBatches = 20, tickIntervalMs = 2000 } = options;

  const pass = async (signal: AbortSignal): Promise<number> => {
    const total = { accounts: 0, hours: 0, paused: 0, ended: 0 };
    const failed = new Map<string, string>();
    let waitMs = 0;
    for (let batch = 0; batch < maxBatches && !signal.aborted; batch += 1) {
      const settled = await settleSessions(db, { limit: batchSize });
      for (const key of keysOf(total)) total[key] += settled[key];
      for (const { accountId, error } of settled.failed) failed.set(accountId, error);
      waitMs = waitAfter(settled.nextDueInSeconds, tickIntervalMs);
      if (waitMs > 0) break;
      if (settled.accounts === 0) {
        waitMs = heldWaitMs;
        break;
      }
    }
    if (total.accounts > 0) log.info(total, 'settled');
    if (failed.size > 0) {
      log.error({ failed: Object.fromEntries(failed) }, 'accounts could not be settled');
    }
    return waitMs;
  };

  return createLoop({ ...options, name: 'settlement', pass });
}

/** 0: more is due now. */
function waitAfter(nextDueInSeconds: number | null, tickIntervalMs: number): number {
  if (nextDueInSeconds === null) return tickIntervalMs;
  if (nextDueInSeconds <= 0) return 0;
  // Rounded up: an hour is due when its instant has passed.
  return Math.min(tickIntervalMs, Math.ceil(nextDueInSeconds * 1000) + 1);
}

const keysOf = <T extends object>(value: T) => Object.keys(value) as (keyof T)[];
