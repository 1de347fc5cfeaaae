import fs from 'node:fs';
import path from 'node:path';
import type { Environment } from '../environment/env-file.ts';
import { waitForLock } from '../installation/lock.ts';
import { ROOT } from '../paths.ts';
import { type Log, secondsSince } from '../processes/output.ts';
import { runQuietly } from '../processes/run-quietly.ts';
import { StopError } from '../stop-error.ts';

const LIMIT_MS = 10 * 60_000;
const NEXT = path.join(ROOT, 'apps/web/.next');
const STAMP = path.join(NEXT, 'hourly-build');

/**
 * Builds the web app for production unless nothing it depends on has changed. Two starts at once
 * build one after the other, and an unchanged build isn't touched: another `npm start` may serve it.
 */
export async function ensureBuilt(
  environment: Environment,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const lock = await waitForLock(
    path.join(ROOT, 'node_modules/.hourly-build.json'),
    'build',
    LIMIT_MS,
  );
  if (lock === undefined)
    throw new StopError('Another process is building the web app and does not end.');
  try {
    const hash = await buildHash(environment, signal);
    if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === hash) return;
    const startedAt = performance.now();
    log('building the web app');
    await turbo(['--output-logs=errors-only'], 'building the web app', environment, signal);
    fs.writeFileSync(STAMP, hash);
    log(`built the web app in ${secondsSince(startedAt)}`);
  } finally {
    lock.release();
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
