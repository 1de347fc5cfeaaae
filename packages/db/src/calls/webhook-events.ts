import type { Database } from '../connect.ts';
import { call } from './call.ts';

/** An event of the payment provider, as it arrived. */
export interface WebhookEventRecord {
  eventId: string;
  type: string;
  /** The raw body. */
  body: string;
  receivedAt: string;
  processedAt: string | null;
  attempts: number;
  lastError: string | null;
}

/**
 * Stores an event before it is answered, and with it the job that makes good what the receiver does not get done.
 * `isNew` is false for one that was stored before; `processed` says that nothing is left to do.
 */
export const storeWebhookEvent = (
  db: Database,
  input: { eventId: string; type: string; body: string },
): Promise<{ isNew: boolean; processed: boolean }> =>
  call(db, 'store_hourly_webhook_event', [input.eventId, input.type, input.body]);

/** Marks an event as processed, or notes the error of an attempt; its job tries again. */
export const settleWebhookEvent = (
  db: Database,
  input: { eventId: string; error: string | null },
): Promise<{ processed: boolean }> =>
  call(db, 'settle_hourly_webhook_event', [input.eventId, input.error]);

/** A stored event, whether it was processed or not. */
export const getWebhookEvent = (
  db: Database,
  input: { eventId: string },
): Promise<WebhookEventRecord> => call(db, 'get_hourly_webhook_event', [input.eventId]);
