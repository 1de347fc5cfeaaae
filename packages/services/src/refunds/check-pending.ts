import { listPendingRefunds } from '@hourly/db';
import { runBounded } from '../run-bounded.ts';
import type { ServiceContext } from '../service-context.ts';
import { sendRefund } from './send.ts';

const olderThanSeconds = 10 * 60;
const limit = 100;
const atOnce = 4;

/** Asks the provider how refunds went that have been on their way for a while: reports about them may have been lost. */
export async function checkPendingRefunds(
  ctx: ServiceContext,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<{ settled: number; failed: number }> {
  const { refunds } = await listPendingRefunds(ctx.db, { olderThanSeconds, limit });
  const done = { settled: 0, failed: 0 };
  await runBounded(refunds, {
    atOnce,
    signal,
    work: async ({ id }) => {
      const { status } = await sendRefund(ctx, { refundId: id });
      if (status !== 'pending') done.settled += 1;
    },
    onError: (error, { id }) => {
      done.failed += 1;
      ctx.log.warn({ err: error, refundId: id }, 'a pending refund could not be checked');
    },
  });
  return done;
}
