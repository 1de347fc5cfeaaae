import type { Clock } from '../../clock.ts';
import { razorpayId } from '../../ids.ts';
import { shuffled } from '../../random.ts';
import type { Shelf } from '../../table.ts';
import {
  type Announcement,
  afterAttempt,
  type Delivery,
  dueAt,
  newDelivery,
  webhookSignature,
} from './delivery.ts';
import type { Announcing, Manner, Manners } from './manner.ts';
import type { WebhookReceiver } from './receiver.ts';
import { createSender } from './sender.ts';
import type { Subscription } from './subscription.ts';

const DELIVERIES_MAXIMUM = 20_000;

export type ReleaseOrder = 'created' | 'reverse' | 'random';

export interface Release {
  /** These, in this order; otherwise all that are held, in `order`. */
  ids?: readonly string[] | undefined;
  order?: ReleaseOrder | undefined;
  /** For `random`. Default 1. */
  seed?: number | undefined;
}

export interface DeliveryFilter {
  event?: string | undefined;
  orderId?: string | undefined;
  paymentId?: string | undefined;
  eventId?: string | undefined;
  status?: string | undefined;
}

export interface Webhooks {
  /** Announces what one act brought about, in the order it happened. */
  announce(announcements: readonly Announcement[], wanted?: Announcing): void;
  /** Newest first, made as it is read. */
  list(filter?: DeliveryFilter): Iterable<Delivery>;
  get(id: string): Delivery | undefined;
  /** How many are being sent at this moment. */
  inFlightCount(): number;
  /** Sends a delivery once more, whatever became of it. False when there is none. */
  resend(id: string): boolean;
  /** Lets held ones go, one after another; answers their ids in that order. */
  release(release: Release): string[];
  /** Enables the webhook; what had its 24 hours meanwhile has failed, the rest goes on. */
  enable(): void;
  /** Forgets what waits in memory and whatever is under way; the tables are the shelf's. */
  clear(): void;
  /** Takes up what was pending before a restart. */
  start(): void;
  /** Stops; what is under way counts as not delivered. */
  stop(): Promise<void>;
}

export interface WebhooksOptions {
  shelf: Shelf;
  clock: Clock;
  subscription: Subscription;
  manners: Manners;
  receiver: WebhookReceiver | undefined;
  timeoutMs: number;
  retryBaseMs: number;
  retryLongestMs: number;
  log: (line: string) => void;
}

