import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A provider on a real port that answers as the test says, to speak what the stand-ins never would. */
export async function startProvider(): Promise<{
  url: string;
  /** `GET /v1/orders?…` of every call. */
  calls: string[];
  answerWith(answer: Answer): void;
  stop(): Promise<void>;
}> {
  const calls: string[] = [];
  let current: Answer = (_request, response) => response.end();
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    current(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    answerWith(answer) {
      current = answer;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const json =
  (body: unknown, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
