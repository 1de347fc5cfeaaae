import { reasons } from '@hourly/contract';
import type { ProcedureMeta } from '../../src/procedure.ts';
import { restBase } from '../../src/procedure.ts';
import { restRoutes } from '../../src/rest/handle-rest.ts';
import { router } from '../../src/router.ts';

export type Input = Record<string, unknown>;

/** One thing that the interface can be asked for, found in the router and among the routes: nobody keeps a list. */
export interface Operation {
  /** `hourlyUsage.keys.list`; what is no procedure: `GET /transactions?format=csv`. */
  name: string;
  type: 'query' | 'mutation';
  method: string;
  /** Under {@link restBase}: `/sessions/{id}`. */
  template: string;
  /** Of REST alone. */
  isProcedure: boolean;
}

const procedures = router._def.procedures as unknown as Record<
  string,
  { _def: { type: 'query' | 'mutation'; meta: ProcedureMeta } }
>;

export const operations: readonly Operation[] = [
  ...Object.entries(procedures).map(([name, { _def }]) => ({
    name,
    type: _def.type,
    method: _def.meta.openapi.method,
    template: _def.meta.openapi.path.slice(restBase.length),
    isProcedure: true,
  })),
  ...restRoutes()
    .filter(
      ({ method, template, format }) => format !== undefined || !isOfProcedure(method, template),
    )
    .map(({ method, template, format }) => ({
      name: `${method} ${template}${format === undefined ? '' : `?format=${format}`}`,
      type: method === 'GET' ? ('query' as const) : ('mutation' as const),
      method,
      template,
      isProcedure: false,
    })),
];

function isOfProcedure(method: string, template: string): boolean {
  return Object.values(procedures).some(
    ({ _def }) =>
      _def.meta.openapi.method === method && _def.meta.openapi.path === `${restBase}${template}`,
  );
}

/** Every path of REST, whatever its method. */
export const templates: readonly string[] = [
  ...new Set(restRoutes().map((route) => route.template)),
];

/** What fetch can send; TRACE and CONNECT it refuses. */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** `GET /api/…` of a query, the body of a mutation: an input as REST takes it. */
export function restRequestOf(
  { name, method, template }: Pick<Operation, 'name' | 'method' | 'template'>,
  input: Input,
): { path: string; init: RequestInit } {
  const rest = new Map(Object.entries(input));
  const path = template.replace(/\{(\w+)\}/g, (_, part: string) => {
    const value = String(rest.get(part) ?? 'x');
    rest.delete(part);
    return encodeURIComponent(value);
  });
  const format = /\?format=(\w+)$/.exec(name)?.[1];
  if (method === 'GET' || method === 'HEAD') {
    const query = new URLSearchParams(
      Object.fromEntries([...rest].map(([key, value]) => [key, String(value)])),
    );
    if (format !== undefined) query.set('format', format);
    return { path: `${restBase}${path}${query.size > 0 ? `?${query}` : ''}`, init: { method } };
  }
  const init = { method, body: JSON.stringify(Object.fromEntries(rest)), headers: json };
  return { path: `${restBase}${path}`, init };
}

/** The same by tRPC; with `turned`, a query comes as POST and a mutation as GET. */
export function trpcRequestOf(
  { name, type }: Pick<Operation, 'name' | 'type'>,
  input: Input,
  { turned = false } = {},
): { path: string; init: RequestInit } {
  const isGet = (type === 'query') !== turned;
  const text = JSON.stringify(input);
  if (!isGet) {
    return { path: `/api/trpc/${name}`, init: { method: 'POST', body: text, headers: json } };
  }
  const query = new URLSearchParams({ input: text });
  return { path: `/api/trpc/${name}?${query}`, init: { method: 'GET' } };
}

const json = { 'content-type': 'application/json' };

/** What an answer has to be: fine, or refused for a reason, which has its status. */
export type Outcome = 'ok' | keyof typeof reasons;

export const statusOf = (outcome: Outcome): number =>
  outcome === 'ok' ? 200 : reasons[outcome].status;
