import { beatJobWorker, jobSchema } from '@hourly/db';
import { Logger, runOnce, type TaskList } from 'graphile-worker';
import {
  checkPendingRefunds,
  compareBooks,
  reconcileTopups,
  retryWebhookEvent,
  type ServiceContext,
  sendRefund,
} from '../../../src/index.ts';
import type { Cast } from '../cast.ts';
import type { Accident, Act } from '../chapter.ts';
import { run } from './run.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** As the worker's own daily comparison. */
const comparedDays = 5;

/** The worker's tasks, with the same calls. */
const createTasks = (ctx: ServiceContext): TaskList => ({
  process_webhook_event: (payload) => retryWebhookEvent(ctx, payload as { eventId: string }),
  send_refund: async (payload) => {
    await sendRefund(ctx, payload as { refundId: string });
  },
  check_pending_refunds: async () => {
    await checkPendingRefunds(ctx);
  },
  compare_books: async () => {
    await compareRecent(ctx);
  },
});

async function compareRecent(ctx: ServiceContext) {
  // The provider's clock stands while the acts take their time.
  const to = new Date(Date.now() + 60_000);
  return compareBooks(ctx, { from: new Date(to.getTime() - comparedDays * dayMs), to });
}

const quiet = new Logger(() => () => {});

/** A worker does the jobs that are due, after releasing those of the workers that died. */
export async function work(cast: Cast, act: Act, accident: Accident | null): Promise<void> {
  const { worker } = cast.stage;
  await beatJobWorker(worker, { workerId: 'the living worker' });
  await run(cast, act, { role: 'worker', accident }, (ctx) =>
    runOnce({
      pgPool: worker.pool,
      schema: jobSchema,
      taskList: createTasks(ctx),
      noHandleSignals: true,
      logger: quiet,
    }),
  );
}

export async function reconcile(
  cast: Cast,
  act: Act,
  { accident, all }: { accident: Accident | null; all: boolean },
): Promise<void> {
  await run(cast, act, { role: 'worker', accident }, (ctx) =>
    reconcileTopups(ctx, { limit: 1000, all }),
  );
}

export async function checkRefunds(cast: Cast, act: Act, accident: Accident | null): Promise<void> {
  await run(cast, act, { role: 'worker', accident }, (ctx) => checkPendingRefunds(ctx));
}

export async function compare(cast: Cast, act: Act, accident: Accident | null): Promise<void> {
  const outcome = await run(cast, act, { role: 'worker', accident }, compareRecent);
  if (outcome.is !== 'done') return;
  cast.secondsUncompared = 0;
  cast.isCompared = true;
}
