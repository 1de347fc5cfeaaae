import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Faults } from './faults/faults.ts';
import { perform } from './faults/perform.ts';
import type { Provider } from './faults/rules.ts';
import {
  type Call,
  matchPath,
  Problem,
  problem,
  type Reply,
  type Route,
  sendReply,
} from './http.ts';
import { corsHeaders } from './razorpay/checkout.ts';
import { unknownUrl } from './razorpay/errors.ts';

/** Whose API a path belongs to; only those can be ordered to fail. */
function providerOf(path: string): Provider | null {
  if (path.startsWith('/v2/')) return 'runpod';
  return path.startsWith('/v1/') && path !== '/v1/checkout.js' ? 'razorpay' : null;
}

function findRoute(
  routes: Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } {
  const allowed: string[] = [];
  for (const route of routes) {
    const params = matchPath(route.pattern, path);
    if (params && route.method === method) return { route, params };
    if (params) allowed.push(route.method);
  }
  if (allowed.length === 0 && path.startsWith('/v1/')) throw unknownUrl();
  if (allowed.length === 0) {
    throw problem(404, 'NOT_FOUND', `The stand-in has nothing at ${method} ${path.slice(0, 200)}.`);
  }
  const refusal = problem(405, 'METHOD_NOT_ALLOWED', `${method} is not possible here.`);
  throw new Problem({ ...refusal.reply, headers: { allow: allowed.join(', ') } });
}

function decodedPath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    throw problem(400, 'BAD_REQUEST_ERROR', 'The path is not valid.');
  }
}

/** The reply, or null when the connection is to be dropped without one. */
async function answer(
  routes: Route[],
  faults: Faults,
  call: Omit<Call, 'params'>,
): Promise<Reply | null> {
  const work = () => {
    const { route, params } = findRoute(routes, call.method, call.path);
    return route.handle({ ...call, params });
  };
  const provider = providerOf(call.path);
  const fault = provider && faults.take(provider, `${call.method} ${call.path}`);
  return provider && fault ? perform(fault, provider, { work, signal: call.signal }) : work();
}

async function handle(
  context: { routes: Route[]; faults: Faults; log: (line: string) => void },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  let path = '';
  let reply: Reply | null;
  try {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    path = decodedPath(url);
    const call = { method, path, query: url.searchParams, request, signal: gone.signal };
    reply = await answer(context.routes, context.faults, call);
  } catch (error) {
    if (error instanceof Problem) reply = error.reply;
    else {
      if (!gone.signal.aborted) context.log(`${method} ${path} broke: ${String(error)}`);
      reply = problem(500, 'SERVER_ERROR', 'The stand-in broke.').reply;
    }
  }
  if (reply === null) {
    request.socket.destroy();
    return;
  }
  const isUnread = !request.complete;
  const headers = { ...corsHeaders(path), ...reply.headers };
  if (isUnread) response.setHeader('connection', 'close');
  sendReply(response, { ...reply, headers });
  context.log(`${method} ${path} ${reply.status}`);
}

export interface Listening {
  url: string;
  close(): Promise<void>;
}

/** Listens and answers by the routes; `close` drops what is open and waits until all has ended. */
export async function listen(options: {
  port: number;
  host: string;
  routes: Route[];
  faults: Faults;
  log: (line: string) => void;
}): Promise<Listening> {
  const server: Server = createServer((request, response) => {
    void handle(options, request, response);
  });
  server.requestTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  const isAny = ['0.0.0.0', '::'].includes(options.host);
  const host = isAny
    ? '127.0.0.1'
    : options.host.includes(':')
      ? `[${options.host}]`
      : options.host;
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
