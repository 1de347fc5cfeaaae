import type { Database } from '../connect.ts';
import { call } from './call.ts';

/** An event of the payment provider, as it arrived. */
export interface WebhookEventRecord {
  eventId: string;
  type: string;
  /** The raw body. */
  body: string;
  attempts: number;
}

/** Stores an event before it is answered. `isNew` is false for one that was stored before; `processed` says that nothing is left to do. */
export const storeWebhookEvent = (
  db: Database,
  input: { eventId: string; type: string; body: string },
): Promise<{ isNew: boolean; processed: boolean }> =>
  call(db, 'store_hourly_webhook_event', [input.eventId, input.type, input.body]);

/** Marks an event as processed, or notes the error of an attempt and when to try again. */
export const settleWebhookEvent = (
  db: Database,
  input: { eventId: string; error: string | null },
): Promise<{ processed: boolean }> =>
  call(db, 'settle_hourly_webhook_event', [input.eventId, input.error]);

/** Events whose processing failed or never ended and is due again, each claimed for `leaseSeconds`. */
export const claimWebhookEvents = (
  db: Database,
  input: { limit: number; leaseSeconds: number },
): Promise<{ events: WebhookEventRecord[] }> =>
  call(db, 'claim_hourly_webhook_events', [input.limit, input.leaseSeconds]);
