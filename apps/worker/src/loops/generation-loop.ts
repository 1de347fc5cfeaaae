import { finishGenerations, type ServiceContext } from '@hourly/services';
import { createLoop, type Loop, type LoopDependencies } from './loop.ts';

export interface GenerationOptions extends LoopDependencies {
  ctx: ServiceContext;
  /** Generations looked after in one pass, at most. */
  limit?: number;
  intervalMs?: number;
}

/**
 * Finishes what nobody waits for: hands admitted generations to the provider, asks about the running ones, and fails
 * those that have had their 15 minutes.
 */
export function createGenerationLoop(options: GenerationOptions): Loop {
  const { ctx, limit = 50, intervalMs = 1000 } = options;

  const pass = async (signal: AbortSignal): Promise<number> => {
    await finishGenerations(ctx, { limit, signal });
    return intervalMs;
  };

  return createLoop({ ...options, name: 'generations', pass });
}
