import { z } from 'zod';
import { id, instant, mutationFields, text } from './common.ts';

export const generationStatus = z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']);

const pixels = z.int().min(64).max(1536);

/** What may be asked of a model. Closed: nothing else is passed on to the provider. */
export const generationParams = z.strictObject({
  width: pixels.optional(),
  height: pixels.optional(),
  steps: z.int().min(1).max(100).optional(),
  seed: z.int().min(0).max(4_294_967_295).optional(),
  negativePrompt: text.max(4000).optional(),
  count: z.int().min(1).max(4).optional(),
});
export type GenerationParams = z.infer<typeof generationParams>;

export const generationOutput = z.object({
  /** Serves the picture to its owner only: same credentials as the API. */
  url: z.string(),
  contentType: z.string(),
  width: z.int(),
  height: z.int(),
});
export type GenerationOutput = z.infer<typeof generationOutput>;

export const generation = z.object({
  id,
  sessionId: id,
  status: generationStatus,
  prompt: z.string(),
  model: z.string(),
  params: generationParams,
  output: z.array(generationOutput).nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: instant,
  completedAt: instant.nullable(),
});
export type Generation = z.infer<typeof generation>;

export const generateInput = z.strictObject({
  sessionId: id.optional(),
  prompt: text.max(4000).refine((value) => value.trim() !== '', { error: 'must not be empty' }),
  /** One of the operator's list; without it: the list's first. */
  model: z.string().min(1).max(100).optional(),
  params: generationParams.default({}),
  /** How long the call waits for the output before it returns the generation unfinished. */
  waitSeconds: z.number().min(0).max(60).default(25),
  ...mutationFields,
});
export type GenerateInput = z.infer<typeof generateInput>;

export const byIdInput = z.strictObject({ id });
export type ByIdInput = z.infer<typeof byIdInput>;

export const cancelGenerationInput = z.strictObject({ id, ...mutationFields });
export type CancelGenerationInput = z.infer<typeof cancelGenerationInput>;
