import { createServiceContext } from '@hourly/services';
import { pino } from 'pino';
import { EnvError, type WorkerEnv, workerEnv } from './env.ts';
import { createJobRunner } from './jobs/job-runner.ts';
import { createTasks, crontab } from './jobs/tasks.ts';
import { createGenerationLoop } from './loops/generation-loop.ts';
import { createReconciliationLoop } from './loops/reconciliation-loop.ts';
import { createSealLoop } from './loops/seal-loop.ts';
import { createSettlementLoop } from './loops/settlement-loop.ts';
import { createWorker } from './worker.ts';

/** On top of the loops' own limit: the time that closing the connections may take. */
const closeLimitMs = 2000;

function run(env: WorkerEnv): void {
  const log = pino({ name: 'worker', level: env.logLevel });
  const ctx = createServiceContext(env, { role: 'hourly_worker', log });
  const worker = createWorker({
    loops: [
      createSettlementLoop({ db: ctx.db, log, tickIntervalMs: env.tickIntervalMs }),
      createGenerationLoop({ ctx, log }),
      createReconciliationLoop({ ctx, log }),
      createSealLoop({ db: ctx.db, log }),
      createJobRunner({ ctx, log, tasks: createTasks(ctx), crontab }),
    ],
    close: () => ctx.db.close(),
    log,
    stopLimitMs: env.stopLimitMs,
  });

  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // A terminal's Ctrl-C and a supervisor both send one.
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    // Does not keep the process alive: it ends by itself as soon as nothing is left to do.
    setTimeout(() => {
      log.error({}, 'still not stopped, giving up');
      process.exit(1);
    }, env.stopLimitMs + closeLimitMs).unref();
    worker.stop().then(
      () => log.info({}, 'stopped'),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exitCode = 1;
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  worker.start();
}

try {
  run(workerEnv());
} catch (error) {
  if (!(error instanceof EnvError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
