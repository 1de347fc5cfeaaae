import { createApi } from '@hourly/api';
import { createDatabase } from '@hourly/db';
import { createRazorpayGateway, createRunpodGateway, type ServiceContext } from '@hourly/services';
import { authenticateRequest } from './auth/authenticate-request.ts';
import { webEnv } from './env.ts';
import { webLog } from './log.ts';

type Api = ReturnType<typeof createApi>;

const key = Symbol.for('hourly.web.api');
// Next bundles each route on its own: only what hangs on globalThis is one per process.
const shared = globalThis as typeof globalThis & { [key]?: Api };

/** The API of this process, with its one pool of connections. Made on the first request. */
export function api(): Api {
  shared[key] ??= createApi({
    ctx: serviceContext(),
    authenticateBrowser: authenticateRequest,
    log: webLog(),
  });
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
