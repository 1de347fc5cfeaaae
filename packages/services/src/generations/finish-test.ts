import { finishGeneration, type GenerationRecord, type GenerationResult } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { samplePicture } from './sample-picture.ts';

/** Finishes a test account's generation at once with sample pictures; a prompt that contains `[fail]` fails. */
export function finishTestGeneration(
  { db }: Pick<ServiceContext, 'db'>,
  generation: GenerationRecord,
): Promise<GenerationRecord> {
  const result: GenerationResult = generation.prompt.includes('[fail]')
    ? { status: 'failed', code: 'TEST_FAILURE', message: 'The prompt asked for a failure.' }
    : {
        status: 'completed',
        outputs: Array.from({ length: generation.params.count ?? 1 }, samplePicture),
      };
  return finishGeneration(db, { generationId: generation.id, result });
}
