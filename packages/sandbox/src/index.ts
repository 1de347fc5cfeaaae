import { createFaults } from './faults.ts';
import { checkoutRoutes } from './razorpay/checkout.ts';
import { createRazorpayTables } from './razorpay/entities.ts';
import { razorpayRoutes } from './razorpay/routes.ts';
import { createWebhooks } from './razorpay/webhooks.ts';
import type { RazorpayWorld } from './razorpay/world.ts';
import { createRunpodJobs } from './runpod/jobs.ts';
import { runpodRoutes } from './runpod/routes.ts';
import { listen } from './server.ts';
import { switchboardRoutes } from './switchboard.ts';
import { createShelf } from './table.ts';

export interface SandboxOptions {
  /** 0 takes a free one. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string | undefined;
  /** Where Razorpay's webhooks go. Without it they wait. */
  webhookUrl?: string | undefined;
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  runpodApiKey: string;
  /** Remembers orders, payments and webhooks over restarts; without it memory only. */
  dataDir?: string | undefined;
  /** How long one generation takes. Default 2500. */
  generationMs?: number | undefined;
  /** Pause before a webhook's first retry, doubled each time. Default 500. */
  webhookRetryBaseMs?: number | undefined;
  /** How long results of `/run` and `/runsync` can be fetched. Default 30 min and 1 min. */
  runResultTtlMs?: number | undefined;
  runsyncResultTtlMs?: number | undefined;
  log?: ((line: string) => void) | undefined;
}

export interface Sandbox {
  /** Base URL of both providers, like `http://127.0.0.1:3001`. RunPod's is `<url>/v2/<endpoint>`. */
  url: string;
  setWebhookUrl(url: string | undefined): void;
  stop(): Promise<void>;
}

/**
 * Starts the stand-ins of Razorpay and RunPod on one port. They speak the wire protocols of the
 * real ones, move no money and use no GPU.
 *
 * @throws when a secret is empty, the key is a live one, or the port is taken (`EADDRINUSE`).
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { keyId, keySecret, webhookSecret, runpodApiKey } = options;
  for (const [name, value] of Object.entries({ keyId, keySecret, webhookSecret, runpodApiKey })) {
    if (value === '') throw new Error(`${name} is empty`);
  }
  if (keyId.startsWith('rzp_live_')) throw new Error('a live Razorpay key has no place here');
  const log = options.log ?? (() => {});
  const shelf = createShelf(options.dataDir);
  const tables = createRazorpayTables(shelf);
  const webhooks = createWebhooks({
    shelf,
    secret: webhookSecret,
    url: options.webhookUrl,
    retryBaseMs: options.webhookRetryBaseMs ?? 500,
    log,
  });
  const world: RazorpayWorld = { keyId, keySecret, tables, webhooks, refundOutcomes: [] };
  const jobs = createRunpodJobs({
    generationMs: options.generationMs ?? 2_500,
    runResultTtlMs: options.runResultTtlMs ?? 30 * 60_000,
    runsyncResultTtlMs: options.runsyncResultTtlMs ?? 60_000,
    log,
  });
  const faults = createFaults();
  const routes = [
    ...razorpayRoutes(world),
    ...checkoutRoutes(world),
    ...runpodRoutes(jobs, runpodApiKey),
    ...switchboardRoutes(world, faults),
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
  webhooks.start();
  return {
    url: listening.url,
    setWebhookUrl: (url) => webhooks.setUrl(url),
    async stop() {
      await listening.close();
      await Promise.all([webhooks.stop(), jobs.stop()]);
      shelf.close();
    },
  };
}
