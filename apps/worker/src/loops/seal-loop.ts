import { type Database, sealLedger } from '@hourly/db';
import { createLoop, type Loop, type LoopDependencies } from './loop.ts';

export interface SealOptions extends LoopDependencies {
  db: Database;
  /** Accounts looked at by one call, at most. */
  batchSize?: number;
  /** Calls in one pass, at most: the sweep goes on in the next pass, which follows at once. */
  maxBatches?: number;
  /** From the beginning of one sweep over all accounts to the beginning of the next. */
  intervalMs?: number;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

interface Sweep {
  afterAccountId: string | undefined;
  seals: number;
  entries: number;
}

/**
 * Seals what was written to the ledger since the last sweep, from the first account to the last. Sealing late costs
 * nobody anything: until then only whoever can write to the ledger past its guards could change an entry unseen.
 */
export function createSealLoop(options: SealOptions): Loop {
  const { db, log, batchSize = 1000, maxBatches = 20, intervalMs = 3_600_000 } = options;
  const now = options.now ?? (() => performance.now());
  let sweep: Sweep | null = null;
  let nextSweepAt = now();

  const pass = async (signal: AbortSignal): Promise<number> => {
    if (sweep === null) {
      if (now() < nextSweepAt) return nextSweepAt - now();
      nextSweepAt = now() + intervalMs;
      sweep = { afterAccountId: undefined, seals: 0, entries: 0 };
    }
    for (let batch = 0; batch < maxBatches && !signal.aborted; batch += 1) {
      const { afterAccountId } = sweep;
      const sealed = await sealLedger(db, { afterAccountId, limit: batchSize });
      sweep.seals += sealed.seals;
      sweep.entries += sealed.entries;
      if (sealed.nextAccountId === null) {
        const { seals, entries } = sweep;
        if (seals > 0) log.info({ seals, entries }, 'sealed');
        sweep = null;
        return nextSweepAt - now();
      }
      sweep.afterAccountId = sealed.nextAccountId;
    }
    return 0;
  };

  return createLoop({ ...options, name: 'seals', pass });
}
