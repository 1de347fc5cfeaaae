import { EventEmitter } from 'node:events';
import { beatJobWorker, jobSchema, retireJobWorker } from '@hourly/db';
import type { Log, ServiceContext } from '@hourly/services';
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { createLoop, type Loop } from '../loops/loop.ts';
import { settlesWithin } from '../settles-within.ts';

export interface JobRunnerOptions {
  ctx: ServiceContext;
  log: Log;
  tasks: TaskList;
  /** When jobs are enqueued by the clock; default never. */
  crontab?: string;
  /** Jobs at once. */
  concurrency?: number;
  beatIntervalMs?: number;
}

interface Running {
  runner: Runner;
  /** The name under which it locks jobs. */
  workerId: string;
}

/** New jobs are learnt of by notification; this is how soon without one, as behind a transaction pooler. */
const pollIntervalMs = 2000;

/**
 * Works on durable jobs. Its pass starts the runner when there is none, and tells the other workers that this one lives;
 * the jobs of one that was killed are released by the others a minute later.
 */
export function createJobRunner(options: JobRunnerOptions): Loop {
  const { ctx, log, beatIntervalMs = 10_000 } = options;
  let running: Running | null = null;

  const pass = async (): Promise<number> => {
    running ??= await start(options, () => {
      running = null;
    });
    const { released } = await beatJobWorker(ctx.db, { workerId: running.workerId });
    if (released.length > 0) log.warn({ released }, 'released the jobs of silent workers');
    return beatIntervalMs;
  };

  const loop = createLoop({ name: 'jobs', pass, log });
  return {
    ...loop,
    async stop(timeoutMs) {
      const isBeatOver = await loop.stop(timeoutMs);
      if (running === null) return isBeatOver;
      const { runner, workerId } = running;
      const areJobsOver = await settlesWithin(timeoutMs, runner.stop());
      await retireJobWorker(ctx.db, { workerId });
      return isBeatOver && areJobsOver;
    },
  };
}

async function start(
  { ctx, log, tasks, crontab = '', concurrency = 4 }: JobRunnerOptions,
  onEnd: () => void,
): Promise<Running> {
  const events: WorkerEvents = new EventEmitter();
  let workerId: string | undefined;
  events.once('pool:create', ({ workerPool }) => {
    workerId = workerPool.id;
  });
  const runner = await run({
    pgPool: ctx.db.pool,
    schema: jobSchema,
    taskList: tasks,
    crontab,
    concurrency,
    pollInterval: pollIntervalMs,
    noHandleSignals: true,
    // Behind a transaction pooler a statement's name is unknown, or taken, on the connection that comes next.
    noPreparedStatements: true,
    // Without a batch nobody would hear of a report that failed, and that ends a process; with one it ends this runner,
    // and the next pass starts another.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    events,
    logger: loggerOf(log),
  });
  runner.promise.then(onEnd, (error: unknown) => {
    log.error({ err: error }, 'the job runner failed');
    onEnd();
  });
  if (workerId === undefined) throw new Error('the job runner has no name');
  return { runner, workerId };
}

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'debug' } as const;

const loggerOf = (log: Log): Logger =>
  new Logger((scope) => (level, message, meta) => {
    log[levels[level]]({ ...meta, ...scope }, message);
  });
