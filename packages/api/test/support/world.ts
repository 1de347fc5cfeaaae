import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { type Sandbox, startSandbox } from '@hourly/sandbox';
import {
  createRazorpayGateway,
  createRunpodGateway,
  type Log,
  type ServiceContext,
} from '@hourly/services';
import { type Api, createApi } from '../../src/index.ts';
import { serve } from './serve.ts';

export const secrets = {
  keyId: 'rzp_test_hourly',
  keySecret: 'key-secret-of-the-tests',
  webhookSecret: 'webhook-secret-of-the-tests',
  runpodApiKey: 'runpod-key-of-the-tests',
};

export interface LogLine {
  level: string;
  message: string;
  data: Record<string, unknown>;
}

/** The API on a real port, with a database of its own and the stand-ins of both providers. */
export interface World {
  url: string;
  api: Api;
  ctx: ServiceContext;
  db: TestDatabase;
  sandbox: Sandbox;
  log: LogLine[];
  stop(): Promise<void>;
}

export interface WorldOptions {
  generationMs?: number;
  paymentTimeoutMs?: number;
  generationTimeoutMs?: number;
  /** Where the product writes instead of to `log`. */
  productLog?: Log;
  /** What the stand-ins write down, and where they keep their journal. */
  sandbox?: { log: (line: string) => void; dataDir: string };
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const db = await createTestDatabase();
  const sandbox = await startSandbox({
    port: 0,
    generationMs: options.generationMs ?? 100,
    webhookRetryBaseMs: 50,
    ...options.sandbox,
    ...secrets,
  });
  const log: LogLine[] = [];
  const write = (level: string) => (data: object, message: string) => {
    log.push({ level, message, data: { ...data } });
  };
  const ctx: ServiceContext = {
    db,
    payments: createRazorpayGateway({
      ...secrets,
      apiUrl: sandbox.url,
      timeoutMs: options.paymentTimeoutMs ?? 5_000,
    }),
    generator: createRunpodGateway({
      endpointUrl: `${sandbox.url}/v2/sandbox`,
      apiKey: secrets.runpodApiKey,
      timeoutMs: options.generationTimeoutMs ?? 5_000,
    }),
    models: ['flux-schnell', 'sdxl'],
    log: options.productLog ?? {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    },
  };
  const api = createApi({
    ctx,
    log: ctx.log,
    authenticateBrowser: async (request) => {
      const userId = /(?:^|; )user=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
      return userId === undefined ? null : { userId };
    },
  });
  const server = await serve({
    '/api/trpc': api.trpc,
    '/api/hourly-usage': api.rest,
    '/api/webhooks/razorpay-hourly': api.razorpayWebhook,
    '/api/health': api.health,
    '/api/openapi.json': api.openApi,
  });
  sandbox.setWebhookUrl(`${server.url}/api/webhooks/razorpay-hourly`);
  return {
    url: server.url,
    api,
    ctx,
    db,
    sandbox,
    log,
    async stop() {
      await server.stop();
      await sandbox.stop();
      await db.drop();
    },
  };
}
