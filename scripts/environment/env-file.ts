import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { ROOT } from '../paths.ts';

export type Environment = Record<string, string>;

/**
 * The process's environment over `.env.local`. Empty values count as not set.
 * HOURLY_ENV_FILE names another file, for runs that mustn't see a developer's keys.
 */
export function readEnvironment(
  real: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const file = path.resolve(ROOT, real.HOURLY_ENV_FILE ?? '.env.local');
  const fromFile = fs.existsSync(file) ? parseEnv(fs.readFileSync(file, 'utf8')) : {};
  const set = [...Object.entries(fromFile), ...Object.entries(real)].filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return Object.fromEntries(set);
}
