import { request } from 'node:http';
import type { World } from '../support/world.ts';

export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** Sends what fetch would tidy up or refuse: paths as they are, bodies without an end. */
export function sendRaw(
  world: World,
  asked: {
    method?: string;
    path: string;
    headers?: Record<string, string>;
    chunks?: readonly (string | Buffer)[];
  },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(world.url);
  const { method = 'GET', path, chunks = [] } = asked;
  const chunked = chunks.length > 0 && { 'transfer-encoding': 'chunked' };
  const headers = { ...asked.headers, ...chunked };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, timeout: 10_000 }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('error', reject);
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: new Headers(answer.headersDistinct as Record<string, string[]> as never),
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    sent.once('timeout', () => sent.destroy(new Error(`${method} ${path} is not answered`)));
    // Whoever is refused while still sending may find the connection closed after the answer.
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}
