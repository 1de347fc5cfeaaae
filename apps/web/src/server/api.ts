import { createApi } from '@hourly/api';
import type { Plan } from '@hourly/contract';
import { getPlan } from '@hourly/db';
import { createServiceContext, type ServiceContext } from '@hourly/services';
import { authenticateRequest } from './auth/authenticate-request.ts';
import { webEnv } from './env.ts';
import { webLog } from './log.ts';

type Api = ReturnType<typeof createApi>;

const key = Symbol.for('hourly.web');
// Next bundles each route on its own: only what hangs on globalThis is one per process.
const shared = globalThis as typeof globalThis & { [key]?: { api: Api; ctx: ServiceContext } };

/** The API of this process, with its one pool of connections. Made on the first request. */
export const api = (): Api => wired().api;

/** What services work with in this process, for pages rendered on the server. */
export const serviceContext = (): ServiceContext => wired().ctx;

/** The prices of today, for pages that nobody has to sign in for. */
export const currentPlan = (): Promise<Plan> => getPlan(wired().ctx.db);

/** The services of this process, for pages that are no customer's. */
export const services = (): ServiceContext => wired().ctx;

function wired(): { api: Api; ctx: ServiceContext } {
  if (shared[key] === undefined) {
    const log = webLog();
    const ctx = createServiceContext(webEnv(), { role: 'hourly_app', log });
    shared[key] = { ctx, api: createApi({ ctx, authenticateBrowser: authenticateRequest, log }) };
  }
  return shared[key];
}
