import { Refusal } from '@hourly/contract';
import { type ProcedureMeta, restBase } from '../procedure.ts';
import { router } from '../router.ts';
import { isJson, maximumInputBytes, readBody } from './read-body.ts';
import { answerHeaders } from './respond.ts';
import type { RestCall, Route } from './route.ts';

/** tRPC keeps them by their whole name, `hourlyUsage.keys.list`; its types say otherwise. */
const flatProcedures = router._def.procedures as unknown as Record<
  string,
  { _def: { meta?: unknown } }
>;

/** A route for every procedure, by its meta. */
export const procedureRoutes = (): Route[] =>
  Object.entries(flatProcedures).map(([name, { _def }]) => {
    const { method, path } = (_def.meta as ProcedureMeta).openapi;
    return {
      method,
      template: path.slice(restBase.length),
      answer: (call) => answerProcedure(name, call),
    };
  });

async function answerProcedure(name: string, call: RestCall): Promise<Response> {
  const { request, params, context } = call;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const given = isRead ? queryOf(call.url) : await bodyOf(request);
  const input = Object.keys(params).length === 0 ? given : { ...asObject(given), ...params };
  const output = await procedureOf(name, call)(input);
  return Response.json(output, { headers: answerHeaders(context.requestId) });
}

interface CallerNode {
  (input: unknown): Promise<unknown>;
  [name: string]: CallerNode;
}

/** `hourlyUsage.keys.list` of the router's caller for this request. */
function procedureOf(name: string, { request, context }: RestCall): CallerNode {
  const caller = router.createCaller(context, { signal: request.signal });
  const root = caller as unknown as CallerNode;
  return name.split('.').reduce((node, key) => node[key] as CallerNode, root);
}

/** Undefined without a query, like a call without input. */
function queryOf({ searchParams }: URL): Record<string, string> | undefined {
  if (searchParams.size === 0) return undefined;
  const query: Record<string, string> = Object.fromEntries(searchParams);
  const twice = Object.keys(query).find((name) => searchParams.getAll(name).length > 1);
  if (twice !== undefined) throw invalid([twice], 'is given more than once');
  return query;
}

/** Undefined without a body. */
async function bodyOf(request: Request): Promise<unknown> {
  const body = await readBody(request, maximumInputBytes);
  if (body.byteLength === 0) return undefined;
  if (!isJson(request)) throw new Refusal('UNSUPPORTED_MEDIA_TYPE');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) {
      throw invalid([], 'the body is not JSON');
    }
    throw cause;
  }
}

function asObject(input: unknown): object {
  if (input === undefined) return {};
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw invalid([], 'the body is not an object');
}

const invalid = (path: string[], message: string): Refusal =>
  new Refusal('INVALID_INPUT', { data: { issues: [{ path, message }] } });
