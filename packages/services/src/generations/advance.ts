import {
  finishGeneration,
  type GenerationRecord,
  type GenerationResult,
  markGenerationRunning,
  setGenerationJob,
} from '@hourly/db';
import type { JobState } from '../gateways/generation-gateway.ts';
import type { ServiceContext } from '../service-context.ts';

export const isFinished = ({ status }: GenerationRecord): boolean =>
  status !== 'queued' && status !== 'running';

/**
 * Submits an admitted generation to the provider and stores its job. Throws GENERATION_PROVIDER_ERROR when the provider
 * does not take it; the generation is then still unfinished.
 */
export async function submitGeneration(
  ctx: ServiceContext,
  generation: GenerationRecord,
): Promise<GenerationRecord> {
  const { prompt, model, params } = generation;
  const { jobId } = await ctx.generator.submit({ prompt, model, params });
  const stored = await setGenerationJob(ctx.db, { generationId: generation.id, jobId });
  // Cancelled meanwhile, or another submitter was first: nobody waits for this job.
  if (isFinished(stored) || stored.jobId !== jobId) await dropJob(ctx, { ...stored, jobId });
  return stored;
}

/**
 * Asks the provider once about a submitted generation and records what it says; fails it as timed out when its time is
 * over. Throws GENERATION_PROVIDER_ERROR when the provider does not answer, which says nothing about the generation.
 */
export async function advanceGeneration(
  ctx: ServiceContext,
  generation: GenerationRecord & { jobId: string },
): Promise<GenerationRecord> {
  if (generation.secondsLeft <= 0) return timeOutGeneration(ctx, generation);
  const state = await ctx.generator.poll(generation.jobId);
  if (state.state === 'queued') return generation;
  if (state.state === 'running') {
    if (generation.status === 'running') return generation;
    return markGenerationRunning(ctx.db, { generationId: generation.id });
  }
  if (state.state === 'failed') {
    const { code, detail } = state;
    ctx.log.warn({ generationId: generation.id, code, detail }, 'a generation failed');
  }
  return finishGeneration(ctx.db, { generationId: generation.id, result: resultOf(state) });
}

/** Fails a generation that took too long, and gives up its job at the provider. */
export async function timeOutGeneration(
  ctx: ServiceContext,
  generation: GenerationRecord,
): Promise<GenerationRecord> {
  await dropJob(ctx, generation);
  return finishGeneration(ctx.db, { generationId: generation.id, result: timedOut });
}

/** Cancels a job whose result nobody wants. That it fails is logged: it costs the operator seconds, and customers nothing. */
export async function dropJob(ctx: ServiceContext, generation: GenerationRecord): Promise<void> {
  const { id: generationId, jobId } = generation;
  if (jobId === null) return;
  try {
    await ctx.generator.cancel(jobId);
  } catch (error) {
    ctx.log.warn({ err: error, generationId, jobId }, 'a job at the provider was not cancelled');
  }
}

const timedOut: GenerationResult = {
  status: 'failed',
  code: 'TIMED_OUT',
  message: 'The generation took longer than 15 minutes. Nothing was charged for it.',
};

function resultOf(state: Exclude<JobState, { state: 'queued' | 'running' }>): GenerationResult {
  switch (state.state) {
    case 'completed':
      return { status: 'completed', outputs: state.outputs };
    case 'failed':
      return { status: 'failed', code: state.code, message: state.message };
    case 'cancelled':
      return { status: 'cancelled' };
    case 'timed_out':
      return timedOut;
    case 'gone':
      return {
        status: 'failed',
        code: 'PROVIDER_RESULT_EXPIRED',
        message: 'The provider no longer had the result. Nothing was charged for it.',
      };
  }
}
