import {
  checkPendingRefunds,
  compareBooks,
  retryWebhookEvent,
  type ServiceContext,
  sendRefund,
} from '@hourly/services';
import type { TaskList } from 'graphile-worker';
import { z } from 'zod';

const dayMs = 24 * 60 * 60 * 1000;
/** A payment may be captured three days after it was begun, and lists go by its beginning. */
const comparedDays = 5;

const eventPayload = z.object({ eventId: z.string() });
const refundPayload = z.object({ refundId: z.string() });

/** What the jobs do. Each is safe to do twice; one that throws comes again, later and later. */
export const createTasks = (ctx: ServiceContext): TaskList => ({
  async process_webhook_event(payload) {
    await retryWebhookEvent(ctx, eventPayload.parse(payload));
  },
  async send_refund(payload) {
    await sendRefund(ctx, refundPayload.parse(payload));
  },
  async check_pending_refunds(_payload, { abortSignal }) {
    await checkPendingRefunds(ctx, { signal: abortSignal });
  },
  async compare_books(_payload, { abortSignal }) {
    const to = new Date();
    const from = new Date(to.getTime() - comparedDays * dayMs);
    await compareBooks(ctx, { from, to, signal: abortSignal });
  },
});

/** When jobs are enqueued by the clock, in UTC; a job that is still waiting is not enqueued again. */
export const crontab = [
  '*/10 * * * * check_pending_refunds ?jobKey=check_pending_refunds&max=1',
  '30 3 * * * compare_books ?jobKey=compare_books&fill=1d',
].join('\n');
