import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { procedures } from '@hourly/api';
import type { TestDatabase } from '@hourly/db/testing';
import { expect } from 'vitest';

/** What a file of routes may answer to. */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof methods)[number];

type RouteFile = Partial<Record<Method, (request: Request) => Promise<Response>>>;

const folder = fileURLToPath(new URL('../../../src/app/api', import.meta.url));
export const routeFiles: readonly string[] = readdirSync(folder, {
  recursive: true,
  encoding: 'utf8',
})
  .filter((file) => path.basename(file) === 'route.ts')
  .sort();

export const loadRoutes = (file: string): Promise<RouteFile> => import(path.join(folder, file));

/** One thing to ask for, without anything that would be needed to get it. */
export interface Ask {
  method: Method;
  path: string;
  body: string | null;
}

interface Operation {
  security?: object[];
}

/** Every operation that needs credentials, by the description of the API and by the router's record. */
export async function guardedAsks(): Promise<Ask[]> {
  const { GET } = await loadRoutes('openapi.json/route.ts');
  const response = await GET?.(new Request('http://localhost:3000/api/openapi.json'));
  const document = (await response?.json()) as { paths: Record<string, Record<string, Operation>> };
  const rest = Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations)
      .filter(([, { security = [] }]) => security.length > 0)
      .map(([method]) =>
        askOf(method.toUpperCase() as Method, template.replaceAll(/\{\w+\}/g, id)),
      ),
  );
  const csv = askOf('GET', '/api/hourly-usage/transactions?format=csv');
  return [...rest, csv, ...trpcAsks(procedures)];
}

const id = '00000000-0000-4000-8000-000000000000';

const askOf = (method: Method, at: string): Ask => ({
  method,
  path: at,
  body: method === 'GET' ? null : '{}',
});

/** A procedure is a function that knows its type; everything else is a record of more. */
function trpcAsks(record: object, prefix = '/api/trpc/'): Ask[] {
  return Object.entries(record).flatMap(([name, node]) => {
    const type = (node as { _def?: { type?: string } })._def?.type;
    if (type === undefined) return trpcAsks(node as object, `${prefix}${name}.`);
    return [askOf(type === 'query' ? 'GET' : 'POST', `${prefix}${name}`)];
  });
}

/** Asks the route handler that Next would choose, as a browser behind a proxy does. */
export async function knock(
  { method, path: at, body }: Ask,
  headers: Record<string, string>,
): Promise<Response> {
  const isTrpc = at.startsWith('/api/trpc/');
  const routes = await loadRoutes(
    isTrpc ? 'trpc/[trpc]/route.ts' : 'hourly-usage/[...path]/route.ts',
  );
  const handler = routes[method];
  if (handler === undefined) throw new Error(`${method} ${at} has no route`);
  const json = body === null ? {} : { 'content-type': 'application/json' };
  return handler(
    new Request(`http://localhost:3000${at}`, { method, body, headers: { ...json, ...headers } }),
  );
}

/** 401 in the API's own words, in REST and in tRPC. */
export async function expectUnauthenticated(response: Response, what: string): Promise<void> {
  const body = (await response.json()) as { error?: { data: object } };
  expect({ status: response.status, ...(body.error?.data ?? body) }, what).toMatchObject({
    status: 401,
    reason: 'UNAUTHENTICATED',
    code: 'UNAUTHORIZED',
    requestId: response.headers.get('x-request-id'),
  });
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual(
    [],
  );
}

/** Every row of every table, as one checksum each. */
export async function rowsOf({ owner }: TestDatabase): Promise<Record<string, string>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const prints: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await owner.query<{ print: string }>(
      `select md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as print from ${name} t`,
    );
    prints[name] = rows[0]?.print ?? '';
  }
  return prints;
}
