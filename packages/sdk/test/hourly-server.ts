import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from '@hourly/api';
import type { Mode } from '@hourly/contract';
import { ensureAccount } from '@hourly/db';
import { createTestDatabase } from '@hourly/db/testing';
import { startSandbox } from '@hourly/sandbox';
import {
  createKey,
  createRazorpayGateway,
  createRunpodGateway,
  type Log,
  type ServiceContext,
} from '@hourly/services';

const razorpay = { keyId: 'rzp_test_sdk', keySecret: 'key secret', webhookSecret: 'hook secret' };
const runpodApiKey = 'runpod secret';

const silent = () => {};
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** Who a browser without credentials is, here. */
const signedInUser = 'user_signed_in';

/** The product's own HTTP interface on a real port and a real database, with the stand-ins of the outside world. */
export async function startHourlyServer() {
  const db = await createTestDatabase();
  const sandbox = await startSandbox({ port: 0, ...razorpay, runpodApiKey, generationMs: 200 });
  const ctx: ServiceContext = {
    db,
    payments: createRazorpayGateway({ ...razorpay, apiUrl: sandbox.url }),
    generator: createRunpodGateway({
      endpointUrl: `${sandbox.url}/v2/sdk`,
      apiKey: runpodApiKey,
    }),
    models: ['flux-schnell', 'sdxl'],
    log,
  };
  const api = createApi({ ctx, log, authenticateBrowser: async () => ({ userId: signedInUser }) });
  const server = createServer(async (incoming, outgoing) => {
    const request = await requestOf(incoming);
    const response = await api[handlerOf(new URL(request.url).pathname)](request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(new Uint8Array(await response.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sandbox.setWebhookUrl(`${url}/api/webhooks/razorpay-hourly`);
  return {
    url,
    /** A key of a customer's account, as the dashboard would make it. */
    async createApiKey(userId: string, mode: Mode): Promise<string> {
      const { accountId } = await ensureAccount(db, { userId, mode });
      const { secret } = await createKey(ctx, { accountId, mode, name: 'test' });
      if (secret === null) throw new Error('the key has no secret');
      return secret;
    },
    /** The payer pays an order at the stand-in, which announces it by a webhook. */
    async pay(orderId: string): Promise<void> {
      const response = await fetch(`${sandbox.url}/_sandbox/orders/${orderId}/pay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      if (!response.ok) throw new Error(`the stand-in answered ${response.status}`);
    },
    async stop(): Promise<void> {
      await sandbox.stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await db.drop();
    },
  };
}

export type HourlyServer = Awaited<ReturnType<typeof startHourlyServer>>;

function handlerOf(path: string): 'rest' | 'trpc' | 'razorpayWebhook' {
  if (path.startsWith('/api/trpc/')) return 'trpc';
  return path === '/api/webhooks/razorpay-hourly' ? 'razorpayWebhook' : 'rest';
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, String(value));
  const method = incoming.method ?? 'GET';
  return new Request(new URL(incoming.url ?? '/', `http://${incoming.headers.host}`), {
    method,
    headers,
    ...(method !== 'GET' && { body: Buffer.concat(chunks) }),
  });
}
