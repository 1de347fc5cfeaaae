import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../environment/env-file.ts';
import { ROOT } from '../paths.ts';
import { type Log, prefixLines } from './output.ts';

const STOP_LIMIT_MS = 10_000;
const DIE_WITH_PARENT = pathToFileURL(path.join(ROOT, 'scripts/die-with-parent.mjs')).href;
const TSX = import.meta.resolve('tsx');

export type ChildSpec = {
  /** Prefixes its lines. */
  name: string;
  /** What follows `node`; TypeScript runs. */
  args: string[];
  cwd: string;
  env: Environment;
  /** How long it may take to end when it is asked to; default 10 seconds. */
  stopLimitMs?: number;
};

export type Child = {
  /** How it ended, in words: "exit code 1", "SIGKILL". */
  ended: Promise<string>;
  /** Asks it to end and, past its limit, ends it, with everything it has started. */
  stop(): Promise<void>;
};

/** Starts a part of the product as a process of its own, with node itself so that signals reach it. */
export function startChild(spec: ChildSpec, log: Log): Child {
  const { name, args, cwd, env, stopLimitMs = STOP_LIMIT_MS } = spec;
  const child = spawn(process.execPath, ['--import', DIE_WITH_PARENT, '--import', TSX, ...args], {
    cwd,
    env,
    // A group of its own: Ctrl-C reaches the supervisor alone, which stops everyone in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  prefixLines(child.stdout, `${name} | `, log);
  prefixLines(child.stderr, `${name} | `, log);
  const ended = once(child, 'close').then(
    ([code, signal]: (number | string | null)[]) =>
      typeof signal === 'string' ? signal : `exit code ${code}`,
    (error: Error) => error.message,
  );
  const { pid } = child;
  return {
    ended,
    async stop() {
      child.kill('SIGTERM');
      const limit = new AbortController();
      await Promise.race([
        ended,
        pause(stopLimitMs, undefined, { signal: limit.signal, ref: true }),
      ]);
      limit.abort();
      if (pid !== undefined) killGroup(pid);
      await ended;
    },
  };
}

/** What the child itself has started and not stopped. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
