import { setTimeout as sleep } from 'node:timers/promises';
import { type GenerationRecord, getGeneration } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { advanceGeneration, isFinished } from './advance.ts';

const firstPauseMs = 150;
const longestPauseMs = 2_000;

/**
 * Waits until a generation is finished, `waitSeconds` are over or `signal` fires, and returns it as it is then. A
 * provider that does not answer meanwhile is asked again; what stays unfinished is left to the worker.
 */
export async function waitForGeneration(
  ctx: ServiceContext,
  admitted: GenerationRecord,
  options: { waitSeconds: number; signal?: AbortSignal | undefined },
): Promise<GenerationRecord> {
  const deadline = performance.now() + options.waitSeconds * 1000;
  let generation = admitted;
  let pauseMs = firstPauseMs;
  while (!isFinished(generation)) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0 || !(await pause(Math.min(pauseMs, leftMs), options.signal))) break;
    generation = await look(ctx, generation);
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
  }
  return generation;
}

async function look(ctx: ServiceContext, generation: GenerationRecord): Promise<GenerationRecord> {
  const { accountId, id } = generation;
  // Read each time: it may have been submitted, cancelled or finished by someone else.
  const current = await getGeneration(ctx.db, { accountId, id });
  const { jobId } = current;
  if (isFinished(current) || jobId === null) return current;
  try {
    return await advanceGeneration(ctx, { ...current, jobId });
  } catch (error) {
    ctx.log.warn(
      { err: error, generationId: id },
      'the provider did not answer about a generation',
    );
    return current;
  }
}

/** False when the signal ended it. */
async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(durationMs, undefined, { signal });
    return true;
  } catch (error) {
    if (signal?.aborted) return false;
    throw error;
  }
}
