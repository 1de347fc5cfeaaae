import type { Readable } from 'node:stream';

export type Log = (line: string) => void;

/** Whoever reads our output may leave before we do (`npm start | head`). */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Calls `log` with every line of `stream`, prefixed, as soon as it is complete. */
export function prefixLines(stream: Readable, prefix: string, log: Log): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log(`${prefix}${line}`);
  });
  stream.on('end', () => {
    if (rest !== '') log(`${prefix}${rest}`);
  });
}

export const secondsSince = (startedAt: number): string =>
  `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
