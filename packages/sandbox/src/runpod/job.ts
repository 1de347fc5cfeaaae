import { z } from 'zod';
import { drawPicture } from './picture.ts';

const WEBHOOK_ATTEMPTS = 3;
const WEBHOOK_PAUSE_MS = 10_000;

export type JobStatus =
  | 'IN_QUEUE'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'FAILED'
  | 'CANCELLED'
  | 'TIMED_OUT';

/** A job as `/status` shows it. While IN_PROGRESS, `output` is the worker's progress update. */
export interface JobView {
  id: string;
  status: JobStatus;
  delayTime?: number;
  executionTime?: number;
  workerId?: string;
  output?: object;
  error?: string;
}

const inputSchema = z.object({
  prompt: z.string().min(1).max(10_000),
  model: z.string().max(200).default('flux-schnell'),
  width: z.number().min(1).max(8192).default(1024),
  height: z.number().min(1).max(8192).default(1024),
  steps: z.number().min(1).max(200).optional(),
  seed: z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  negative_prompt: z.string().max(10_000).optional(),
  count: z.int().min(1).max(4).default(1),
});
type Input = z.output<typeof inputSchema>;

export interface JobRequest {
  input: unknown;
  webhook?: string | undefined;
  policy?: { executionTimeout?: number | undefined; ttl?: number | undefined } | undefined;
}

/** A job as the queue keeps it. Times in milliseconds. */
export interface Job {
  id: string;
  request: JobRequest;
  status: JobStatus;
  workerId: string;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  durationMs: number;
  resultTtlMs: number;
  output: { images: object[] } | null;
  outputSize: number;
  error: string | null;
  /** Aborts its work when it is cancelled. */
  abort: AbortController;
  /** Resolves when the job has ended. */
  ended: Promise<void>;
  end: () => void;
}

/** Whether nothing more will happen to it. */
export const hasEnded = (job: Job) => !['IN_QUEUE', 'IN_PROGRESS'].includes(job.status);

/** Waits; false when the signal aborted meanwhile. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const onAbort = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** What the API shows of a job. */
export function viewOf(job: Job): JobView {
  const view: JobView = { id: job.id, status: job.status };
  if (job.startedAt === null) return view;
  view.delayTime = job.startedAt - job.createdAt;
  view.workerId = job.workerId;
  if (job.status === 'IN_PROGRESS') {
    const share = (Date.now() - job.startedAt) / Math.max(1, job.durationMs);
    view.output = { progress: Math.min(99, Math.max(0, Math.floor(share * 100))) };
  }
  if (job.endedAt !== null) view.executionTime = job.endedAt - job.startedAt;
  if (job.output) view.output = job.output;
  if (job.error !== null) view.error = job.error;
  return view;
}

/** The input, or why the worker refuses it. RunPod takes any input; its handler fails later. */
export function parseInput(input: unknown): Input | string {
  const parsed = inputSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map((i) => `${i.path.join('.') || 'input'}: ${i.message}`).join('; ');
}

/** The output's pictures: the seeds count up from the first. */
export async function drawAll(
  input: Input,
  seed: number,
  signal: AbortSignal,
): Promise<{ image: string; width: number; height: number; seed: number }[]> {
  const images = [];
  for (let i = 0; i < input.count; i += 1) {
    const picture = await drawPicture({ ...input, seed: seed + i }, signal);
    const image = `data:image/png;base64,${picture.png.toString('base64')}`;
    images.push({ image, width: picture.width, height: picture.height, seed: seed + i });
  }
  return images;
}

/** Tells the job's webhook how it ended: three tries, as RunPod does. */
export async function callWebhook(url: string, view: JobView, signal: AbortSignal): Promise<void> {
  for (let i = 0; i < WEBHOOK_ATTEMPTS; i += 1) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(view),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    }).catch(() => null); // Not reached counts like a refusal: tried again below.
    await response?.body?.cancel();
    if (response?.ok || !(await pause(WEBHOOK_PAUSE_MS, signal))) return;
  }
}
