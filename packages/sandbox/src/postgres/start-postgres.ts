import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { findBinaries } from './binaries.ts';
import {
  type Cluster,
  dataDirFor,
  ensureCluster,
  postgresEnvironment,
  readOrMakePassword,
} from './cluster.ts';
import { unprivilegedUser } from './os-user.ts';
import { freePort, isPortFree } from './ports.ts';
import { findPostmaster, forgetDeadPostmaster, type Postmaster } from './postmaster.ts';
import { stopPostmaster, watchPostmaster } from './stop-postgres.ts';
import { waitFor } from './wait.ts';

const READY_LIMIT_MS = 30_000;
const ADOPT_LIMIT_MS = 30_000;
const LAUNCH_ATTEMPTS = 5;
const LOG_LIMIT_BYTES = 10_000_000;

export type PostgresOptions = {
  /** Folder of the cluster; made when missing. */
  dataDir: string;
  /** Wished port; another free one is taken when it is in use. */
  port?: number;
  /** Database in the returned url; made when missing. */
  database?: string;
  /** Superuser's password, made at random on first use. Default: `<dataDir>.password`. */
  passwordFile?: string;
  /** Folder of another Postgres's `postgres` and `initdb`. Default: the embedded Postgres 18. */
  binaries?: string | undefined;
  /** No fsync: fast, and a power cut destroys the data. For tests only. */
  unsafeFast?: boolean;
  /** Told about the steps that take time. */
  log?: (message: string) => void;
};

export type Postgres = {
  /** Superuser's url, password included. */
  url: string;
  port: number;
  pid: number;
  /** True when the server was running already and has been taken over. */
  adopted: boolean;
  /** Settles when the server is gone, for whatever reason. */
  gone: Promise<void>;
  /** Rolls back what is running and stops the server, within 30 seconds. */
  stop(): Promise<void>;
};

/**
 * Starts the embedded Postgres 18 on loopback, or takes over the one that still runs on `dataDir`
 * (after its supervisor was killed). The server lives on when this process dies; data survives
 * `kill -9` of either.
 *
 * @throws Error that says what is wrong and what to do; no half-started server is left behind
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { database = 'hourly', unsafeFast = false, log = () => {} } = options;
  const dataDir = path.resolve(options.dataDir);
  const user = unprivilegedUser(dataDir);
  const cluster: Cluster = {
    binaries: await findBinaries(user, options.binaries),
    dataDir,
    logFile: `${dataDir}.log`,
    user,
    password: readOrMakePassword(options.passwordFile ?? `${dataDir}.password`, dataDir),
    unsafeFast,
  };
  if (!fs.existsSync(path.join(dataDir, 'PG_VERSION'))) log('creating the database');
  ensureCluster(cluster);

  const running = await adopt(cluster);
  if (running !== undefined) log(`took over the database server that was running (${running.pid})`);
  const server = running ?? (await launch(cluster, options.port));
  await ensureDatabase(cluster, server.port, database);
  const watch = watchPostmaster(dataDir, server.pid);
  return {
    url: urlOf(cluster, server.port, database),
    port: server.port,
    pid: server.pid,
    adopted: running !== undefined,
    gone: watch.gone,
    async stop() {
      watch.hold();
      await stopPostmaster(dataDir, server.pid);
      await watch.gone;
    },
  };
}

/** The server that already runs here, once it answers; undefined when there is none. */
async function adopt(cluster: Cluster): Promise<Postmaster | undefined> {
  const found = findPostmaster(cluster.dataDir);
  if (found === undefined) return undefined;
  const outcome = await waitFor(
    ADOPT_LIMIT_MS,
    () =>
      `Process ${found.pid} serves ${cluster.dataDir} but gives no answer. Stop it (kill ${found.pid}) and try again.`,
    async () => {
      const now = findPostmaster(cluster.dataDir);
      if (now === undefined) return 'gone' as const;
      return now.port !== 0 && (await answers(cluster, now.port)) ? now : undefined;
    },
  );
  return outcome === 'gone' ? undefined : outcome;
}

async function launch(cluster: Cluster, wishedPort: number | undefined): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    const wish = attempt === 1 && wishedPort !== undefined && (await isPortFree(wishedPort));
    const port = wish ? wishedPort : await freePort();
    const outcome = await launchOnce(cluster, port);
    if (outcome.ready) return { pid: outcome.pid, port };
    // Between looking for a port and binding it someone else can take it; and after a crash the
    // dead server's children may need a moment to let go of its shared memory.
    const passing = /Address already in use|shared memory block .* is still in use/.test(
      outcome.log,
    );
    if (!passing || attempt === LAUNCH_ATTEMPTS) {
      throw new Error(`Postgres did not start; ${cluster.logFile} ends with:\n${outcome.log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
  }
}

type Launch = { ready: true; pid: number } | { ready: false; log: string };

async function launchOnce(cluster: Cluster, port: number): Promise<Launch> {
  forgetDeadPostmaster(cluster.dataDir);
  const logFile = openLog(cluster.logFile);
  const logStart = fs.fstatSync(logFile).size;
  let child: ChildProcess;
  try {
    child = spawn(path.join(cluster.binaries.folder, 'postgres'), serverArguments(cluster, port), {
      ...cluster.user,
      cwd: cluster.dataDir,
      env: postgresEnvironment(),
      detached: true,
      stdio: ['ignore', logFile, logFile],
    });
  } finally {
    fs.closeSync(logFile);
  }
  child.unref();
  let spawnError: string | undefined;
  child.once('error', (error) => {
    spawnError = error.message;
  });
  const failure = () => {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (spawnError !== undefined || !isOver) return spawnError;
    return fs.readFileSync(cluster.logFile, 'utf8').slice(logStart).slice(-2000);
  };
  const { pid } = child;
  try {
    return await waitFor<Launch>(
      READY_LIMIT_MS,
      () => `Postgres is not ready after ${READY_LIMIT_MS / 1000} s, see ${cluster.logFile}`,
      async () => {
        const log = failure();
        if (log !== undefined) return { ready: false, log };
        if (pid === undefined) return undefined;
        return (await answers(cluster, port)) ? { ready: true, pid } : undefined;
      },
    );
  } catch (error) {
    if (pid !== undefined) await stopPostmaster(cluster.dataDir, pid);
    throw error;
  }
}

function serverArguments(cluster: Cluster, port: number): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    max_connections: '200',
    ...(cluster.unsafeFast ? { fsync: 'off', full_page_writes: 'off' } : {}),
  };
  return [
    '-D',
    dataDirFor(cluster),
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

function openLog(file: string): number {
  if (fs.existsSync(file) && fs.statSync(file).size > LOG_LIMIT_BYTES) {
    fs.renameSync(file, `${file}.1`);
  }
  return fs.openSync(file, 'a', 0o600);
}

/**
 * @returns false while nobody listens or the server is still coming up or going down
 * @throws on anything that waiting does not cure, a wrong password above all
 */
async function answers(cluster: Cluster, port: number): Promise<boolean> {
  const client = connection(urlOf(cluster, port, 'postgres'));
  try {
    await client.connect();
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const passing = ['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(code ?? '');
    if (passing || /timeout|terminated/i.test(message)) return false;
    throw new Error(`The database server on port ${port} refused to sign in: ${message}`, {
      cause: error,
    });
  } finally {
    await client.end();
  }
}

async function ensureDatabase(cluster: Cluster, port: number, name: string): Promise<void> {
  const client = connection(urlOf(cluster, port, 'postgres'));
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function connection(url: string): pg.Client {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // An error on an open connection also fails the query that waits for it.
  client.on('error', () => {});
  return client;
}

function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}
