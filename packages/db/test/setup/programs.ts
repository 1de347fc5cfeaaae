import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 60_000;
const OUTPUT_LIMIT_BYTES = 50_000_000;

/**
 * Where `psql` and `pg_dump` of the server's version are; the embedded Postgres comes without them, so what needs them is
 * tested on Postgres 15.
 */
export const programs = process.env.HOURLY_TEST_POSTGRES_BINARIES;

/** Runs `psql`, without the settings of whoever runs the tests; a failure is an answer, too. */
export async function psql(
  url: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await program('psql', ['-X', '-d', url, ...args], env);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

export async function pgDump(url: string, args: readonly string[]): Promise<string> {
  const { stdout } = await program('pg_dump', [...args, '-d', url]);
  // A password of each dump's own, against commands hidden in what is dumped.
  return stdout.replaceAll(/^\\(un)?restrict .*$/gm, '');
}

async function program(name: string, args: readonly string[], env: Record<string, string> = {}) {
  if (programs === undefined) throw new Error(`There is no ${name} for this server`);
  return await run(path.join(programs, name), args, {
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    timeout: LIMIT_MS,
    maxBuffer: OUTPUT_LIMIT_BYTES,
  });
}
