import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** What a running server says about itself in `<dataDir>/postmaster.pid`. */
export type Postmaster = { pid: number; port: number };

/**
 * The server that runs on `dataDir` right now, whoever started it.
 *
 * A pid file outlives a killed server and its number may since belong to some other process, so
 * the number alone proves nothing: the process must be a Postgres that works in this very folder.
 */
export function findPostmaster(dataDir: string): Postmaster | undefined {
  const file = path.join(dataDir, 'postmaster.pid');
  if (!fs.existsSync(file)) return undefined;
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  // The port is written a moment after the pid; 0 means that it isn't there yet.
  return isPostmasterOf(dataDir, pid) ? { pid, port: Number(lines[3] ?? 0) } : undefined;
}

/** Removes the pid file of a server that is gone; Postgres itself hesitates when the pid is reused. */
export function forgetDeadPostmaster(dataDir: string): void {
  if (findPostmaster(dataDir) === undefined) {
    fs.rmSync(path.join(dataDir, 'postmaster.pid'), { force: true });
  }
}

export function isPostmasterOf(dataDir: string, pid: number): boolean {
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return ps.stdout.includes('postgres') && ps.stdout.includes(dataDir);
  }
  try {
    const program = fs.readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
    return (
      path.basename(program) === 'postgres' &&
      fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(dataDir)
    );
  } catch (error) {
    // Gone, a zombie, or another user's: in no case our server.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ESRCH') return false;
    throw error;
  }
}
