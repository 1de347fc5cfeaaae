import type { Clock } from '../../clock.ts';
import { problem } from '../../http.ts';
import type { Delivery, EventName } from './delivery.ts';
import { type MannerInput, type Manners, mannerSchema } from './manner.ts';
import type { Subscription, SubscriptionView } from './subscription.ts';
import type { DeliveryFilter, Release, Webhooks } from './webhooks.ts';

const DELIVERIES_SHOWN = 500;
const SETTLE_LIMIT_MS = 30_000;

export interface WebhookControls {
  /** Where events go, which are active, and whether the webhook is enabled. */
  settings(): SubscriptionView & { manner: ReturnType<Manners['view']> };
  setUrl(url: string | undefined): void;
  /** Signs what happens from now on. What happened before keeps the old secret's signature. */
  setSecret(secret: string): void;
  /** Null: all but `payment.authorized`. Events that aren't active are not even recorded. */
  setEvents(events: readonly EventName[] | null): void;
  /** What happens while it is disabled is `skipped` for good. */
  disable(): void;
  enable(): void;
  /** How all events are announced whose act doesn't say; replaces what was set before. */
  setManner(manner: MannerInput): void;
  /** Newest first, at most `count` (500) after the first `skip`. */
  list(filter?: DeliveryFilter, page?: { count?: number; skip?: number }): Delivery[];
  /** Once more, whatever became of it. */
  resend(deliveryId: string): void;
  /** Lets held ones go, one after another, and waits until each has been tried. */
  release(release?: Release, limitMs?: number): Promise<string[]>;
  /** Waits until everything that is due by now has been tried. */
  settled(limitMs?: number): Promise<void>;
}

export function createWebhookControls(options: {
  webhooks: Webhooks;
  subscription: Subscription;
  manners: Manners;
  clock: Clock;
}): WebhookControls {
  const { webhooks, subscription, manners, clock } = options;
  return {
    settings: () => ({ ...subscription.view(), manner: manners.view() }),
    setUrl(url) {
      subscription.setUrl(url);
      clock.wake();
    },
    setSecret(secret) {
      if (secret === '') throw problem(400, 'BAD_REQUEST_ERROR', 'The secret is empty.');
      subscription.setSecret(secret);
    },
    setEvents: subscription.setEvents,
    disable: () => subscription.disable('manual'),
    enable: webhooks.enable,
    setManner: (manner) => manners.set(mannerSchema.parse(manner)),
    list(filter, { count = DELIVERIES_SHOWN, skip = 0 } = {}) {
      const found: Delivery[] = [];
      let left = skip;
      for (const delivery of webhooks.list(filter)) {
        if (found.length >= Math.min(count, DELIVERIES_SHOWN)) break;
        if (left > 0) left -= 1;
        else found.push(delivery);
      }
      return found;
    },
    resend(id) {
      if (!webhooks.resend(id)) throw problem(404, 'NOT_FOUND', 'No such delivery.');
    },
    async release(release = {}, limitMs = SETTLE_LIMIT_MS) {
      const ids = webhooks.release(release);
      await clock.settle(limitMs);
      return ids;
    },
    settled: (limitMs = SETTLE_LIMIT_MS) => clock.settle(limitMs),
  };
}
