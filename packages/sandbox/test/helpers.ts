import { createServer, type IncomingHttpHeaders } from 'node:http';
import Razorpay from 'razorpay';
import { afterEach } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/index.ts';
import type { WebhookReceiver, WebhookRequest } from '../src/razorpay/webhooks/receiver.ts';

export const KEY_ID = 'rzp_test_sandboxkey01';
export const KEY_SECRET = 'key-secret';
export const WEBHOOK_SECRET = 'webhook-secret';
export const RUNPOD_KEY = 'runpod-key';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A sandbox on a free port, stopped after the test. */
export async function sandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const started = await startSandbox({
    port: 0,
    keyId: KEY_ID,
    keySecret: KEY_SECRET,
    webhookSecret: WEBHOOK_SECRET,
    runpodApiKey: RUNPOD_KEY,
    generationMs: 40,
    webhookRetryBaseMs: 5,
    ...options,
  });
  cleanups.push(() => started.stop());
  return started;
}

/** The real SDK, pointed at the stand-in. */
export function razorpayClient(baseURL: string, keySecret = KEY_SECRET): Razorpay {
  const client = new Razorpay({ key_id: KEY_ID, key_secret: keySecret });
  const { api } = client as unknown as {
    api: { rq: { defaults: { baseURL: string; proxy: boolean; timeout: number } } };
  };
  Object.assign(api.rq.defaults, { baseURL, proxy: false, timeout: 5_000 });
  return client;
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver of webhooks; `answer` decides each one's status (default 200). */
export async function webhookReceiver(
  answer: (nth: number) => number = () => 200,
): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer(received.length)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/hook`, received };
}

/** A receiver in the process; `answer` decides each one's status (default 200). */
export function inProcessReceiver(answer: (nth: number) => number | Promise<number> = () => 200): {
  webhookReceiver: WebhookReceiver;
  received: WebhookRequest[];
  events: () => string[];
} {
  const received: WebhookRequest[] = [];
  return {
    received,
    events: () => received.map(({ body }) => (JSON.parse(body) as { event: string }).event),
    webhookReceiver: async (request) => {
      received.push(request);
      return answer(received.length);
    },
  };
}

/** Fields the tests look into; which are there depends on the call. */
export interface Answer {
  id: string;
  status: string;
  razorpay_payment_id: string;
  razorpay_order_id: string;
  razorpay_signature: string;
  error: { code: string; description: string; metadata: Record<string, string> };
  output: { images: { image: string; width: number; height: number; seed: number }[] };
}

/** POSTs JSON and gives the status with the parsed answer. */
export async function post(
  url: string,
  body: object = {},
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Answer }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}
