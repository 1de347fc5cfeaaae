import { reconcileTopups, type ServiceContext } from '@hourly/services';
import { createLoop, type Loop, type LoopDependencies } from './loop.ts';

export interface ReconciliationOptions extends LoopDependencies {
  ctx: ServiceContext;
  /** Top-ups handled in one pass, at most. */
  limit?: number;
  intervalMs?: number;
}

/**
 * Finds money that was paid without our having heard of it: asks the payment provider about unpaid top-ups. When each is
 * due is written beside it in the database.
 */
export function createReconciliationLoop(options: ReconciliationOptions): Loop {
  const { ctx, log, limit = 50, intervalMs = 5000 } = options;

  const pass = async (signal: AbortSignal): Promise<number> => {
    const topups = await reconcileTopups(ctx, { limit, signal });
    if (topups.credited > 0) log.info(topups, 'reconciled');
    return intervalMs;
  };

  return createLoop({ ...options, name: 'reconciliation', pass });
}
