import { type ChildProcess, spawn } from 'node:child_process';
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

/**
 * A fast throw-away server in a folder of its own: gone, data included, after `stop()` or when this
 * process ends in any way.
 */
export async function startTemporaryPostgres(
  options: Pick<PostgresOptions, 'binaries'> = {},
): Promise<Postgres> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-postgres-'));
  // Postgres before 16 has to be able to walk through it as whoever it runs as.
  fs.chmodSync(folder, 0o711);
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  let server: Postgres;
  try {
    server = await startPostgres({
      ...options,
      dataDir: path.join(folder, 'data'),
      unsafeFast: true,
    });
  } catch (error) {
    remove();
    throw error;
  }
  const guard = guardAgainstOurDeath(server.pid, folder);
  return {
    ...server,
    async stop() {
      guard.kill('SIGKILL');
      await server.stop();
      remove();
    },
  };
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
