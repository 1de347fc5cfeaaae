import { Refusal } from '@hourly/contract';
import type { Log } from '@hourly/services';
import { getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { CreateContext } from './create-context.ts';
import { publicErrorOf } from './public-error.ts';
import { newRequestId, requestScope } from './request-scope.ts';
import { isJson, maximumInputBytes, readBody } from './rest/read-body.ts';
import { answerHeaders, logFailure } from './rest/respond.ts';
import { router } from './router.ts';

const endpoint = '/api/trpc';
const maximumBatch = 10;

/** Serves tRPC under `/api/trpc`. */
export function createTrpcHandler(options: {
  createContext: CreateContext;
  log: Log;
}): (request: Request) => Promise<Response> {
  return (request) => {
    const requestId = newRequestId();
    return requestScope.run({ requestId }, async () => {
      const response = await respond(request, { ...options, requestId });
      for (const [name, value] of Object.entries(answerHeaders(requestId))) {
        response.headers.set(name, value);
      }
      if (response.status === 405) response.headers.set('allow', allowedInstead(request.method));
      return response;
    });
  };
}

async function respond(
  request: Request,
  { createContext, log, requestId }: { createContext: CreateContext; log: Log; requestId: string },
): Promise<Response> {
  const path = new URL(request.url).pathname;
  try {
    return await fetchRequestHandler({
      endpoint,
      router,
      req: await checked(request),
      maxBatchSize: maximumBatch,
      createContext: () => createContext(request, { requestId, mode: null }),
      onError: ({ error }) => {
        if (publicErrorOf(error).status >= 500) logFailure(log, { error, requestId, path });
      },
    });
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    const { status } = publicErrorOf(error);
    if (status >= 500) logFailure(log, { error, requestId, path });
    return Response.json({ error: shapeOf(error) }, { status });
  }
}

/** Queries are read by GET and mutations sent by POST: where one of them is wrong, the other is right. */
function allowedInstead(method: string): string {
  if (method === 'GET') return 'POST';
  return method === 'POST' ? 'GET' : 'GET, POST';
}

const shapeOf = (error: ReturnType<typeof getTRPCErrorFromUnknown>) =>
  getTRPCErrorShape({
    config: router._def._config,
    error,
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: undefined,
  });

/** The request with its body read within bounds. tRPC would also take forms, which pages of other sites can send. */
async function checked(request: Request): Promise<Request> {
  const url = new URL(request.url);
  if (!canDecode(url.pathname)) throw new Refusal('NOT_FOUND');
  if (request.method === 'GET') return request;
  if (request.method !== 'POST') throw new Refusal('METHOD_NOT_ALLOWED');
  const body = await readBody(request, maximumInputBytes);
  const isEmpty = body.byteLength === 0;
  if (!isEmpty && !isJson(request)) throw new Refusal('UNSUPPORTED_MEDIA_TYPE');
  // A call without input has no body and no type of one, which tRPC would refuse as no JSON.
  const headers = new Headers(request.headers);
  if (isEmpty) headers.set('content-type', 'application/json');
  return new Request(request.url, {
    method: 'POST',
    headers,
    body: isEmpty ? '{}' : new Uint8Array(body),
    signal: request.signal,
  });
}

function canDecode(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
