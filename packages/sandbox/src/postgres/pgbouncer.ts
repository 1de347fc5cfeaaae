import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './ports.ts';
import { waitFor } from './wait.ts';

const LIMIT_MS = 10_000;

/** Ends the pooler with us, however we end: then nobody writes to its input any more. */
const RUN_WITH_US = '"$0" "$1" & echo $!; cat > /dev/null; kill -9 $! 2> /dev/null; wait';

export type PgbouncerOptions = {
  /** The binary; it is no package of ours. */
  program: string;
  /** Any user's url of the database that it stands in front of. */
  url: string;
  /** Passwords of those who may sign in, at the pooler and so at the server. */
  users: Readonly<Record<string, string>>;
  /** Connections to the server, for each user. */
  poolSize: number;
  /** Lines of `[pgbouncer]`, on top of what is needed. */
  settings?: readonly string[];
};

export type Pgbouncer = {
  port: number;
  /** `kill -9`; its connections to both sides break. */
  kill(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * PgBouncer in transaction mode on loopback, as operators put it in front of their server. Ends with
 * this process.
 */
export async function startPgbouncer(options: PgbouncerOptions): Promise<Pgbouncer> {
  const { program, users, poolSize, settings = [] } = options;
  const { port: serverPort, pathname } = new URL(options.url);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-pgbouncer-'));
  fs.chmodSync(folder, 0o755);
  const port = await freePort();
  const lines = Object.entries(users).map(([user, password]) => `"${user}" "${password}"\n`);
  fs.writeFileSync(path.join(folder, 'users.txt'), lines.join(''));
  const ini = path.join(folder, 'pgbouncer.ini');
  const text = [
    '[databases]',
    `${pathname.slice(1)} = host=127.0.0.1 port=${serverPort}`,
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
    const child = spawn('sh', ['-c', RUN_WITH_US, program, ini], { cwd: '/', stdio: 'pipe' });
    running = child;
    let log = '';
    child.stderr.on('data', (chunk) => {
      log += chunk;
    });
    child.stdout.on('data', (chunk) => {
      pid = Number(chunk);
    });
    await waitFor(
      LIMIT_MS,
      () => `PgBouncer does not listen: ${log}`,
      async () => (pid > 0 && (await listens(port)) ? true : undefined),
    );
  };
  const kill = async () => {
    process.kill(pid, 'SIGKILL');
    pid = 0;
    await waitFor(
      LIMIT_MS,
      () => 'PgBouncer is not gone',
      async () => ((await listens(port)) ? undefined : true),
    );
    await end(running);
  };
  await start();
  return {
    port,
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

/** Asked by connecting: trying to listen there oneself could take the port away at the wrong moment. */
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
