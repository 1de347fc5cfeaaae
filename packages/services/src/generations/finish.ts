import { claimGenerations, type GenerationRecord, holdGeneration } from '@hourly/db';
import { runBounded } from '../run-bounded.ts';
import type { ServiceContext } from '../service-context.ts';
import { advanceGeneration, isFinished, submitGeneration, timeOutGeneration } from './advance.ts';
import { finishTestGeneration } from './finish-test.ts';

const atOnce = 8;
/** Longer than the calls for one generation can take. */
const leaseSeconds = 60;
/** When to look again at one that is still being made. */
const nextLookSeconds = 2;

/** What one pass did. */
export interface FinishedGenerations {
  claimed: number;
  finished: number;
  /** The provider did not answer; they come again when their lease is over. */
  failed: number;
}

/**
 * Looks after up to `limit` unfinished generations that nobody waits for: submits those that never were, records the
 * results of the others, and fails those whose 15 minutes are over. Any number of workers may call it at once.
 */
export async function finishGenerations(
  ctx: ServiceContext,
  { limit, signal }: { limit: number; signal?: AbortSignal | undefined },
): Promise<FinishedGenerations> {
  const { generations } = await claimGenerations(ctx.db, { limit, leaseSeconds });
  const done: FinishedGenerations = { claimed: generations.length, finished: 0, failed: 0 };
  await runBounded(generations, {
    atOnce,
    signal,
    work: async (generation) => {
      const now = await attend(ctx, generation);
      if (isFinished(now)) done.finished += 1;
      else await holdGeneration(ctx.db, { generationId: now.id, leaseSeconds: nextLookSeconds });
    },
    onError: (error, { id }) => {
      done.failed += 1;
      ctx.log.warn({ err: error, generationId: id }, 'a generation could not be looked after');
    },
  });
  return done;
}

function attend(ctx: ServiceContext, generation: GenerationRecord): Promise<GenerationRecord> {
  const { jobId } = generation;
  // Left behind by a call that died; never anything for the provider.
  if (generation.mode === 'test') return finishTestGeneration(ctx, generation);
  if (generation.secondsLeft <= 0) return timeOutGeneration(ctx, generation);
  if (jobId === null) return submitGeneration(ctx, generation);
  return advanceGeneration(ctx, { ...generation, jobId });
}
