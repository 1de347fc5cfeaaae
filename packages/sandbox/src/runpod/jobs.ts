import { randomUUID } from 'node:crypto';
import {
  callWebhook,
  drawAll,
  hasEnded,
  type Job,
  type JobRequest,
  type JobStatus,
  type JobView,
  parseInput,
  pause,
  viewOf,
} from './job.ts';

const JOBS_MAXIMUM = 1_000;
const OUTPUT_CHARACTERS_MAXIMUM = 256 * 1024 * 1024;
const WORKERS = 4;
const SWEEP_INTERVAL_MS = 5_000;
const QUEUED_SHARE = 0.12;
const SLOW_FACTOR = 10;

export interface RunpodJobs {
  submit(request: JobRequest, kind: 'run' | 'runsync'): JobView;
  /** Null when unknown or expired. */
  view(id: string): JobView | null;
  cancel(id: string): JobView | null;
  /** Waits until the job has ended, at most `waitMs` or until the signal aborts. */
  wait(id: string, waitMs: number, signal: AbortSignal): Promise<JobView | null>;
  health(): object;
  stop(): Promise<void>;
}

/** One endpoint's queue and its few workers. Jobs are forgotten when the process ends. */
export function createRunpodJobs(options: {
  generationMs: number;
  runResultTtlMs: number;
  runsyncResultTtlMs: number;
  log: (line: string) => void;
}): RunpodJobs {
  const jobs = new Map<string, Job>();
  const queue: Job[] = [];
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const counts = { completed: 0, failed: 0 };
  const webhooks = new Set<Promise<void>>();
  let outputSize = 0;
  // Pictures are drawn one after another: drawing four at once would finish none sooner.
  let easel: Promise<unknown> = Promise.resolve();

  const forget = (job: Job) => {
    if (!jobs.delete(job.id)) return;
    outputSize -= job.outputSize;
    if (!hasEnded(job)) finish(job, { status: 'CANCELLED' });
  };

  const sweep = () => {
    const now = Date.now();
    for (const job of jobs.values()) {
      const ttl = job.request.policy?.ttl;
      const isOld = job.endedAt !== null && now - job.endedAt > job.resultTtlMs;
      if (isOld || (ttl !== undefined && now - job.createdAt > ttl)) forget(job);
    }
    for (const job of jobs.values()) {
      if (jobs.size <= JOBS_MAXIMUM && outputSize <= OUTPUT_CHARACTERS_MAXIMUM) break;
      forget(job);
    }
  };

  const finish = (job: Job, end: { status: JobStatus; error?: string; output?: Job['output'] }) => {
    if (hasEnded(job)) return;
    job.status = end.status;
    job.endedAt = Date.now();
    job.error = end.error ?? null;
    job.output = end.output ?? null;
    job.abort.abort();
    job.end();
    if (end.status === 'COMPLETED') counts.completed += 1;
    else if (end.status !== 'CANCELLED') counts.failed += 1;
    options.log(`generation ${job.id} ${job.status}`);
    const { webhook } = job.request;
    if (webhook === undefined || stopping.signal.aborted) return;
    const call = callWebhook(webhook, viewOf(job), stopping.signal);
    webhooks.add(call);
    void call.finally(() => webhooks.delete(call));
  };

  const work = async (job: Job) => {
    const { signal } = job.abort;
    job.status = 'IN_PROGRESS';
    job.startedAt = Date.now();
    const input = parseInput(job.request.input);
    if (typeof input === 'string') return finish(job, { status: 'FAILED', error: input });

    const timeoutMs = job.request.policy?.executionTimeout ?? Number.POSITIVE_INFINITY;
    if (job.durationMs > timeoutMs) {
      if (await pause(timeoutMs, signal)) finish(job, { status: 'TIMED_OUT' });
      return;
    }
    if (input.prompt.includes('[fail]')) {
      const error = 'The model failed: the prompt asked it to.';
      if (await pause(job.durationMs / 2, signal)) finish(job, { status: 'FAILED', error });
      return;
    }
    const seed = input.seed ?? Math.floor(Math.random() * 2 ** 31);
    const drawing = easel.then(() => drawAll(input, seed, signal));
    easel = drawing.catch(() => {}); // The next one draws whatever became of this one.
    const [images] = await Promise.all([drawing, pause(job.durationMs, signal)]);
    if (hasEnded(job)) return;
    job.outputSize = images.reduce((sum, image) => sum + image.image.length, 0);
    outputSize += job.outputSize;
    finish(job, { status: 'COMPLETED', output: { images } });
    sweep();
  };

  const pump = () => {
    while (running.size < WORKERS && queue.length > 0 && !stopping.signal.aborted) {
      const job = queue.shift();
      if (!job || hasEnded(job)) continue;
      const run = (async () => {
        if (!(await pause(options.generationMs * QUEUED_SHARE, job.abort.signal))) return;
        await work(job);
      })().catch((error: unknown) => {
        if (!hasEnded(job)) finish(job, { status: 'FAILED', error: String(error) });
      });
      running.add(run);
      void run.finally(() => {
        running.delete(run);
        pump();
      });
    }
  };

  const sweeper = setInterval(sweep, SWEEP_INTERVAL_MS);
  const find = (id: string) => {
    sweep();
    return jobs.get(id) ?? null;
  };

  return {
    submit(request, kind) {
      const prompt = (request.input as { prompt?: unknown } | null)?.prompt;
      const isSlow = typeof prompt === 'string' && prompt.includes('[slow]');
      const workMs = options.generationMs * (1 - QUEUED_SHARE);
      let end = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const job: Job = {
        id: `${kind === 'run' ? '' : 'sync-'}${randomUUID()}-u1`,
        request,
        status: 'IN_QUEUE',
        workerId: `sandbox-${Math.floor(Math.random() * WORKERS)}`,
        createdAt: Date.now(),
        startedAt: null,
        endedAt: null,
        durationMs: workMs * (isSlow ? SLOW_FACTOR : 1),
        resultTtlMs: kind === 'run' ? options.runResultTtlMs : options.runsyncResultTtlMs,
        output: null,
        outputSize: 0,
        error: null,
        abort: new AbortController(),
        ended,
        end,
      };
      jobs.set(job.id, job);
      queue.push(job);
      sweep();
      pump();
      return viewOf(job);
    },
    view(id) {
      const job = find(id);
      return job && viewOf(job);
    },
    cancel(id) {
      const job = find(id);
      if (job) finish(job, { status: 'CANCELLED' });
      return job && viewOf(job);
    },
    async wait(id, waitMs, signal) {
      const job = find(id);
      if (!job) return null;
      const until = AbortSignal.any([signal, job.abort.signal]);
      await Promise.race([job.ended, pause(waitMs, until)]);
      return viewOf(job);
    },
    health() {
      const all = [...jobs.values()];
      const inProgress = all.filter((job) => job.status === 'IN_PROGRESS').length;
      const inQueue = all.filter((job) => job.status === 'IN_QUEUE').length;
      const busy = running.size;
      return {
        jobs: { ...counts, inProgress, inQueue, retried: 0 },
        workers: {
          idle: WORKERS - busy,
          initializing: 0,
          ready: WORKERS - busy,
          running: busy,
          throttled: 0,
          unhealthy: 0,
        },
      };
    },
    async stop() {
      stopping.abort();
      clearInterval(sweeper);
      for (const job of jobs.values()) finish(job, { status: 'CANCELLED' });
      await Promise.all([...running, ...webhooks]);
    },
  };
}
