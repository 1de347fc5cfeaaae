import type { Log, ServiceContext } from '@hourly/services';
import { type AuthenticateBrowser, createAuthenticate } from './authenticate.ts';
import { checkHealth } from './check-health.ts';
import { createContextFactory } from './create-context.ts';
import { createRazorpayWebhookHandler } from './handle-razorpay-webhook.ts';
import { createTrpcHandler } from './handle-trpc.ts';
import { createOpenApiHandler } from './openapi/handle-openapi.ts';
import { readOnly } from './read-only.ts';
import { newRequestId } from './request-scope.ts';
import { createRestHandler } from './rest/handle-rest.ts';
import { router } from './router.ts';

/**
 * The HTTP interface, as handlers of web requests for a server to mount. The url of a request is the one under which its
 * sender reached us: links in answers begin with its origin.
 */
export interface Api {
  /** Everything under `/api/trpc`. */
  trpc(request: Request): Promise<Response>;
  /** Everything under `/api/hourly-usage`, pictures and statements included. */
  rest(request: Request): Promise<Response>;
  /** POST `/api/webhooks/razorpay-hourly` */
  razorpayWebhook(request: Request): Promise<Response>;
  /** GET `/api/openapi.json` */
  openApi(request: Request): Promise<Response>;
  /** GET `/api/health` */
  health(request: Request): Promise<Response>;
  /** The procedures as functions, with the credentials of a request; for pages rendered on the server. */
  caller(request: Request): Promise<ReturnType<typeof router.createCaller>>;
}

/** Wires the HTTP interface. Stateless but for a bounded memory of which account a customer has. */
export function createApi(options: {
  ctx: ServiceContext;
  authenticateBrowser: AuthenticateBrowser;
  log: Log;
}): Api {
  const services: ServiceContext = { ...options.ctx, log: options.log };
  const authenticate = createAuthenticate(services, options.authenticateBrowser);
  const createContext = createContextFactory(services, authenticate);
  const { log } = options;
  const describe = createOpenApiHandler();
  return {
    trpc: createTrpcHandler({ createContext, log }),
    rest: createRestHandler({ createContext, log }),
    razorpayWebhook: createRazorpayWebhookHandler(services),
    openApi: readOnly((request) => describe(new URL(request.url).origin), log),
    health: readOnly(() => checkHealth(services), log),
    async caller(request) {
      const context = await createContext(request, { requestId: newRequestId(), mode: null });
      return router.createCaller(context, { signal: request.signal });
    },
  };
}
