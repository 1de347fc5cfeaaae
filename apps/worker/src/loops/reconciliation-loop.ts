import { reconcileTopups, retryWebhookEvents, type ServiceContext } from '@hourly/services';
import { createLoop, type Loop, type LoopDependencies } from './loop.ts';

export interface ReconciliationOptions extends LoopDependencies {
  ctx: ServiceContext;
  /** Top-ups, and events, handled in one pass, at most. */
  limit?: number;
  intervalMs?: number;
}

/**
 * Finds money that was paid without our having heard of it: asks the payment provider about unpaid top-ups, and
 * processes again the events whose processing failed. When each is due is written beside it in the database.
 */
export function createReconciliationLoop(options: ReconciliationOptions): Loop {
  const { ctx, log, limit = 50, intervalMs = 5000 } = options;

  const pass = async (signal: AbortSignal): Promise<number> => {
    // Each goes on without the other: the provider being down must not hold up events that are here already.
    const [topups, events] = await Promise.allSettled([
      reconcileTopups(ctx, { limit, signal }),
      retryWebhookEvents(ctx, { limit, signal }),
    ]);
    if (topups.status === 'rejected') throw topups.reason;
    if (events.status === 'rejected') throw events.reason;
    if (topups.value.credited > 0 || events.value.processed > 0) {
      log.info({ topups: topups.value, events: events.value }, 'reconciled');
    }
    return intervalMs;
  };

  return createLoop({ ...options, name: 'reconciliation', pass });
}
