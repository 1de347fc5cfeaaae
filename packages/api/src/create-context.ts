import type { ServiceContext } from '@hourly/services';
import type { Authenticate } from './authenticate.ts';
import type { Context } from './context.ts';
import { isForeign } from './origin.ts';

export type CreateContext = (
  request: Request,
  asked: { requestId: string; mode: string | null },
) => Promise<Context>;

/** Reads from a request what procedures know of it. Refuses wrong credentials with UNAUTHENTICATED. */
export const createContextFactory =
  (services: ServiceContext, authenticate: Authenticate): CreateContext =>
  async (request, { requestId, mode }) => ({
    requestId,
    origin: new URL(request.url).origin,
    caller: await authenticate(request, { mode }),
    isForeign: isForeign(request),
    idempotencyKey: request.headers.get('idempotency-key'),
    services,
  });
