import { type Clock, createClock } from './clock.ts';
import { createFaults, type Faults } from './faults/faults.ts';
import { type PendingView, viewPending } from './pending.ts';
import { checkoutRoutes } from './razorpay/checkout.ts';
import type { RazorpayControls } from './razorpay/controls.ts';
import { razorpayRoutes } from './razorpay/routes.ts';
import { createRazorpay } from './razorpay/start.ts';
import type { WebhookControls } from './razorpay/webhooks/controls.ts';
import type { WebhookReceiver } from './razorpay/webhooks/receiver.ts';
import { createRunpodJobs } from './runpod/jobs.ts';
import { runpodRoutes } from './runpod/routes.ts';
import { listen } from './server.ts';
import { switchboardRoutes } from './switchboard/switchboard.ts';
import { createShelf } from './table.ts';

export type { FaultsInput } from './faults/faults.ts';
export type { Dispute, Order, Payment, Refund } from './razorpay/entities.ts';
export type { Delivery, EventName } from './razorpay/webhooks/delivery.ts';
export type { WebhookReceiver, WebhookRequest } from './razorpay/webhooks/receiver.ts';

export interface SandboxOptions {
  /** 0 takes a free one. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string | undefined;
  /** Where Razorpay's webhooks go. Without it they wait. */
  webhookUrl?: string | undefined;
  /** Takes webhooks in the process instead: the same headers and bytes, without HTTP. */
  webhookReceiver?: WebhookReceiver | undefined;
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  runpodApiKey: string;
  /** Remembers what Razorpay knows over restarts; without it memory only. */
  dataDir?: string | undefined;
  /** How long one generation takes. Default 2500. */
  generationMs?: number | undefined;
  /** How long a webhook's receiver has to answer, in real time. Default 5000, as Razorpay's. */
  webhookTimeoutMs?: number | undefined;
  /** Pause before a webhook's first retry, doubled each time. Default 500. */
  webhookRetryBaseMs?: number | undefined;
  /** The longest pause between retries. Default 1 hour. */
  webhookRetryLongestMs?: number | undefined;
  /** How long results of `/run` and `/runsync` can be fetched. Default 30 min and 1 min. */
  runResultTtlMs?: number | undefined;
  runsyncResultTtlMs?: number | undefined;
  log?: ((line: string) => void) | undefined;
}

/** A running stand-in with its levers at hand: the same as `/_sandbox/…`, without HTTP. */
export interface Sandbox {
  /** Base URL of both providers, like `http://127.0.0.1:3001`. RunPod's is `<url>/v2/<endpoint>`. */
  url: string;
  /** What payers, banks and the merchant's colleagues do at Razorpay. */
  razorpay: RazorpayControls;
  webhooks: WebhookControls;
  clock: Pick<Clock, 'view' | 'advance' | 'freeze' | 'useReal'>;
  faults: Pick<Faults, 'set' | 'clear' | 'view'>;
  /** What is still to come. */
  pending(): PendingView;
  setWebhookUrl(url: string | undefined): void;
  /**
   * As after the first start: Razorpay knows nothing, real time, no faults, everything as configured.
   * What is under way is dropped. RunPod's jobs go on.
   */
  reset(): void;
  stop(): Promise<void>;
}

function refuseWrongKeys(options: SandboxOptions): void {
  const { keyId, keySecret, webhookSecret, runpodApiKey } = options;
  for (const [name, value] of Object.entries({ keyId, keySecret, webhookSecret, runpodApiKey })) {
    if (value === '') throw new Error(`${name} is empty`);
  }
  if (keyId.startsWith('rzp_live_')) throw new Error('a live Razorpay key has no place here');
}

/**
 * Starts the stand-ins of Razorpay and RunPod on one port. They speak the wire protocols of the
 * real ones, move no money and use no GPU. Any number can run in one process.
 *
 * @throws when a secret is empty, the key is a live one, or the port is taken (`EADDRINUSE`).
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  refuseWrongKeys(options);
  const log = options.log ?? (() => {});
  const shelf = createShelf(options.dataDir);
  const clock = createClock(shelf);
  const razorpay = createRazorpay({ ...options, shelf, clock, log });
  const jobs = createRunpodJobs({
    generationMs: options.generationMs ?? 2_500,
    runResultTtlMs: options.runResultTtlMs ?? 30 * 60_000,
    runsyncResultTtlMs: options.runsyncResultTtlMs ?? 60_000,
    log,
  });
  const faults = createFaults();
  const levers = {
    razorpay: razorpay.controls,
    webhooks: razorpay.webhookControls,
    clock,
    faults,
    pending: () => viewPending({ clock, ...razorpay }),
    reset() {
      razorpay.forget();
      faults.reset();
      shelf.clear();
      clock.wake();
    },
  };
  const routes = [
    ...razorpayRoutes(razorpay.world),
    ...checkoutRoutes(razorpay.world, razorpay.controls),
    ...runpodRoutes(jobs, options.runpodApiKey),
    ...switchboardRoutes(levers),
  ];
  // The port comes first: whoever holds it may still be writing the same journal.
  const host = options.host ?? '127.0.0.1';
  const listening = await listen({ port: options.port, host, routes, faults, log });
  try {
    shelf.open();
  } catch (error) {
    await listening.close();
    throw error;
  }
  razorpay.start();
  return {
    ...levers,
    url: listening.url,
    setWebhookUrl: levers.webhooks.setUrl,
    async stop() {
      clock.stop();
      await listening.close();
      await Promise.all([razorpay.stop(), jobs.stop()]);
      shelf.close();
    },
  };
}
