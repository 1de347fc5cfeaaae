import type { Clock } from '../clock.ts';
import type { Shelf } from '../table.ts';
import { type Agenda, type Appointment, createAgenda } from './agenda.ts';
import { createControls, type RazorpayControls } from './controls.ts';
import { createRazorpayTables } from './entities.ts';
import { capturePayment, failPayment } from './payment-acts.ts';
import { failures } from './payment-entity.ts';
import { giveBack, settleRefund } from './refund-acts.ts';
import { createWebhookControls, type WebhookControls } from './webhooks/controls.ts';
import { createManners } from './webhooks/manner.ts';
import type { WebhookReceiver } from './webhooks/receiver.ts';
import { createSubscription } from './webhooks/subscription.ts';
import { createWebhooks, type Webhooks } from './webhooks/webhooks.ts';
import type { RazorpayWorld } from './world.ts';

const RETRY_LONGEST_MS = 3600 * 1000;

export interface RazorpayOptions {
  shelf: Shelf;
  clock: Clock;
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  webhookUrl?: string | undefined;
  webhookReceiver?: WebhookReceiver | undefined;
  webhookTimeoutMs?: number | undefined;
  webhookRetryBaseMs?: number | undefined;
  webhookRetryLongestMs?: number | undefined;
  log: (line: string) => void;
}

/** Razorpay's side, put together but not yet at work. */
export interface Razorpay {
  world: RazorpayWorld;
  controls: RazorpayControls;
  webhooks: Webhooks;
  webhookControls: WebhookControls;
  agenda: Agenda;
  /** Takes up what the journal remembers. */
  start(): void;
  /** Forgets what is not in the shelf's tables, and drops what is under way. */
  forget(): void;
  stop(): Promise<void>;
}

/** Does what is due by itself, unless something else has happened to its target meanwhile. */
function perform(world: RazorpayWorld, { act, target }: Appointment): void {
  const { payments, refunds, orders } = world.tables;
  const payment = payments.get(target);
  const refund = refunds.get(target);
  const order = orders.get(payment?.order_id ?? '');
  if (act === 'time_out' && payment?.status === 'created') {
    failPayment(world, payment, { failure: failures.timed_out });
  }
  if (act === 'capture' && payment?.status === 'authorized') {
    // Another payment was faster: the order takes no second one.
    if (order?.status === 'paid') giveBack(world, payment);
    else capturePayment(world, payment);
  }
  if (act === 'give_back' && payment?.status === 'authorized') giveBack(world, payment);
  if (refund?.status !== 'pending') return;
  if (act === 'process_refund') settleRefund(world, refund, 'processed');
  if (act === 'fail_refund') settleRefund(world, refund, 'failed');
}

export function createRazorpay(options: RazorpayOptions): Razorpay {
  const { shelf, clock, log } = options;
  const tables = createRazorpayTables(shelf);
  const subscription = createSubscription({
    shelf,
    clock,
    url: options.webhookUrl,
    secret: options.webhookSecret,
  });
  const manners = createManners();
  const agenda = createAgenda({ shelf, clock, perform: (due) => perform(world, due) });
  const webhooks = createWebhooks({
    shelf,
    clock,
    subscription,
    manners,
    receiver: options.webhookReceiver,
    timeoutMs: options.webhookTimeoutMs ?? 5_000,
    retryBaseMs: options.webhookRetryBaseMs ?? 500,
    retryLongestMs: options.webhookRetryLongestMs ?? RETRY_LONGEST_MS,
    log,
  });
  const { keyId, keySecret } = options;
  const world: RazorpayWorld = {
    keyId,
    keySecret,
    clock,
    tables,
    webhooks,
    agenda,
    nextRefunds: [],
  };
  return {
    world,
    controls: createControls(world),
    webhooks,
    webhookControls: createWebhookControls({ webhooks, subscription, manners, clock }),
    agenda,
    start() {
      agenda.start();
      webhooks.start();
      clock.start();
      if (!subscription.isEnabled) log('the webhook is disabled: POST /_sandbox/webhooks/enable');
      if (clock.isManual())
        log(`the clock stands at ${clock.iso()}: POST /_sandbox/clock moves it`);
    },
    forget() {
      agenda.clear();
      webhooks.clear();
      manners.reset();
      subscription.reset();
      world.nextRefunds = [];
    },
    stop: webhooks.stop,
  };
}
