import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Postgres, type PostgresOptions, startPostgres } from './start-postgres.ts';

// Reads until the writing end closes, which happens even when its owner is killed with -9.
const CLEAN_UP_AFTER_OWNER = `
cat > /dev/null
kill -QUIT "$1" 2> /dev/null
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  kill -0 "$1" 2> /dev/null || break
  sleep 0.1
done
rm -rf "$2"
`;

export type TemporaryPostgres = Postgres & {
  /** `kill -9` of the server and of every process of it at once, as if the machine had died. The data stays. */
  crash(): Promise<void>;
  /** Starts it again after a crash, on the same data and port. */
  restart(): Promise<void>;
};

/**
 * A fast throw-away server in a folder of its own: gone, data included, after `stop()` or when this
 * process ends in any way.
 */
export async function startTemporaryPostgres(
  options: Pick<PostgresOptions, 'binaries' | 'database'> = {},
): Promise<TemporaryPostgres> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-postgres-'));
  // Postgres before 16 has to be able to walk through it as whoever it runs as.
  fs.chmodSync(folder, 0o711);
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  const dataDir = path.join(folder, 'data');
  const start = (port?: number) =>
    startPostgres({ ...options, dataDir, unsafeFast: true, ...(port && { port }) });
  let server: Postgres;
  try {
    server = await start();
  } catch (error) {
    remove();
    throw error;
  }
  let guard = guardAgainstOurDeath(server.pid, folder);
  return {
    url: server.url,
    port: server.port,
    adopted: false,
    get pid() {
      return server.pid;
    },
    get gone() {
      return server.gone;
    },
    async crash() {
      killAll(server.pid);
      await server.gone;
    },
    async restart() {
      server = await start(server.port);
      guard.kill('SIGKILL');
      guard = guardAgainstOurDeath(server.pid, folder);
    },
    async stop() {
      guard.kill('SIGKILL');
      await server.stop();
      remove();
    },
  };
}

function killAll(postmaster: number): void {
  // Stopped, it makes no more children while they are looked for.
  process.kill(postmaster, 'SIGSTOP');
  const children = processes().flatMap(({ pid, parent }) => (parent === postmaster ? [pid] : []));
  for (const pid of [...children, postmaster]) process.kill(pid, 'SIGKILL');
}

function processes(): { pid: number; parent: number }[] {
  if (process.platform === 'linux') {
    return fs.readdirSync('/proc').flatMap((name) => {
      const pid = Number(name);
      const parent = Number.isInteger(pid) ? parentOf(pid) : undefined;
      return parent === undefined ? [] : [{ pid, parent }];
    });
  }
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return stdout.split('\n').map((line) => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, parent };
  });
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch (error) {
    // It ended in between.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

function guardAgainstOurDeath(pid: number, folder: string): ChildProcess {
  const guard = spawn('sh', ['-c', CLEAN_UP_AFTER_OWNER, 'guard', String(pid), folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return guard;
}
