import fs from 'node:fs';
import path from 'node:path';
import type { Environment } from '../environment/env-file.ts';
import { waitForLock } from '../installation/lock.ts';
import { ROOT } from '../paths.ts';
import { type Log, secondsSince } from '../processes/output.ts';
import { runQuietly } from '../processes/run-quietly.ts';
import { StopError } from '../stop-error.ts';

const LIMIT_MS = 10 * 60_000;
const WEB = path.join(ROOT, 'apps/web');
const BUILD = path.join(WEB, '.next');
const STAMP = path.join(BUILD, 'hourly-build');
const LOCK = path.join(ROOT, 'node_modules/.hourly-build.json');
const SERVED = '.next-served-';

/** Builds the web app for production unless nothing that goes into it has changed. */
export async function ensureBuilt(
  environment: Environment,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  await whileNobodyBuilds(() => build(environment, log, signal));
}

/**
 * Builds if needed, and gives this process a copy to serve: a later build, of a test run say, takes
 * nothing away from it.
 *
 * @returns the copy's name in apps/web; it is in the way of nobody once this process is gone
 */
export async function buildToServe(
  environment: Environment,
  log: Log,
  signal: AbortSignal,
): Promise<string> {
  return await whileNobodyBuilds(async () => {
    await build(environment, log, signal);
    for (const name of fs.readdirSync(WEB)) {
      if (name.startsWith(SERVED) && !isAlive(Number(name.slice(SERVED.length)))) {
        removeServed(name);
      }
    }
    const name = `${SERVED}${process.pid}`;
    const notServed = ['cache', 'dev'].map((folder) => path.join(BUILD, folder));
    fs.cpSync(BUILD, path.join(WEB, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !notServed.includes(source),
    });
    return name;
  });
}

export function removeServed(name: string): void {
  fs.rmSync(path.join(WEB, name), { recursive: true, force: true });
}

async function build(environment: Environment, log: Log, signal: AbortSignal): Promise<void> {
  const hash = await buildHash(environment, signal);
  if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === hash) return;
  const startedAt = performance.now();
  log('building the web app');
  // An interrupted build leaves neither the old one nor the new one.
  fs.rmSync(STAMP, { force: true });
  await turbo(['--output-logs=errors-only'], 'building the web app', environment, signal);
  fs.writeFileSync(STAMP, hash);
  log(`built the web app in ${secondsSince(startedAt)}`);
}

async function whileNobodyBuilds<T>(work: () => Promise<T>): Promise<T> {
  const lock = await waitForLock(LOCK, 'build', LIMIT_MS);
  if (lock === undefined) {
    throw new StopError('Another process is building the web app and does not end.');
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** turbo's own hash of everything that goes into the build: sources, packages, versions, variables. */
async function buildHash(environment: Environment, signal: AbortSignal): Promise<string> {
  const dry = await turbo(['--dry=json'], 'looking at the web app', environment, signal);
  const { tasks } = JSON.parse(dry) as { tasks: { taskId: string; hash: string }[] };
  const hash = tasks.find(({ taskId }) => taskId === '@hourly/web#build')?.hash;
  if (hash === undefined) throw new Error('turbo knows no @hourly/web#build');
  return hash;
}

function turbo(
  args: string[],
  what: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<string> {
  return runQuietly('turbo', ['run', 'build', '--filter=@hourly/web', ...args], {
    what,
    limitMs: LIMIT_MS,
    signal,
    env: publicVariables(environment),
  });
}

/** Next writes these into the browser's code while it builds. */
function publicVariables(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => name.startsWith('NEXT_PUBLIC_')),
  );
}
