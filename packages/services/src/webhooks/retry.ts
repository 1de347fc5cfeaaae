import { getWebhookEvent } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { attemptWebhookEvent } from './attempt.ts';

/**
 * The job of a stored event: processes it unless that is done already.
 * @throws when it could not be processed, so that the job comes again
 */
export async function retryWebhookEvent(
  ctx: ServiceContext,
  { eventId }: { eventId: string },
): Promise<void> {
  const event = await getWebhookEvent(ctx.db, { eventId });
  if (event.processedAt !== null) return;
  if (!(await attemptWebhookEvent(ctx, event))) {
    throw new Error(`the webhook event ${eventId} could not be processed`);
  }
}
