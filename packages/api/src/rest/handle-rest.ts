import { Refusal } from '@hourly/contract';
import type { Log } from '@hourly/services';
import type { CreateContext } from '../create-context.ts';
import { restBase } from '../procedure.ts';
import { newRequestId } from '../request-scope.ts';
import { exportStatementRoute } from './export-statement.ts';
import { exportTransactionsRoute } from './export-transactions.ts';
import { generationOutputRoute } from './generation-output.ts';
import { procedureRoutes } from './procedure-routes.ts';
import { receiptRoutes } from './receipt.ts';
import { answerHeaders, respondToError } from './respond.ts';
import { allowedMethods, chooseRoute, type Match, matchPath, type Route } from './route.ts';

/** Every route of REST: those of the procedures, and what is none. */
export const restRoutes = (): Route[] => [
  ...procedureRoutes(),
  exportTransactionsRoute,
  exportStatementRoute,
  generationOutputRoute,
  ...receiptRoutes,
];

/** Serves everything under {@link restBase}. */
export function createRestHandler({
  createContext,
  log,
}: {
  createContext: CreateContext;
  log: Log;
}): (request: Request) => Promise<Response> {
  const routes = restRoutes();
  return async (request) => {
    const requestId = newRequestId();
    const url = new URL(request.url);
    const path = url.pathname;
    const match = path.startsWith(`${restBase}/`)
      ? matchPath(routes, path.slice(restBase.length))
      : null;
    try {
      if (match === null) throw new Refusal('NOT_FOUND');
      if (request.method === 'OPTIONS') return respondToOptions(match, requestId);
      const response = await answer(match, { request, url, requestId, createContext });
      return request.method === 'HEAD' ? await withoutBody(response) : response;
    } catch (error) {
      const response = respondToError(error, { requestId, log, path });
      if (response.status === 405 && match) response.headers.set('allow', allowedMethods(match));
      return response;
    }
  };
}

async function answer(
  match: Match,
  call: { request: Request; url: URL; requestId: string; createContext: CreateContext },
): Promise<Response> {
  const { request, url, requestId } = call;
  const route = chooseRoute(match, request.method, url);
  if (route === undefined) throw new Refusal('METHOD_NOT_ALLOWED');
  const mode = route.isDownload ? url.searchParams.get('mode') : null;
  const context = await call.createContext(request, { requestId, mode });
  return route.answer({ request, url, params: match.params, context });
}

function respondToOptions(match: Match, requestId: string): Response {
  const headers = { ...answerHeaders(requestId), allow: allowedMethods(match) };
  return new Response(null, { status: 204, headers });
}

async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}
