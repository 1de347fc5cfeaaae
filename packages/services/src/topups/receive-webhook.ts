import { createHash } from 'node:crypto';
import { Refusal } from '@hourly/contract';
import { settleWebhookEvent, storeWebhookEvent } from '@hourly/db';
import { webhookEnvelope } from '../gateways/razorpay-answers.ts';
import type { ServiceContext } from '../service-context.ts';
import { processWebhookEvent } from './process-webhook-event.ts';

/**
 * Takes in an event of the payment provider: verified over the raw body, stored, then processed at once. A failure to
 * process is noted and retried by {@link retryWebhookEvents}; the provider's part ends with the storing, so that it never
 * disables the webhook for a fault of ours.
 *
 * Refuses with INVALID_SIGNATURE, and then nothing is stored; throws when it could not be stored.
 */
export async function receiveWebhook(
  ctx: ServiceContext,
  input: { rawBody: Uint8Array; signature: string | null; eventId: string | null },
): Promise<{ eventId: string; isNew: boolean }> {
  const { rawBody, signature } = input;
  if (signature === null || !ctx.payments.isWebhookSignature({ rawBody, signature })) {
    throw new Refusal('INVALID_SIGNATURE');
  }
  const body = Buffer.from(rawBody).toString('utf8');
  const eventId = input.eventId || `sha256:${createHash('sha256').update(rawBody).digest('hex')}`;
  const { isNew, processed } = await storeWebhookEvent(ctx.db, {
    eventId,
    type: typeOf(body),
    body,
  });
  if (!processed) await attemptWebhookEvent(ctx, { eventId, body });
  return { eventId, isNew };
}

/** Processes a stored event and notes how that went. Answers whether it is done. */
export async function attemptWebhookEvent(
  ctx: ServiceContext,
  { eventId, body }: { eventId: string; body: string },
): Promise<boolean> {
  try {
    await processWebhookEvent(ctx, body);
  } catch (error) {
    ctx.log.error({ err: error, eventId }, 'a webhook event could not be processed');
    await settleQuietly(ctx, eventId, describe(error));
    return false;
  }
  return settleQuietly(ctx, eventId, null);
}

/** What cannot even be noted stays due: the event is stored and not marked as processed. */
async function settleQuietly(
  ctx: ServiceContext,
  eventId: string,
  error: string | null,
): Promise<boolean> {
  try {
    return (await settleWebhookEvent(ctx.db, { eventId, error })).processed;
  } catch (cause) {
    ctx.log.error({ err: cause, eventId }, 'the outcome of a webhook event could not be noted');
    return false;
  }
}

function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${error.cause})` : '';
  return `${error}${cause}`.slice(0, 1000);
}

/** The event's own name for its type; `unreadable` when it has none. */
function typeOf(body: string): string {
  try {
    const parsed = webhookEnvelope.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data.event : 'unreadable';
  } catch (error) {
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}
