import { claimWebhookEvents } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { attemptWebhookEvent } from './receive-webhook.ts';

const leaseSeconds = 60;

/** Processes again up to `limit` stored events whose turn has come. */
export async function retryWebhookEvents(
  ctx: ServiceContext,
  { limit, signal }: { limit: number; signal?: AbortSignal | undefined },
): Promise<{ processed: number; failed: number }> {
  const { events } = await claimWebhookEvents(ctx.db, { limit, leaseSeconds });
  let processed = 0;
  let failed = 0;
  for (const event of events) {
    if (signal?.aborted) break;
    if (await attemptWebhookEvent(ctx, event)) processed += 1;
    else failed += 1;
  }
  return { processed, failed };
}
