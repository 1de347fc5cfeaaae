import path from 'node:path';
import { type Environment, readEnvironment } from '../environment/env-file.ts';
import { realSystems } from '../environment/outside-systems.ts';
import {
  type Installation,
  needsSandbox,
  sandboxEnvironment,
  standInEnvironment,
  webHost,
} from '../environment/product-environment.ts';
import { machineVariables } from '../environment/product-variables.ts';
import { useDataDir } from '../installation/data-dir.ts';
import { isLeftBehind } from '../installation/lock.ts';
import { choosePorts } from '../installation/ports.ts';
import { type RunInfo, takeOverDataDir } from '../installation/run-info.ts';
import { readOrMakeSecrets } from '../installation/secrets.ts';
import { ROOT } from '../paths.ts';
import { type ChildSpec, startChild } from '../processes/child.ts';
import type { Cleanup } from '../processes/cleanup.ts';
import { keepRunning } from '../processes/keep-running.ts';
import { type Log, secondsSince } from '../processes/output.ts';
import { buildToServe, removeServed } from '../steps/build.ts';
import {
  type DatabaseUrls,
  migrateGiven,
  migrateOwn,
  startOwnPostgres,
} from '../steps/database.ts';
import { ensureGenerated } from '../steps/generate.ts';
import { waitUntilHealthy } from '../steps/wait-until-healthy.ts';

const HEALTH_LIMIT_MS = 60_000;
// What a supervisor that was killed has started notices within half a second and leaves within five.
const LEFT_BEHIND_LIMIT_MS = 7_000;
// A browser that keeps asking would keep the web app up; nothing it does takes longer than this.
const WEB_STOP_LIMIT_MS = 5_000;

export type StartOptions = {
  mode: 'start' | 'dev';
  log: Log;
  cleanup: Cleanup;
  signal: AbortSignal;
};

/**
 * Starts the whole product and returns once it answers; rejects later only through `onGiveUp`.
 *
 * @returns the dashboard's address
 */
export async function start(
  { mode, log, cleanup, signal }: StartOptions,
  onGiveUp: (error: Error) => void,
): Promise<string> {
  const startedAt = performance.now();
  const environment = readEnvironment();
  const real = realSystems(environment);
  const dataDir = useDataDir(environment);
  const patienceMs = isLeftBehind(dataDir.lockFile) ? LEFT_BEHIND_LIMIT_MS : 0;
  const lock = await takeOverDataDir(dataDir, mode, log);
  cleanup.add(() => lock.release());
  const ports = await choosePorts(environment, needsSandbox(real), patienceMs);
  const secrets = readOrMakeSecrets(dataDir.secretsFile);
  const installation: Installation = { environment, real, dataDir, secrets, ports };

  const buildForUs = async (either: AbortSignal) => {
    const name = await buildToServe(environment, log, either);
    cleanup.add(() => removeServed(name));
    return name;
  };

  await ensureGenerated(signal);
  const [database, build] = await bothOrNeither(
    signal,
    (either) => startDatabase(installation, { log, cleanup, signal: either }, onGiveUp),
    (either) => (mode === 'start' ? buildForUs(either) : Promise.resolve('.next')),
  );
  signal.throwIfAborted();

  const parts = partsOf(installation, database, { mode, build }).map((spec) => {
    const again = () => startChild(spec, log);
    const kept = keepRunning(spec.name, again(), again, { log, onGiveUp });
    cleanup.add(() => kept.stop());
    return kept;
  });
  await untilWell(installation, signal);
  for (const part of parts) part.started();

  const url = `http://localhost:${ports.web}/hourly-usage`;
  lock.publish(runInfo(installation, database, url));
  log(`everything runs after ${secondsSince(startedAt)}; data is kept in ${dataDir.path}`);
  return url;
}

/** Does two things at once; when one fails, the other is told to stop and waited for. */
async function bothOrNeither<A, B>(
  signal: AbortSignal,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const work = [first(either), second(either)] as const;
  for (const part of work) part.catch((error) => failed.abort(error));
  await Promise.allSettled(work);
  // Of two failures, the one that came first is the reason for the other.
  if (failed.signal.aborted) throw failed.signal.reason;
  return await Promise.all(work);
}

async function startDatabase(
  { environment, dataDir, secrets }: Installation,
  { log, cleanup, signal }: Omit<StartOptions, 'mode'>,
  onGiveUp: (error: Error) => void,
): Promise<DatabaseUrls> {
  const given = environment.DATABASE_URL;
  if (given !== undefined) return await migrateGiven(environment, given, log);
  const first = await startOwnPostgres(dataDir, log);
  const again = async () => {
    const server = await startOwnPostgres(dataDir, log, first.port);
    if (server.port === first.port) return server;
    await server.stop();
    throw new Error(`Postgres can't come back: someone else took its port ${first.port}`);
  };
  const kept = keepRunning('Postgres', first, again, { log, onGiveUp });
  kept.started();
  cleanup.add(() => kept.stop());
  signal.throwIfAborted();
  return await migrateOwn(first.url, secrets, log);
}

function partsOf(
  installation: Installation,
  database: DatabaseUrls,
  { mode, build }: { mode: 'start' | 'dev'; build: string },
): ChildSpec[] {
  const { environment, real, ports } = installation;
  const NODE_ENV = mode === 'dev' ? 'development' : 'production';
  const product: Environment = { ...environment, ...standInEnvironment(installation), NODE_ENV };
  const web = path.join(ROOT, 'apps/web');
  const worker = path.join(ROOT, 'apps/worker');
  const sandbox: ChildSpec = {
    name: 'stand-ins',
    args: [path.join(ROOT, 'packages/sandbox/src/main.ts')],
    cwd: ROOT,
    env: { ...machineVariables(environment), ...sandboxEnvironment(installation), NODE_ENV },
  };
  return [
    ...(needsSandbox(real) ? [sandbox] : []),
    {
      name: 'worker',
      args: [path.join(worker, 'src/main.ts')],
      cwd: worker,
      env: { ...product, DATABASE_URL: database.worker },
    },
    {
      name: 'web',
      args: [
        path.join(web, 'node_modules/next/dist/bin/next'),
        mode,
        `--port=${ports.web}`,
        `--hostname=${webHost(installation)}`,
      ],
      cwd: web,
      env: {
        ...product,
        PORT: String(ports.web),
        DATABASE_URL: database.web,
        HOURLY_WEB_BUILD: build,
      },
      stopLimitMs: WEB_STOP_LIMIT_MS,
    },
  ];
}

async function untilWell({ real, ports }: Installation, signal: AbortSignal): Promise<void> {
  if (needsSandbox(real)) {
    const script = `http://127.0.0.1:${ports.sandbox}/v1/checkout.js`;
    await waitUntilHealthy(script, HEALTH_LIMIT_MS, signal);
  }
  await waitUntilHealthy(`http://127.0.0.1:${ports.web}/api/health`, HEALTH_LIMIT_MS, signal);
}

function runInfo(installation: Installation, database: DatabaseUrls, url: string): RunInfo {
  return {
    url,
    real: installation.real,
    environment: { ...standInEnvironment(installation), DATABASE_URL: database.worker },
  };
}
