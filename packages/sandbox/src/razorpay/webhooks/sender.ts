import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { createDueQueue } from '../../due-queue.ts';
import type { Delivery } from './delivery.ts';
import { handOver, receiverAt, type WebhookReceiver } from './receiver.ts';
import type { Subscription } from './subscription.ts';

const IN_FLIGHT_MAXIMUM = 8;
/** Receivers in the process never give timers a turn by themselves; limits are timers. */
const ATTEMPTS_A_TURN = 100;

export interface Sender {
  /** Sends a pending delivery when its next attempt is due. */
  add(delivery: Delivery): void;
  /** As `add`, but not before the other one has been tried. */
  addAfter(otherId: string, delivery: Delivery): void;
  inFlightCount(): number;
  clear(): void;
  start(): void;
  stop(): Promise<void>;
}

/**
 * Sends what is due: several at once by real time, one after another on a clock that tests move,
 * so that the order is the same in every run.
 */
export function createSender(options: {
  clock: Clock;
  subscription: Subscription;
  receiver: WebhookReceiver | undefined;
  timeoutMs: number;
  get: (id: string) => Delivery | undefined;
  /** Notes an attempt's outcome; afterwards `get` tells whether there is another one. */
  settle: (delivery: Delivery, outcome: { status: number | null; error: string | null }) => void;
}): Sender {
  const { clock, subscription } = options;
  const queue = createDueQueue();
  const followers = new Map<string, Delivery[]>();
  const inFlight = new Map<string, Promise<void>>();
  const waiters: (() => void)[] = [];
  let stopping = new AbortController();
  let sequence = 0;
  let attempts = 0;
  let isStarted = false;

  const receiver = (): WebhookReceiver | null => {
    if (!isStarted || !subscription.isEnabled) return null;
    if (options.receiver) return options.receiver;
    return subscription.url === undefined ? null : receiverAt(subscription.url);
  };

  const add = (delivery: Delivery) => {
    if (delivery.nextAttemptAt === null) return;
    sequence += 1;
    queue.add({ id: delivery.id, atMs: Date.parse(delivery.nextAttemptAt), sequence });
  };

  /** The first that still waits for just this instant: what was changed since is dropped. */
  const next = (): { delivery: Delivery; atMs: number } | null => {
    for (let due = queue.peek(); due; due = queue.peek()) {
      const delivery = options.get(due.id);
      const isStill =
        delivery?.status === 'pending' &&
        delivery.nextAttemptAt !== null &&
        Date.parse(delivery.nextAttemptAt) === due.atMs &&
        !inFlight.has(due.id);
      if (isStill) return { delivery, atMs: due.atMs };
      queue.take();
    }
    return null;
  };

  const attempt = async (delivery: Delivery, to: WebhookReceiver) => {
    const { signal } = stopping;
    const { timeoutMs } = options;
    attempts += 1;
    if (attempts % ATTEMPTS_A_TURN === 0) await setImmediate();
    const outcome = await handOver(delivery, to, { timeoutMs, stopping: signal });
    if (signal.aborted) return;
    inFlight.delete(delivery.id);
    // It may have been sent anew or forgotten meanwhile; then this attempt has no say.
    const current = options.get(delivery.id);
    if (current === delivery) {
      options.settle(delivery, outcome);
    }
    const after = options.get(delivery.id);
    if (after?.status === 'pending') add(after);
    for (const follower of followers.get(delivery.id) ?? []) add(follower);
    followers.delete(delivery.id);
  };

  const pump = () => {
    const to = receiver();
    const atOnce = clock.isManual() ? 1 : IN_FLIGHT_MAXIMUM;
    for (let due = next(); to && due && inFlight.size < atOnce; due = next()) {
      if (due.atMs > clock.nowMs()) break;
      queue.take();
      const { id } = due.delivery;
      inFlight.set(id, attempt(due.delivery, to).finally(clock.wake));
    }
    const nextMs = nextDueMs();
    if (inFlight.size > 0 || (nextMs !== null && nextMs <= clock.nowMs())) return;
    for (const resolve of waiters.splice(0)) resolve();
  };

  const nextDueMs = () => (receiver() ? (next()?.atMs ?? null) : null);

  clock.add({
    nextDueMs,
    pump,
    idle: () =>
      new Promise((resolve) => {
        waiters.push(resolve);
        pump();
      }),
  });

  const abort = () => {
    stopping.abort();
    stopping = new AbortController();
    queue.clear();
    followers.clear();
    const ended = [...inFlight.values()];
    inFlight.clear();
    for (const resolve of waiters.splice(0)) resolve();
    return ended;
  };

  return {
    add,
    addAfter(otherId, delivery) {
      followers.set(otherId, [...(followers.get(otherId) ?? []), delivery]);
    },
    inFlightCount: () => inFlight.size,
    clear: () => void abort(),
    start() {
      isStarted = true;
    },
    async stop() {
      isStarted = false;
      await Promise.all(abort());
    },
  };
}
