import { createHmac } from 'node:crypto';
import { razorpayId } from '../../ids.ts';

/** For how long after its first attempt a delivery is tried again. */
const RETRIED_FOR_MS = 24 * 3600 * 1000;
const ATTEMPTS_SHOWN = 50;

/** Every event the stand-in knows, as https://razorpay.com/docs/webhooks/all names them. */
export const EVENTS = [
  'payment.authorized',
  'payment.captured',
  'payment.failed',
  'order.paid',
  'refund.created',
  'refund.processed',
  'refund.failed',
  'payment.dispute.created',
  'payment.dispute.under_review',
  'payment.dispute.action_required',
  'payment.dispute.won',
  'payment.dispute.lost',
  'payment.dispute.closed',
] as const;
export type EventName = (typeof EVENTS)[number];

export interface Attempt {
  at: string;
  /** The receiver's HTTP status; null when none came. */
  status: number | null;
  error: string | null;
}

/** One delivery of one event. A duplicate is a second delivery with the same event id. */
export interface Delivery {
  id: string;
  /** Sent as `x-razorpay-event-id`: the same in every attempt and every duplicate. */
  eventId: string;
  event: EventName;
  orderId: string | null;
  paymentId: string | null;
  /**
   * `failed`: given up after 24 hours. `dropped`: never sent, as ordered. `held`: waits for its
   * release. `skipped`: happened while the webhook was disabled.
   */
  status: 'pending' | 'held' | 'delivered' | 'failed' | 'dropped' | 'skipped';
  attemptCount: number;
  /** The newest attempts. */
  attempts: Attempt[];
  nextAttemptAt: string | null;
  /** After this instant it is not tried again; null until it has been tried once. */
  expiresAt: string | null;
  createdAt: string;
  /** The exact bytes sent, which the signature covers. */
  body: string;
  /** Made with the secret of the time when the event happened, however late it is sent. */
  signature: string;
}

/** Something that happened, with its entities as they were then. */
export interface Announcement {
  event: EventName;
  /** Goes to `payload.<name>.entity`; the names, in this order, become `contains`. */
  entities: Record<string, { id: string }>;
}

/** Hex HMAC-SHA256 of the raw body, as in the header `X-Razorpay-Signature`. */
export function webhookSignature(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function envelope({ event, entities }: Announcement, seconds: number): string {
  const payload: Record<string, { entity: object }> = {};
  for (const [name, entity] of Object.entries(entities)) payload[name] = { entity };
  return JSON.stringify({
    entity: 'event',
    account_id: 'acc_HourlySandbox1',
    event,
    contains: Object.keys(payload),
    payload,
    created_at: seconds,
  });
}

function orderIdOf(entities: Announcement['entities']): string | null {
  const payment = entities.payment as { order_id?: string | null } | undefined;
  return entities.order?.id ?? payment?.order_id ?? null;
}

/** A delivery that has not been given a time yet. */
export function newDelivery(
  announcement: Announcement,
  about: { eventId: string; secret: string; nowMs: number; status: Delivery['status'] },
): Delivery {
  const body = envelope(announcement, Math.floor(about.nowMs / 1000));
  return {
    id: razorpayId('dlv'),
    eventId: about.eventId,
    event: announcement.event,
    orderId: orderIdOf(announcement.entities),
    paymentId: announcement.entities.payment?.id ?? null,
    status: about.status,
    attemptCount: 0,
    attempts: [],
    nextAttemptAt: null,
    expiresAt: null,
    createdAt: new Date(about.nowMs).toISOString(),
    body,
    signature: webhookSignature(body, about.secret),
  };
}

/** The delivery, to be sent at `atMs` and tried again for 24 hours from its first attempt. */
export function dueAt(delivery: Delivery, atMs: number): Delivery {
  const nextAttemptAt = new Date(atMs).toISOString();
  return { ...delivery, status: 'pending', nextAttemptAt, expiresAt: null };
}

/**
 * The delivery after an attempt: done, due again after a pause that doubles each time, or given
 * up. The last attempt is made when the 24 hours end.
 */
export function afterAttempt(
  delivery: Delivery,
  outcome: { status: number | null; error: string | null },
  about: { nowMs: number; retryBaseMs: number; retryLongestMs: number },
): Delivery {
  const attemptCount = delivery.attemptCount + 1;
  const attempt: Attempt = { at: new Date(about.nowMs).toISOString(), ...outcome };
  const attempts = [...delivery.attempts, attempt].slice(-ATTEMPTS_SHOWN);
  const expiresAt = delivery.expiresAt ?? new Date(about.nowMs + RETRIED_FOR_MS).toISOString();
  const ended = { ...delivery, attemptCount, attempts, nextAttemptAt: null, expiresAt };
  const { status } = outcome;
  if (status !== null && status >= 200 && status < 300) return { ...ended, status: 'delivered' };

  const expiresMs = Date.parse(expiresAt);
  if (about.nowMs >= expiresMs) return { ...ended, status: 'failed' };
  const pauseMs = Math.min(about.retryLongestMs, about.retryBaseMs * 2 ** (attemptCount - 1));
  const nextMs = Math.min(about.nowMs + pauseMs, expiresMs);
  return { ...ended, nextAttemptAt: new Date(nextMs).toISOString() };
}
