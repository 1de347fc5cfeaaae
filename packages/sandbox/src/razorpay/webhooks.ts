import { createHmac } from 'node:crypto';
import { razorpayId } from '../ids.ts';
import type { Shelf } from '../table.ts';
import { nowSeconds } from './entities.ts';

const TIMEOUT_MS = 5_000;
const RETRY_LONGEST_MS = 5 * 60_000;
const ATTEMPTS_MAXIMUM = 16;
const IN_FLIGHT_MAXIMUM = 8;
const ATTEMPTS_SHOWN = 5;
/** setTimeout's own limit is 2^31 ms; waking up early is harmless. */
const SLEEP_LONGEST_MS = 60_000;

export type WebhookMode = 'send' | 'drop' | 'duplicate' | 'late';

/** One delivery of one event. A duplicate is a second delivery with the same event id. */
export interface Delivery {
  id: string;
  eventId: string;
  event: string;
  orderId: string | null;
  paymentId: string | null;
  /** `failed`: given up after 16 attempts. `dropped`: never sent, as ordered. */
  status: 'pending' | 'delivered' | 'failed' | 'dropped';
  attemptCount: number;
  /** The newest attempts: when, and the HTTP status or what went wrong. */
  attempts: { at: string; status: number | null; error: string | null }[];
  nextAttemptAt: string | null;
  createdAt: string;
  /** The exact bytes sent, which the signature covers. */
  body: string;
}

export interface Announcement {
  event: string;
  /** Goes to `payload.<name>.entity`; the names become `contains`. */
  entities: Record<string, { id: string }>;
  mode?: WebhookMode | undefined;
  /** For `late`: how long to hold it back. */
  lateMs?: number | undefined;
}

export interface Webhooks {
  announce(announcement: Announcement): void;
  /** Newest first. */
  list(): Delivery[];
  /** Sends a delivery once more, whatever became of it. False when there is none. */
  resend(id: string): boolean;
  setUrl(url: string | undefined): void;
  /** Begins sending what is pending. */
  start(): void;
  /** Stops; what is under way counts as not delivered. */
  stop(): Promise<void>;
}

/** Hex HMAC-SHA256 of the raw body, as in the header `X-Razorpay-Signature`. */
function webhookSignature(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function envelope(announcement: Announcement): string {
  const payload: Record<string, { entity: object }> = {};
  for (const [name, entity] of Object.entries(announcement.entities)) payload[name] = { entity };
  return JSON.stringify({
    entity: 'event',
    account_id: 'acc_HourlySandbox1',
    event: announcement.event,
    contains: Object.keys(payload),
    payload,
    created_at: nowSeconds(),
  });
}

function orderIdOf(entities: Announcement['entities']): string | null {
  const payment = entities.payment as { order_id?: string } | undefined;
  return entities.order?.id ?? payment?.order_id ?? null;
}

function newDelivery(announcement: Announcement, eventId: string, dueInMs: number): Delivery {
  const isDropped = announcement.mode === 'drop';
  return {
    id: razorpayId('dlv'),
    eventId,
    event: announcement.event,
    orderId: orderIdOf(announcement.entities),
    paymentId: announcement.entities.payment?.id ?? null,
    status: isDropped ? 'dropped' : 'pending',
    attemptCount: 0,
    attempts: [],
    nextAttemptAt: isDropped ? null : new Date(Date.now() + dueInMs).toISOString(),
    createdAt: new Date().toISOString(),
    body: envelope(announcement),
  };
}

/** The delivery after an attempt: done, due again later, or given up. */
function afterAttempt(
  delivery: Delivery,
  outcome: { status: number | null; error: string | null },
  retryBaseMs: number,
): Delivery {
  const attemptCount = delivery.attemptCount + 1;
  const attempt = { at: new Date().toISOString(), ...outcome };
  const attempts = [...delivery.attempts, attempt].slice(-ATTEMPTS_SHOWN);
  const { status } = outcome;
  const isDelivered = status !== null && status >= 200 && status < 300;
  if (isDelivered || attemptCount >= ATTEMPTS_MAXIMUM) {
    const end = isDelivered ? 'delivered' : 'failed';
    return { ...delivery, status: end, attemptCount, attempts, nextAttemptAt: null };
  }
  const waitMs = Math.min(RETRY_LONGEST_MS, retryBaseMs * 2 ** (attemptCount - 1));
  const nextAttemptAt = new Date(Date.now() + waitMs).toISOString();
  return { ...delivery, attemptCount, attempts, nextAttemptAt };
}

/** Sends one delivery: at most 5 seconds, no redirects. */
async function post(
  url: string,
  delivery: Delivery,
  secret: string,
  stopping: AbortSignal,
): Promise<{ status: number | null; error: string | null }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: delivery.body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Razorpay-Webhook/v1',
        'x-razorpay-signature': webhookSignature(delivery.body, secret),
        'x-razorpay-event-id': delivery.eventId,
      },
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return { status: response.status, error: null };
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The sender of webhooks: at once, then with doubling pauses (`retryBaseMs`, 5 minutes at most)
 * until a 2xx comes, 16 times in all. Pending ones wait while no URL is set.
 */
