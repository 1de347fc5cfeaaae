import fs from 'node:fs';
import path from 'node:path';
import type { Environment } from '../environment/env-file.ts';
import { fromCaller, ROOT } from '../paths.ts';

/** Where one installation keeps everything that must outlive a restart. */
export type DataDir = {
  path: string;
  lockFile: string;
  secretsFile: string;
  postgres: string;
  postgresPassword: string;
  sandbox: string;
};

/** Makes the folder of HOURLY_DATA_DIR (default `.hourly` in the repository) when it is missing. */
export function useDataDir(environment: Environment): DataDir {
  const given = environment.HOURLY_DATA_DIR;
  const folder = given === undefined ? path.join(ROOT, '.hourly') : fromCaller(given);
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  return {
    path: folder,
    lockFile: path.join(folder, 'running.json'),
    secretsFile: path.join(folder, 'secrets.json'),
    postgres: path.join(folder, 'postgres'),
    postgresPassword: path.join(folder, 'postgres.password'),
    sandbox: path.join(folder, 'sandbox'),
  };
}
