import { admitGeneration, type GenerationRecord } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';

interface Asked {
  accountId: string;
  now?: string;
  sessionId?: string;
  request?: { key: string; inputHash: string };
}

/** Admits a generation of a plain prompt. */
export const generate = (db: TestDatabase, asked: Asked) =>
  admitGeneration(db, { prompt: 'a lighthouse', model: 'flux-schnell', params: {}, ...asked });

/** Finishes a generation at an instant of the test's choice, which the product never passes. */
export async function finishAt(
  db: TestDatabase,
  generationId: string,
  now: string | null,
  status: 'completed' | 'failed' | 'cancelled' = 'completed',
): Promise<GenerationRecord> {
  const { rows } = await db.pool.query<{ generation: GenerationRecord }>(
    `select finish_hourly_generation($1, $2, $3, $4, '{}', '{}', '{}', '{}', $5) as generation`,
    [
      generationId,
      status,
      status === 'failed' ? 'OUT_OF_MEMORY' : null,
      status === 'failed' ? 'The model ran out of memory.' : null,
      now,
    ],
  );
  const generation = rows[0]?.generation;
  if (generation === undefined) throw new Error('no answer');
  return generation;
}
