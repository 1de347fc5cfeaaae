import type { Environment } from '../environment/env-file.ts';
import type { System } from '../environment/outside-systems.ts';
import type { Log } from '../processes/output.ts';
import { StopError } from '../stop-error.ts';
import type { DataDir } from './data-dir.ts';
import { type Lock, readHolder, tryLock, waitForLock } from './lock.ts';

const COMMAND_LIMIT_MS = 60_000;

/** What a running installation tells the CLI. */
export type RunInfo = {
  /** The dashboard's address. */
  url: string;
  /** The CLI must not use a stand-in where the running product uses the real thing. */
  real: Record<System, boolean>;
  /** The database and the stand-ins, as the worker sees them. */
  environment: Environment;
};

/**
 * Takes the data folder for a whole run. A command of the CLI holds it for seconds and is waited for.
 *
 * @throws StopError when it is already running there
 */
export async function takeOverDataDir(
  dataDir: DataDir,
  purpose: 'start' | 'dev',
  log: Log,
): Promise<Lock<RunInfo>> {
  const lock = tryLock<RunInfo>(dataDir.lockFile, purpose);
  if (lock !== undefined) return lock;
  const holder = readHolder<RunInfo>(dataDir.lockFile);
  if (holder?.purpose === 'cli') {
    log(`waiting for a command that is using ${dataDir.path} (process ${holder.pid})`);
    const late = await waitForLock<RunInfo>(dataDir.lockFile, purpose, COMMAND_LIMIT_MS);
    if (late !== undefined) return late;
  }
  const where = holder?.info === undefined ? '' : ` at ${holder.info.url}`;
  throw new StopError(
    `Hourly already runs on ${dataDir.path}${where} (process ${holder?.pid}). ` +
      'Stop it first, or set HOURLY_DATA_DIR to another folder.',
  );
}
