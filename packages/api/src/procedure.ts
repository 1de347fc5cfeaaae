import { Refusal } from '@hourly/contract';
import { initTRPC } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { Context } from './context.ts';
import { errorBodyOf, publicErrorOf } from './public-error.ts';
import { requestScope } from './request-scope.ts';

/** How a procedure is reached by REST. The document of the API is made from it, too. */
export interface ProcedureMeta extends Record<string, unknown> {
  openapi: {
    method: 'GET' | 'POST' | 'DELETE';
    /** Under {@link restBase}. */
    path: `/${string}`;
    summary: string;
    tags: string[];
    /** None of the generator's own: ours are the same everywhere. */
    errorResponses: number[];
  };
}

/** Every REST path of ours begins like this. */
export const restBase = '/api/hourly-usage';

/** The error that tRPC's clients see. */
export interface ErrorShape {
  message: string;
  code: number;
  data: ReturnType<typeof errorBodyOf> & { httpStatus: number };
}

export const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ error }): ErrorShape => {
      const seen = publicErrorOf(error);
      const requestId = requestScope.getStore()?.requestId ?? '';
      return {
        message: seen.message,
        code: TRPC_ERROR_CODES_BY_KEY[seen.code],
        data: { ...errorBodyOf(seen, requestId), httpStatus: seen.status },
      };
    },
  });

/** For callers with credentials, by key or by browser. */
export const procedure = t.procedure.use(({ ctx, type, next }) => {
  const { caller } = ctx;
  if (caller === null) throw new Refusal('UNAUTHENTICATED');
  if (type === 'mutation' && caller.kind === 'browser' && ctx.isForeign) {
    throw new Refusal('FORBIDDEN', { message: 'A page of another site may not do this.' });
  }
  return next({ ctx: { ...ctx, caller } });
});

/** For customers themselves: a key that leaks must not make others. */
export const signedInProcedure = procedure.use(({ ctx, next }) => {
  if (ctx.caller.kind === 'key') {
    throw new Refusal('FORBIDDEN', { message: 'Sign in to do this; API keys may not.' });
  }
  return next();
});

/** REST's address of a procedure. */
export const rest = (
  method: ProcedureMeta['openapi']['method'],
  path: `/${string}`,
  tag: string,
  summary: string,
): ProcedureMeta => ({
  openapi: { method, path: `${restBase}${path}`, tags: [tag], summary, errorResponses: [] },
});
