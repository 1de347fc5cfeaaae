import { cancelGeneration as cancelStored, type GenerationRecord, type Mutation } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { dropJob } from './advance.ts';

/** Cancels an unfinished generation, here first and then at the provider; a finished one stays as it is. */
export async function cancelGeneration(
  ctx: ServiceContext,
  input: Mutation & { id: string },
): Promise<GenerationRecord> {
  const generation = await cancelStored(ctx.db, input);
  if (generation.status === 'cancelled') await dropJob(ctx, generation);
  return generation;
}
