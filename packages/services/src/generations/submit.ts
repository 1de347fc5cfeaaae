import { type GenerationParams, Refusal } from '@hourly/contract';
import {
  admitGeneration,
  finishGeneration,
  type GenerationRecord,
  holdGeneration,
  type Mutation,
} from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { isFinished, submitGeneration } from './advance.ts';
import { finishTestGeneration } from './finish-test.ts';
import { waitForGeneration } from './wait.ts';

/** How long submitting may take, and then some: a worker must not submit it a second time meanwhile. */
const submitSeconds = 30;

export interface GenerateInput extends Mutation {
  sessionId?: string | undefined;
  prompt: string;
  /** One of the operator's list; without it: the list's first. */
  model?: string | undefined;
  params: GenerationParams;
  /** 0–60: how long to wait for the result. */
  waitSeconds: number;
}

/**
 * Admits a generation, submits it to the provider and waits for it, as long as asked and while `signal` lets it. What is
 * unfinished then is returned as it is and finished by the worker. A replay waits for the same generation.
 *
 * Refuses with what {@link admitGeneration} refuses with, INVALID_INPUT (a model that is not the operator's), or
 * GENERATION_PROVIDER_ERROR: the provider did not take it, and the generation has failed.
 */
export async function generate(
  ctx: ServiceContext,
  input: GenerateInput,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<GenerationRecord> {
  const { waitSeconds } = input;
  const { admitted, generation } = await admitGeneration(ctx.db, {
    ...input,
    prompt: wellFormed(input.prompt),
    model: modelOf(ctx, input.model),
    params: wellFormedParams(input.params),
  });
  if (isFinished(generation)) return generation;
  if (generation.mode === 'test') return finishTestGeneration(ctx, generation);
  if (!admitted) return waitForGeneration(ctx, generation, { waitSeconds, signal });

  const held = {
    generationId: generation.id,
    leaseSeconds: Math.ceil(waitSeconds) + submitSeconds,
  };
  await holdGeneration(ctx.db, held);
  const submitted = await submitOrFail(ctx, generation);
  const waited = await waitForGeneration(ctx, submitted, { waitSeconds, signal });
  if (isFinished(waited)) return waited;
  // Nobody here looks after it any more: the worker may at once.
  return holdGeneration(ctx.db, { generationId: generation.id, leaseSeconds: 0 });
}

async function submitOrFail(
  ctx: ServiceContext,
  generation: GenerationRecord,
): Promise<GenerationRecord> {
  try {
    return await submitGeneration(ctx, generation);
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'GENERATION_PROVIDER_ERROR') {
      await finishGeneration(ctx.db, { generationId: generation.id, result: notTaken });
    }
    throw error;
  }
}

const notTaken = {
  status: 'failed',
  code: 'GENERATION_PROVIDER_ERROR',
  message: 'The provider did not take this generation. Nothing was charged for it.',
} as const;

function modelOf({ models }: ServiceContext, asked: string | undefined): string {
  const model = asked ?? models[0];
  if (model !== undefined && models.includes(model)) return model;
  const message = `must be one of: ${models.join(', ')}`;
  throw new Refusal('INVALID_INPUT', { data: { issues: [{ path: ['model'], message }] } });
}

/** Half of a surrogate pair is legal in JSON and in JavaScript, but no text that Postgres can keep. */
const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

const wellFormedParams = ({ negativePrompt, ...params }: GenerationParams): GenerationParams => ({
  ...params,
  ...(negativePrompt !== undefined && { negativePrompt: wellFormed(negativePrompt) }),
});