export function createWebhooks(options: {
  shelf: Shelf;
  secret: string;
  url: string | undefined;
  retryBaseMs: number;
  log: (line: string) => void;
}): Webhooks {
  const deliveries = options.shelf.table<Delivery>('delivery', 5_000);
  const waiting = new Set<string>();
  const inFlight = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let url = options.url;
  let isStarted = false;
  let timer: NodeJS.Timeout | null = null;

  const attempt = async (delivery: Delivery, target: string) => {
    const outcome = await post(target, delivery, options.secret, stopping.signal);
    if (stopping.signal.aborted) return;
    const after = deliveries.put(afterAttempt(delivery, outcome, options.retryBaseMs));
    if (after.status !== 'pending') waiting.delete(after.id);
    options.log(`webhook ${after.event} ${after.eventId} ${outcome.status ?? outcome.error}`);
  };

  const launch = (delivery: Delivery, target: string) => {
    const run = attempt(delivery, target).finally(() => {
      inFlight.delete(delivery.id);
      pump();
    });
    inFlight.set(delivery.id, run);
  };

  const pump = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (!isStarted || url === undefined || stopping.signal.aborted) return;
    let nextInMs = SLEEP_LONGEST_MS;
    for (const id of waiting) {
      if (inFlight.size >= IN_FLIGHT_MAXIMUM) return;
      if (inFlight.has(id)) continue;
      const delivery = deliveries.get(id);
      if (!delivery || delivery.nextAttemptAt === null) {
        waiting.delete(id);
        continue;
      }
      const dueInMs = Date.parse(delivery.nextAttemptAt) - Date.now();
      if (dueInMs <= 0) launch(delivery, url);
      else nextInMs = Math.min(nextInMs, dueInMs);
    }
    if (waiting.size > 0) timer = setTimeout(pump, nextInMs);
  };

  return {
    announce(announcement) {
      const eventId = razorpayId('evt').slice('evt_'.length);
      const dueInMs = announcement.mode === 'late' ? (announcement.lateMs ?? 4_000) : 0;
      const copies = announcement.mode === 'duplicate' ? 2 : 1;
      for (let i = 0; i < copies; i += 1) {
        const delivery = deliveries.put(newDelivery(announcement, eventId, dueInMs));
        if (delivery.status === 'pending') waiting.add(delivery.id);
      }
      pump();
    },
    list: () => deliveries.newestFirst(),
    resend(id) {
      const delivery = deliveries.get(id);
      if (!delivery) return false;
      const nextAttemptAt = new Date().toISOString();
      deliveries.put({ ...delivery, status: 'pending', attemptCount: 0, nextAttemptAt });
      waiting.add(id);
      pump();
      return true;
    },
    setUrl(next) {
      url = next;
      pump();
    },
    start() {
      isStarted = true;
      for (const delivery of deliveries.newestFirst().reverse()) {
        if (delivery.status === 'pending') waiting.add(delivery.id);
      }
      pump();
    },
    async stop() {
      stopping.abort();
      if (timer) clearTimeout(timer);
      await Promise.all(inFlight.values());
    },
  };
}
