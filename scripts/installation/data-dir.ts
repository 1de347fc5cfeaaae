import fs from 'node:fs';
import path from 'node:path';
import type { Environment } from '../environment/env-file.ts';
import { fromCaller, ROOT } from '../paths.ts';
import { StopError } from '../stop-error.ts';

/** Where one installation keeps everything that must outlive a restart. */
export type DataDir = {
  path: string;
  lockFile: string;
  secretsFile: string;
  postgres: string;
  postgresPassword: string;
  sandbox: string;
};

/** Makes the folder of HOURLY_DATA_DIR (default `.hourly` in the repository) when it is missing. @throws StopError when it can't be written to */
export function useDataDir(environment: Environment): DataDir {
  const given = environment.HOURLY_DATA_DIR;
  const folder = given === undefined ? path.join(ROOT, '.hourly') : fromCaller(given);
  try {
    makeFolder(folder);
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  } catch (cause) {
    throw new StopError(
      `The data folder ${folder} can't be used: ${(cause as Error).message}. Set HOURLY_DATA_DIR to another.`,
      { cause },
    );
  }
  return {
    path: folder,
    lockFile: path.join(folder, 'running.json'),
    secretsFile: path.join(folder, 'secrets.json'),
    postgres: path.join(folder, 'postgres'),
    postgresPassword: path.join(folder, 'postgres.password'),
    sandbox: path.join(folder, 'sandbox'),
  };
}

/** Not by Node's own `recursive`, which never comes back where the system says that a parent which exists does not: under /proc, say. */
function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    fs.mkdirSync(folder, { mode: 0o755 });
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
