import { z } from 'zod';
import { type Call, parseOr400, problem, type Reply, type Route, readJson } from '../http.ts';

const BODY_LIMIT_BYTES = 256 * 1024;

/**
 * One lever of the switchboard at `/_sandbox<path>`: its body, checked, goes to `pull`, whose answer
 * is sent as JSON.
 */
export function lever<S extends z.ZodType>(
  method: 'POST' | 'DELETE',
  path: string,
  schema: S,
  pull: (input: z.output<S>, call: Call) => object | Promise<object>,
): Route {
  return guarded(method, path, async (call) => {
    const input = parseOr400(schema, await readJson(call.request, BODY_LIMIT_BYTES));
    return { status: 200, body: await pull(input, call) };
  });
}

/** A look at something. */
export function look(path: string, show: (call: Call) => object): Route {
  return guarded('GET', path, (call) => ({ status: 200, body: show(call) }));
}

/** The named part of the path. */
export const idOf = (call: Call): string => call.params.id ?? '';

export const nothing = z.strictObject({});

/** Levers need no key, so pages in a browser are kept out: a request with an `Origin` is refused. */
function guarded(
  method: Route['method'],
  path: string,
  handle: (call: Call) => Reply | Promise<Reply>,
): Route {
  return {
    method,
    pattern: `/_sandbox${path}`,
    handle(call) {
      if (call.request.headers.origin !== undefined) {
        throw problem(403, 'FORBIDDEN', 'The switchboard is not for pages in a browser.');
      }
      return handle(call);
    },
  };
}
