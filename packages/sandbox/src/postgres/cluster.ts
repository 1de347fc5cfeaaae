import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Binaries } from './binaries.ts';
import type { OsUser } from './os-user.ts';

const INITDB_LIMIT_MS = 60_000;
/** Before, Postgres left its working directory while it looked for itself, and returned to it by its name. */
const OWN_FOLDER_KEPT_SINCE = 16;

/** How Postgres runs here; shared by all steps of a start. */
export type Cluster = {
  binaries: Binaries;
  dataDir: string;
  logFile: string;
  user: OsUser;
  password: string;
  unsafeFast: boolean;
};

/**
 * `dataDir` as Postgres is told it. Root can start it in folders whose parents the unprivileged
 * user can't enter (anything under /root): the working directory is inherited, and Linux names it
 * without walking the path. Before Postgres 16 the user has to be able to walk there.
 */
export function dataDirFor(cluster: Cluster): string {
  const viaWorkingDirectory =
    cluster.user.uid !== undefined &&
    process.platform === 'linux' &&
    cluster.binaries.major >= OWN_FOLDER_KEPT_SINCE;
  return viaWorkingDirectory ? '/proc/self/cwd' : cluster.dataDir;
}

/** A fixed locale and clock, so that sort order and times don't depend on the machine. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };
}

/**
 * The superuser's password: random, made once, in a file only its owner can read.
 *
 * @throws when the cluster exists and the file doesn't: a new password would fit nothing
 */
export function readOrMakePassword(passwordFile: string, dataDir: string): string {
  if (fs.existsSync(passwordFile)) return fs.readFileSync(passwordFile, 'utf8').trim();
  if (fs.existsSync(path.join(dataDir, 'PG_VERSION'))) {
    throw new Error(
      `${dataDir} holds a database, but its password file ${passwordFile} is missing. ` +
        'Put the file back, or move both away to begin with an empty database.',
    );
  }
  const password = randomBytes(24).toString('hex');
  fs.mkdirSync(path.dirname(passwordFile), { recursive: true });
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  return password;
}

/**
 * Makes the cluster unless it is there. An interrupted try leaves nothing that looks finished:
 * it is made under another name and renamed at the end.
 *
 * @throws when the folder holds something else, or a cluster of another major version
 */
export function ensureCluster(cluster: Cluster): void {
  const { dataDir, binaries } = cluster;
  refuseForeignFolder(cluster);
  const versionFile = path.join(dataDir, 'PG_VERSION');
  if (fs.existsSync(versionFile)) {
    const version = fs.readFileSync(versionFile, 'utf8').trim();
    if (version === String(binaries.major)) return;
    throw new Error(
      `${dataDir} was made by Postgres ${version}; this is Postgres ${binaries.major}`,
    );
  }
  if (fs.existsSync(dataDir) && fs.readdirSync(dataDir).length > 0) {
    throw new Error(`${dataDir} is not empty and holds no Postgres database; it is left untouched`);
  }
  const unfinished = `${dataDir}.unfinished`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  giveTo(cluster.user, unfinished);
  initdb({ ...cluster, dataDir: unfinished });
  fs.rmSync(dataDir, { recursive: true, force: true });
  fs.renameSync(unfinished, dataDir);
}

function initdb(cluster: Cluster): void {
  const passwordFile = `${cluster.dataDir}.password`;
  fs.writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  giveTo(cluster.user, passwordFile);
  // Handed over as standard input: the unprivileged user may not be able to walk to the file.
  const stdin = fs.openSync(passwordFile, 'r');
  try {
    const run = spawnSync(
      path.join(cluster.binaries.folder, 'initdb'),
      [
        `--pgdata=${dataDirFor(cluster)}`,
        '--username=postgres',
        '--auth=scram-sha-256',
        '--pwfile=/dev/stdin',
        '--encoding=UTF8',
        ...localeArguments(cluster.binaries),
        '--no-instructions',
        ...(cluster.unsafeFast ? ['--no-sync'] : []),
      ],
      {
        ...cluster.user,
        cwd: cluster.dataDir,
        env: postgresEnvironment(),
        encoding: 'utf8',
        stdio: [stdin, 'pipe', 'pipe'],
        timeout: INITDB_LIMIT_MS,
      },
    );
    if (run.status === 0) return;
    const why = run.error?.message ?? (run.stderr || run.stdout);
    throw new Error(`Could not create the database in ${cluster.dataDir}: ${why}`);
  } finally {
    fs.closeSync(stdin);
    fs.rmSync(passwordFile, { force: true });
  }
}

/** Sorts by code point and knows letters beyond ASCII, on every machine alike. */
function localeArguments({ major }: Binaries): string[] {
  // Before 17 there is no locale of Postgres's own; the system's C.UTF-8 agrees with it.
  if (major < 17) return ['--locale=C.UTF-8'];
  return ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
}

function refuseForeignFolder({ dataDir }: Cluster): void {
  const us = process.getuid?.();
  if (us === undefined || us === 0 || !fs.existsSync(dataDir)) return;
  const { uid } = fs.statSync(dataDir);
  if (uid === us) return;
  throw new Error(
    `${dataDir} belongs to user ${uid}, and this is user ${us}. ` +
      'Start as the user who made it, or use another folder.',
  );
}

function giveTo(user: OsUser, file: string): void {
  if (user.uid !== undefined && user.gid !== undefined) fs.chownSync(file, user.uid, user.gid);
}
