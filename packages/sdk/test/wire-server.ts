import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';

/** A request as it arrived. */
export interface Arrived {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
  /** Milliseconds since the first one. */
  atMs: number;
}

/** How one request is answered: with JSON, or in any other way by hand. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; json: unknown }
  | ((response: ServerResponse, arrived: Arrived) => void);

/**
 * A real HTTP server that answers the nth request with the nth answer, and everything after the last one like it.
 * Stops with the test.
 */
export async function startWireServer(...answers: [Answer, ...Answer[]]) {
  const arrived: Arrived[] = [];
  const startedMs = performance.now();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const one: Arrived = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: text === '' ? null : JSON.parse(text),
        atMs: performance.now() - startedMs,
      };
      arrived.push(one);
      const answer = answers[Math.min(arrived.length, answers.length) - 1] ?? answers[0];
      if (typeof answer === 'function') return answer(response, one);
      response.writeHead(answer.status ?? 200, {
        'content-type': 'application/json',
        ...answer.headers,
      });
      response.end(JSON.stringify(answer.json));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, arrived, closed: () => once(server, 'close'), server };
}

/** A refusal as the server writes it. */
export const refusal = (
  status: number,
  reason: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers,
  json: { message: `because ${reason}`, code: 'X', reason, requestId: 'req_1', ...more },
});

/** A refusal as tRPC carries it. */
export const refusedCall = (httpStatus: number, reason: string): Answer => ({
  status: httpStatus,
  json: {
    error: {
      message: `because ${reason}`,
      code: -32600,
      data: { httpStatus, reason, requestId: 'req_1' },
    },
  },
});

/** An answer as tRPC carries it. */
export const answeredCall = (data: unknown): Answer => ({ json: { result: { data } } });

/** Leaves the request without an answer. */
export const silence: Answer = () => {};

/** Cuts the line. */
export const hangUp: Answer = (response) => {
  response.socket?.destroy();
};

export const testKey = 'hk_test_0123456789';

/** The error of a call that must fail. */
export const errorOfCall = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.fail('was answered'),
    (error: unknown) => error,
  );
