import type { Generation, GenerationParams, Page, PageInput } from '@hourly/contract';
import type { Database } from '../connect.ts';
import { call, type Mutation, mutationArgs } from './call.ts';
import { rowId, rowIdOrNull } from './ids.ts';

/** A generation as the database knows it. `output[].url` is a path on our own server. */
export interface GenerationRecord extends Generation {
  accountId: string;
  mode: 'live' | 'test';
  /** The provider's name for the job; null until it was submitted. */
  jobId: string | null;
  /** Seconds left until the generation fails as timed out. */
  secondsLeft: number;
}

/**
 * Admits a generation when the session is active and paid at that instant. `admitted` is false on a replay.
 * In test mode the answer is already finished by the caller through {@link finishGeneration}.
 * Refuses with ACCOUNT_FROZEN, NO_OPEN_SESSION, SESSION_PAUSED or SESSION_ENDED.
 */
export const admitGeneration = (
  db: Database,
  input: Mutation & {
    sessionId?: string | undefined;
    prompt: string;
    model: string;
    params: GenerationParams;
  },
): Promise<{ admitted: boolean; generation: GenerationRecord }> =>
  call(db, 'admit_hourly_generation', [
    input.accountId,
    rowIdOrNull(input.sessionId),
    input.prompt,
    input.model,
    JSON.stringify(input.params),
    ...mutationArgs(input),
  ]);

/** Stores the provider's job of a submitted generation; keeps the first one when two submitters raced. */
export const setGenerationJob = (
  db: Database,
  input: { generationId: string; jobId: string },
): Promise<GenerationRecord> =>
  call(db, 'set_hourly_generation_job', [rowId(input.generationId), input.jobId]);

/** Moves a queued generation to running when the provider has begun. */
export const markGenerationRunning = (
  db: Database,
  input: { generationId: string },
): Promise<GenerationRecord> =>
  call(db, 'mark_hourly_generation_running', [rowId(input.generationId)]);

/** A finished picture, to be kept by us. */
export interface StoredOutput {
  contentType: string;
  width: number;
  height: number;
  body: Buffer;
}

export type GenerationResult =
  | { status: 'completed'; outputs: StoredOutput[] }
  | { status: 'failed'; code: string; message: string }
  | { status: 'cancelled' };

/** Finishes a generation once; a later result changes nothing and answers what it is. */
export const finishGeneration = (
  db: Database,
  input: { generationId: string; result: GenerationResult },
): Promise<GenerationRecord> => {
  const { result } = input;
  const outputs = result.status === 'completed' ? result.outputs : [];
  return call(db, 'finish_hourly_generation', [
    rowId(input.generationId),
    result.status,
    result.status === 'failed' ? result.code : null,
    result.status === 'failed' ? result.message : null,
    outputs.map((output) => output.contentType),
    outputs.map((output) => output.width),
    outputs.map((output) => output.height),
    outputs.map((output) => output.body),
  ]);
};

export const getGeneration = (
  db: Database,
  input: { accountId: string; id: string },
): Promise<GenerationRecord> =>
  call(db, 'get_hourly_generation', [input.accountId, rowId(input.id)]);

export const listGenerations = (
  db: Database,
  input: { accountId: string; page?: PageInput | undefined },
): Promise<Page<GenerationRecord>> =>
  call(db, 'list_hourly_generations', [
    input.accountId,
    input.page?.cursor ?? null,
    input.page?.limit ?? 20,
  ]);

/** Cancels an unfinished generation (one that is finished stays as it is). The caller then cancels the provider's job. */
export const cancelGeneration = (
  db: Database,
  input: Mutation & { id: string },
): Promise<GenerationRecord> =>
  call(db, 'cancel_hourly_generation', [input.accountId, rowId(input.id), ...mutationArgs(input)]);

/**
 * Unfinished live generations that nobody looked after for a while, each claimed for `leaseSeconds`; no other worker
 * sees them meanwhile. Those past their 15 minutes come too, with `secondsLeft` ≤ 0.
 */
export const claimGenerations = (
  db: Database,
  input: { limit: number; leaseSeconds: number },
): Promise<{ generations: GenerationRecord[] }> =>
  call(db, 'claim_hourly_generations', [input.limit, input.leaseSeconds]);

/** The caller looks after this generation for `leaseSeconds` more, so that workers leave it alone. */
export const holdGeneration = (
  db: Database,
  input: { generationId: string; leaseSeconds: number },
): Promise<GenerationRecord> =>
  call(db, 'hold_hourly_generation', [rowId(input.generationId), input.leaseSeconds]);
