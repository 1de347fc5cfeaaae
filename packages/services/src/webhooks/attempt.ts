import { getWebhookEvent, settleWebhookEvent } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { processWebhookEvent } from './process.ts';

/** Processes a stored event and notes how that went. Answers whether it is done; never throws. */
export async function attemptWebhookEvent(
  ctx: ServiceContext,
  { eventId, body }: { eventId: string; body: string },
): Promise<boolean> {
  try {
    await processWebhookEvent(ctx, body);
  } catch (error) {
    ctx.log.error({ err: error, eventId }, 'a webhook event could not be processed');
    await note(ctx, eventId, describe(error));
    return false;
  }
  return note(ctx, eventId, null);
}

/**
 * Processes a stored event again, also one that was processed before: nothing that it asks for happens twice. Answers
 * whether it is done.
 *
 * Refuses with NOT_FOUND.
 */
export async function replayWebhookEvent(
  ctx: ServiceContext,
  input: { eventId: string },
): Promise<boolean> {
  return attemptWebhookEvent(ctx, await getWebhookEvent(ctx.db, input));
}

/** What cannot even be noted stays due: the event is stored and not marked as processed. */
async function note(ctx: ServiceContext, eventId: string, error: string | null): Promise<boolean> {
  try {
    return (await settleWebhookEvent(ctx.db, { eventId, error })).processed && error === null;
  } catch (cause) {
    ctx.log.error({ err: cause, eventId }, 'the outcome of a webhook event could not be noted');
    return false;
  }
}

function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${error.cause})` : '';
  return `${error}${cause}`.slice(0, 1000);
}