/**
 * The sender of webhooks: at once, then with doubling pauses until a 2xx comes, for 24 hours; then
 * the webhook is disabled (https://razorpay.com/docs/webhooks/best-practices). Pending ones wait
 * while there is no receiver or the webhook is disabled.
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { clock, subscription } = options;
  const deliveries = options.shelf.table<Delivery, 'order' | 'payment'>(
    'delivery',
    DELIVERIES_MAXIMUM,
    { order: (row) => row.orderId, payment: (row) => row.paymentId },
  );

  const settle = (delivery: Delivery, outcome: { status: number | null; error: string | null }) => {
    const about = { ...options, nowMs: clock.nowMs() };
    const after = deliveries.put(afterAttempt(delivery, outcome, about));
    options.log(`webhook ${after.event} ${after.eventId} ${outcome.status ?? outcome.error}`);
    if (after.status === 'failed') {
      subscription.disable(after.id);
      options.log(`webhook disabled: ${after.event} ${after.eventId} failed for 24 hours`);
    }
  };

  const sender = createSender({ ...options, get: deliveries.get, settle });

  const schedule = (delivery: Delivery, atMs: number) =>
    sender.add(deliveries.put(dueAt(delivery, atMs)));

  /** One after another: each goes once the one before it has been tried. */
  const scheduleChain = (chain: readonly Delivery[], atMs: number) => {
    for (const [nth, delivery] of chain.entries()) {
      const before = chain[nth - 1];
      const due = deliveries.put(dueAt(delivery, atMs));
      if (before) sender.addAfter(before.id, due);
      else sender.add(due);
    }
  };

  const make = (announcement: Announcement, eventId: string, status: Delivery['status']) => {
    const about = { eventId, secret: subscription.secret, nowMs: clock.nowMs(), status };
    return newDelivery(announcement, about);
  };

  /** Gives one event its deliveries; those of a reordered act are answered instead. */
  const enter = (announcement: Announcement, { mode, lateMs }: Manner): Delivery | null => {
    const eventId = razorpayId('evt').slice('evt_'.length);
    if (!subscription.isEnabled) deliveries.put(make(announcement, eventId, 'skipped'));
    else if (mode === 'drop') deliveries.put(make(announcement, eventId, 'dropped'));
    else if (mode === 'hold') deliveries.put(make(announcement, eventId, 'held'));
    else if (mode === 'reorder') return make(announcement, eventId, 'pending');
    else {
      const firstMs = clock.nowMs() + (mode === 'late' ? lateMs : 0);
      schedule(make(announcement, eventId, 'pending'), firstMs);
      const copyMs = clock.nowMs() + lateMs;
      if (mode === 'duplicate') schedule(make(announcement, eventId, 'pending'), copyMs);
    }
    return null;
  };

  function* list(filter: DeliveryFilter = {}): Iterable<Delivery> {
    const { orderId, paymentId } = filter;
    const rows =
      paymentId !== undefined
        ? deliveries.where('payment', paymentId)
        : orderId !== undefined
          ? deliveries.where('order', orderId)
          : deliveries.newestFirst();
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
    for (const row of rows) {
      if (wanted.every(([name, value]) => row[name as keyof DeliveryFilter] === value)) yield row;
    }
  }

  const pending = () => [...deliveries.oldestFirst()].filter(({ status }) => status === 'pending');

  const toRelease = ({ ids, order = 'created', seed = 1 }: Release): Delivery[] => {
    if (ids) {
      const named = ids.map((id) => deliveries.get(id)).filter((one) => one !== undefined);
      return named.filter(({ status }) => status === 'held');
    }
    const held = [...list({ status: 'held' })];
    if (order === 'reverse') return held;
    held.reverse();
    return order === 'random' ? shuffled(held, seed) : held;
  };

  return {
    announce(announcements, wanted = {}) {
      const reordered: Delivery[] = [];
      for (const announcement of announcements) {
        if (!subscription.wants(announcement.event)) continue;
        const chosen = options.manners.choose(announcement.event, wanted);
        const delivery = enter(announcement, chosen);
        if (delivery) reordered.push(delivery);
      }
      scheduleChain(reordered.reverse(), clock.nowMs());
      clock.wake();
    },
    list,
    get: deliveries.get,
    inFlightCount: sender.inFlightCount,
    resend(id) {
      const delivery = deliveries.get(id);
      if (!delivery) return false;
      schedule({ ...delivery, attemptCount: 0 }, clock.nowMs());
      clock.wake();
      return true;
    },
    release(release) {
      const chain = toRelease(release);
      scheduleChain(chain, clock.nowMs());
      clock.wake();
      return chain.map(({ id }) => id);
    },
    enable() {
      for (const delivery of pending()) {
        const hasExpired =
          delivery.expiresAt !== null && Date.parse(delivery.expiresAt) <= clock.nowMs();
        if (hasExpired) deliveries.put({ ...delivery, status: 'failed', nextAttemptAt: null });
      }
      subscription.enable();
      clock.wake();
    },
    clear: sender.clear,
    start() {
      for (const delivery of pending()) {
        // A journal of an older version has no signatures.
        const signature =
          delivery.signature ?? webhookSignature(delivery.body, subscription.secret);
        const atMs = Date.parse(delivery.nextAttemptAt ?? delivery.createdAt);
        // Nothing was tried while the stand-in was down: by real time, the 24 hours begin anew.
        const expiresAt = clock.isManual() ? (delivery.expiresAt ?? null) : null;
        sender.add(deliveries.put({ ...dueAt(delivery, atMs), expiresAt, signature }));
      }
      sender.start();
    },
    stop: sender.stop,
  };
}
