import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { OwnServer } from './own-server.ts';
import { waitUntil } from './wait-until.ts';

const program = process.env.HOURLY_TEST_PGBOUNCER;
/** Why the tests behind a pooler don't run here; undefined when they do. */
export const noPgbouncer = program === undefined ? 'there is no PgBouncer here' : undefined;

/** Ends the pooler with us, however we end: then nobody writes to its input any more. */
const runWithUs = '"$0" "$1" & echo $!; cat > /dev/null; kill -9 $!';

export interface Pgbouncer {
  /** To be signed in by as this role, whose password the server knows. */
  urlOf(role: 'hourly_app' | 'hourly_worker'): string;
  /** `kill -9`; its connections to both sides break. */
  kill(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface PgbouncerOptions {
  /** Connections to the server, for each role. */
  poolSize: number;
  /** Lines of `[pgbouncer]`, on top of what is needed. */
  settings?: readonly string[];
}

/** Debian's PgBouncer in transaction mode, in front of `server`. */
export async function startPgbouncer(
  server: OwnServer,
  { poolSize, settings = [] }: PgbouncerOptions,
): Promise<Pgbouncer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-pgbouncer-'));
  fs.chmodSync(folder, 0o755);
  const port = await freePort();
  const users = { ...server.passwords, postgres: new URL(server.ownerUrl).password };
  const lines = Object.entries(users).map(([user, password]) => `"${user}" "${password}"\n`);
  fs.writeFileSync(path.join(folder, 'users.txt'), lines.join(''));
  const ini = path.join(folder, 'pgbouncer.ini');
  const text = [
    '[databases]',
    `${server.databaseName} = host=127.0.0.1 port=${server.postgres.port}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${folder}/users.txt`,
    'pool_mode = transaction',
    `default_pool_size = ${poolSize}`,
    'max_client_conn = 200',
    // How long it waits before it tries again to reach a server that was gone.
    'server_login_retry = 0.1',
    // It refuses to run as root.
    ...(process.getuid?.() === 0 ? ['user = nobody'] : []),
    ...settings,
  ];
  fs.writeFileSync(ini, `${text.join('\n')}\n`);

  let running: ChildProcess | undefined;
  let pid = 0;
  const start = async () => {
    const child = spawn('sh', ['-c', runWithUs, program ?? '', ini], { cwd: '/', stdio: 'pipe' });
    running = child;
    let log = '';
    child.stderr.on('data', (chunk) => {
      log += chunk;
    });
    child.stdout.on('data', (chunk) => {
      pid = Number(chunk);
    });
    await waitUntil(
      () => `PgBouncer to listen: ${log}`,
      () => pid > 0 && listens(port),
    );
  };
  const kill = async () => {
    process.kill(pid, 'SIGKILL');
    pid = 0;
    await waitUntil('PgBouncer to be gone', async () => !(await listens(port)));
    await end(running);
  };
  await start();
  return {
    urlOf(role) {
      const url = new URL(server.urlOf(role));
      url.port = String(port);
      url.searchParams.set('pgbouncer', 'true');
      return url.href;
    },
    kill,
    start,
    async stop() {
      await end(running);
      fs.rmSync(folder, { recursive: true });
    },
  };
}

async function end(shell: ChildProcess | undefined): Promise<void> {
  if (shell === undefined || shell.exitCode !== null) return;
  const exited = once(shell, 'exit');
  shell.stdin?.end();
  await exited;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
