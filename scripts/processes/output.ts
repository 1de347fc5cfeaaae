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

/** Calls `log` with every line of `stream`, prefixed and made readable, as soon as it is complete. */
export function prefixLines(stream: Readable, prefix: string, log: Log): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log(`${prefix}${readable(line)}`);
  });
  stream.on('end', () => {
    if (rest !== '') log(`${prefix}${readable(rest)}`);
  });
}

const LEVELS: Record<number, string> = { 40: 'warning: ', 50: 'error: ', 60: 'fatal: ' };

/** A line of the structured log (JSON by pino) for people: its message, then what else it says. */
function readable(line: string): string {
  if (!line.startsWith('{"level":')) return line;
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    // Cut off or something else that only looks like it: shown as it is.
    return line;
  }
  const { level, msg, time: _time, pid: _pid, hostname: _hostname, name: _name, ...rest } = entry;
  const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  return `${LEVELS[Number(level)] ?? ''}${msg ?? ''}${details}`;
}

export const secondsSince = (startedAt: number): string =>
  `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
