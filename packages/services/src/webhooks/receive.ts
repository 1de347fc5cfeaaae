import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '@hourly/contract';
import { storeWebhookEvent } from '@hourly/db';
import { webhookEnvelope } from '../gateways/razorpay-answers.ts';
import type { ServiceContext } from '../service-context.ts';
import { attemptWebhookEvent } from './attempt.ts';

/** Razorpay counts an answer after 5 s as a failure: https://razorpay.com/docs/webhooks/best-practices */
const processLimitMs = 2000;

/**
 * Takes in an event of the payment provider: verified over the raw body, stored, then processed at once. A failure to
 * process is noted and retried by the event's job; the provider's part ends with the storing, so that it never disables
 * the webhook for a fault of ours.
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
  if (!processed) await withinLimit(attemptWebhookEvent(ctx, { eventId, body }));
  return { eventId, isNew };
}

/** What takes longer goes on, but its answer is not waited for: the event is safe, and the provider in a hurry. */
async function withinLimit(attempt: Promise<unknown>): Promise<void> {
  const limit = new AbortController();
  const isOver = pause(processLimitMs, undefined, { signal: limit.signal, ref: false });
  await Promise.race([attempt, isOver]).finally(() => limit.abort());
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
