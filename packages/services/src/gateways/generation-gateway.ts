import type { GenerationParams } from '@hourly/contract';
import type { StoredOutput } from '@hourly/db';

/** What the provider says about a job. */
export type JobState =
  | { state: 'queued' }
  | { state: 'running' }
  | { state: 'completed'; outputs: StoredOutput[] }
  /** `detail` is the provider's own text: for the log, not for customers. */
  | { state: 'failed'; code: string; message: string; detail: string }
  | { state: 'cancelled' }
  | { state: 'timed_out' }
  /** The provider no longer knows it: results are deleted after a while. */
  | { state: 'gone' };

/**
 * The provider that makes pictures. Everything throws a Refusal GENERATION_PROVIDER_ERROR when it does not answer in
 * time or not as expected; that says nothing about the job.
 */
export interface GenerationGateway {
  submit(job: {
    prompt: string;
    model: string;
    params: GenerationParams;
  }): Promise<{ jobId: string }>;
  poll(jobId: string): Promise<JobState>;
  /** A job that is finished or unknown is cancelled enough. */
  cancel(jobId: string): Promise<void>;
}
