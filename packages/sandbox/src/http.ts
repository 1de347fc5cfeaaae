import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';

/** What a handler gets: everything it may need of a request, the body still unread. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Named parts of the route's pattern, decoded. */
  params: Record<string, string>;
  request: IncomingMessage;
  /** Aborts when the caller hangs up or the server stops. */
  signal: AbortSignal;
}

/** What a handler answers. Objects are sent as JSON. */
export interface Reply {
  status: number;
  body: object | string;
  headers?: Record<string, string>;
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS';
  /** Segments; `:name` matches one segment. */
  pattern: string;
  handle: (call: Call) => Promise<Reply> | Reply;
}

/** Thrown by handlers to answer something else than success. */
export class Problem extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`answers ${reply.status}: ${JSON.stringify(reply.body)}`);
    this.name = 'Problem';
    this.reply = reply;
  }
}

/** A plain error of the stand-in itself: `{error: {code, description}}`. */
export function problem(status: number, code: string, description: string): Problem {
  return new Problem({ status, body: { error: { code, description } } });
}

/** Reads a body of at most `limitBytes`; a longer one is answered with 413. */
async function readBody(request: IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limitBytes) throw problem(413, 'PAYLOAD_TOO_LARGE', `At most ${limitBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads a JSON body; an empty one counts as `{}`, a broken one is answered with 400. */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const text = await readBody(request, limitBytes);
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw problem(400, 'BAD_REQUEST_ERROR', 'The body is not valid JSON.');
  }
}

/** Parses with a schema; a mismatch is answered with 400 naming the first wrong field. */
export function parseOr400<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'body';
  throw problem(400, 'BAD_REQUEST_ERROR', `${where}: ${issue?.message ?? 'invalid'}`);
}

/** The named parts when `path` fits `pattern`, else null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, want] of wanted.entries()) {
    const have = given[i] ?? '';
    if (want.startsWith(':')) {
      if (have === '') return null;
      params[want.slice(1)] = have;
    } else if (want !== have) return null;
  }
  return params;
}

/** Writes a reply, once. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const isText = typeof reply.body === 'string';
  const body = isText ? (reply.body as string) : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...reply.headers,
    'content-length': Buffer.byteLength(body),
  });
  response.end(reply.status === 204 ? undefined : body);
}
