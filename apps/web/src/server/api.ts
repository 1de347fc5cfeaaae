import { createApi } from '@hourly/api';
import type { Plan } from '@hourly/contract';
import { createDatabase, getPlan } from '@hourly/db';
import { createRazorpayGateway, createRunpodGateway, type ServiceContext } from '@hourly/services';
import { authenticateRequest } from './auth/authenticate-request.ts';
import { webEnv } from './env.ts';
import { webLog } from './log.ts';

type Api = ReturnType<typeof createApi>;

const key = Symbol.for('hourly.web');
// Next bundles each route on its own: only what hangs on globalThis is one per process.
const shared = globalThis as typeof globalThis & { [key]?: { api: Api; ctx: ServiceContext } };

/** The API of this process, with its one pool of connections. Made on the first request. */
export const api = (): Api => wired().api;

/** The prices of today, for pages that nobody has to sign in for. */
export const currentPlan = (): Promise<Plan> => getPlan(wired().ctx.db);

function wired(): { api: Api; ctx: ServiceContext } {
  if (shared[key] === undefined) {
    const ctx = serviceContext();
    const log = webLog();
    shared[key] = { ctx, api: createApi({ ctx, authenticateBrowser: authenticateRequest, log }) };
  }
  return shared[key];
}

function serviceContext(): ServiceContext {
  const env = webEnv();
  const log = webLog();
  const { apiUrl, ...razorpay } = env.razorpay;
  return {
    db: createDatabase({
      url: env.databaseUrl,
      role: 'hourly_app',
      onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
    }),
    payments: createRazorpayGateway({ ...razorpay, ...(apiUrl !== null && { apiUrl }) }),
    generator: createRunpodGateway(env.runpod),
    models: env.models,
    log,
  };
}
