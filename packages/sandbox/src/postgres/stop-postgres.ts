import { isPostmasterOf } from './postmaster.ts';
import { waitFor } from './wait.ts';

const FAST_LIMIT_MS = 20_000;
const IMMEDIATE_LIMIT_MS = 10_000;
const WATCH_INTERVAL_MS = 100;

/**
 * Stops the server `pid` of `dataDir`: first "fast" (rolls back and writes everything out), then,
 * past the limit, "immediate" (recovers from its log at the next start). Nothing happens when the
 * process is gone or is not that server.
 */
export async function stopPostmaster(dataDir: string, pid: number): Promise<void> {
  if (!signal(dataDir, pid, 'SIGINT')) return;
  try {
    await waitUntilGone(dataDir, pid, FAST_LIMIT_MS);
  } catch {
    if (!signal(dataDir, pid, 'SIGQUIT')) return;
    await waitUntilGone(dataDir, pid, IMMEDIATE_LIMIT_MS);
  }
}

export type Watch = {
  /** Settles when the server is gone, for whatever reason. */
  gone: Promise<void>;
  /** From now on the process stays alive until then; before, watching keeps no process alive. */
  hold(): void;
};

export function watchPostmaster(dataDir: string, pid: number): Watch {
  let hold = () => {};
  const gone = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (isPostmasterOf(dataDir, pid)) return;
      clearInterval(timer);
      resolve();
    }, WATCH_INTERVAL_MS);
    timer.unref();
    hold = () => timer.ref();
  });
  return { gone, hold: () => hold() };
}

async function waitUntilGone(dataDir: string, pid: number, limitMs: number): Promise<void> {
  await waitFor(
    limitMs,
    () => `The database server (process ${pid}) does not stop; see ${dataDir}.log`,
    () => (isPostmasterOf(dataDir, pid) ? undefined : true),
  );
}

function signal(dataDir: string, pid: number, name: NodeJS.Signals): boolean {
  return isPostmasterOf(dataDir, pid) && process.kill(pid, name);
}
