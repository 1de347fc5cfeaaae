import type { Database } from '../connect.ts';
import { call } from './call.ts';

/** Schema of the durable jobs. */
export const jobSchema = 'hourly_jobs';

/** Says that this worker lives, and releases the jobs of those that have been silent for a minute; answers who they were. */
export const beatJobWorker = (
  db: Database,
  input: { workerId: string },
): Promise<{ released: string[] }> => call(db, 'beat_hourly_job_worker', [input.workerId]);

/** This worker works on no job any more. */
export const retireJobWorker = (
  db: Database,
  input: { workerId: string },
): Promise<Record<string, never>> => call(db, 'retire_hourly_job_worker', [input.workerId]);
