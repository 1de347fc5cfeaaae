import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox } from '@hourly/sandbox';
import { type Environment, readEnvironment } from '../environment/env-file.ts';
import { realSystems, SYSTEMS, type System } from '../environment/outside-systems.ts';
import { needsSandbox, standInEnvironment } from '../environment/product-environment.ts';
import { type DataDir, useDataDir } from '../installation/data-dir.ts';
import { type Lock, readHolder, tryLock } from '../installation/lock.ts';
import type { RunInfo } from '../installation/run-info.ts';
import { readOrMakeSecrets } from '../installation/secrets.ts';
import { ROOT } from '../paths.ts';
import type { Cleanup } from '../processes/cleanup.ts';
import { migrateGiven, migrateOwn, startOwnPostgres } from '../steps/database.ts';
import { ensureGenerated } from '../steps/generate.ts';
import { StopError } from '../stop-error.ts';

const TURN_LIMIT_MS = 180_000;
const WORKER = path.join(ROOT, 'apps/worker');

/**
 * Runs one command of the operator's CLI against the running installation, or else against its data
 * folder, with a database (and stand-ins) started for as long as the command takes.
 *
 * Only the command writes to stdout.
 *
 * @returns the command's exit code
 */
export async function cli(args: string[], cleanup: Cleanup, signal: AbortSignal): Promise<number> {
  const environment = readEnvironment();
  const real = realSystems(environment);
  const dataDir = useDataDir(environment);
  await ensureGenerated(signal);
  const turn = await waitForTurn(dataDir, signal);
  if (!('lock' in turn)) {
    refuseStandInsBesideRealOnes(turn.running, real);
    return await runCommand(args, { ...turn.running.environment, ...environment }, signal);
  }
  cleanup.add(() => turn.lock.release());
  const prepared = await prepare(dataDir, environment, real, cleanup);
  return await runCommand(args, prepared, signal);
}

/** The running installation, or the data folder for ourselves. */
async function waitForTurn(
  { path: folder, lockFile }: DataDir,
  signal: AbortSignal,
): Promise<{ running: RunInfo } | { lock: Lock<RunInfo> }> {
  const deadline = performance.now() + TURN_LIMIT_MS;
  for (;;) {
    const lock = tryLock<RunInfo>(lockFile, 'cli');
    if (lock !== undefined) return { lock };
    const holder = readHolder<RunInfo>(lockFile);
    if (holder?.info !== undefined) return { running: holder.info };
    if (performance.now() > deadline) {
      throw new StopError(
        `${folder} is in use by process ${holder?.pid}, which does not get ready.`,
      );
    }
    await pause(50, undefined, { signal });
  }
}

/** A refund, say, that goes to a stand-in would look done and never reach the customer. */
function refuseStandInsBesideRealOnes(running: RunInfo, real: Record<System, boolean>): void {
  const missing = (Object.keys(SYSTEMS) as System[]).filter(
    (name) => running.real[name] && !real[name],
  );
  if (missing.length === 0) return;
  throw new StopError(
    `The running Hourly uses the real ${missing.join(' and ')}; set ${missing
      .flatMap((name) => SYSTEMS[name])
      .join(', ')} here too, or put them into .env.local.`,
  );
}

async function prepare(
  dataDir: DataDir,
  environment: Environment,
  real: Record<System, boolean>,
  cleanup: Cleanup,
): Promise<Environment> {
  const log = (line: string) => console.error(line);
  const secrets = readOrMakeSecrets(dataDir.secretsFile);
  const database =
    environment.DATABASE_URL === undefined
      ? await ownDatabase()
      : await migrateGiven(environment, environment.DATABASE_URL, log);
  const sandboxPort = needsSandbox(real) ? await standIns() : 0;
  const ports = { web: 0, sandbox: sandboxPort };
  return {
    ...environment,
    ...standInEnvironment({ environment, real, dataDir, secrets, ports }),
    DATABASE_URL: database.worker,
  };

  async function ownDatabase() {
    const server = await startOwnPostgres(dataDir, log);
    cleanup.add(() => server.stop());
    return await migrateOwn(server.url, secrets, () => {});
  }

  async function standIns(): Promise<number> {
    const sandbox = await startSandbox({
      port: 0,
      dataDir: dataDir.sandbox,
      keyId: secrets.razorpayKeyId,
      keySecret: secrets.razorpayKeySecret,
      webhookSecret: secrets.razorpayWebhookSecret,
      runpodApiKey: secrets.runpodApiKey,
    });
    cleanup.add(() => sandbox.stop());
    return Number(new URL(sandbox.url).port);
  }
}

async function runCommand(args: string[], env: Environment, signal: AbortSignal): Promise<number> {
  const main = path.join(WORKER, 'src/cli/main.ts');
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
    cwd: WORKER,
    env,
    stdio: 'inherit',
  });
  const forward = () => child.kill('SIGTERM');
  signal.addEventListener('abort', forward);
  const [code, stoppedBy] = await once(child, 'exit');
  signal.removeEventListener('abort', forward);
  return typeof code === 'number' ? code : stoppedBy === 'SIGINT' ? 130 : 1;
}
