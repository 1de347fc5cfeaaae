import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Who holds a lock, and what they let others know. */
export type Holder<Info> = {
  pid: number;
  /** When the process began, as its system tells it: a reused pid is not the same process. */
  born: string;
  purpose: string;
  /** Published once the holder is ready. */
  info?: Info;
};

export type Lock<Info> = {
  publish(info: Info): void;
  release(): void;
};

/**
 * A lock between processes: a file that names its holder, and that a dead holder leaves to the next.
 * Its content may hold passwords, so only its owner can read it.
 */
export function tryLock<Info>(file: string, purpose: string): Lock<Info> | undefined {
  const me: Holder<Info> = { pid: process.pid, born: birthOf(process.pid) ?? '', purpose };
  if (!create(file, me)) {
    if (readHolder(file) !== undefined) return undefined;
    discardDead(file);
    if (!create(file, me)) return undefined;
  }
  return {
    publish(info) {
      fs.renameSync(write(file, { ...me, info }), file);
    },
    release() {
      if (readHolder(file)?.pid === process.pid) fs.rmSync(file, { force: true });
    },
  };
}

/** Waits until the lock is free. @returns undefined past the limit */
export async function waitForLock<Info>(
  file: string,
  purpose: string,
  limitMs: number,
): Promise<Lock<Info> | undefined> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const lock = tryLock<Info>(file, purpose);
    if (lock !== undefined || performance.now() > deadline) return lock;
    await pause(100);
  }
}

/** The living holder, if there is one. */
export function readHolder<Info>(file: string): Holder<Info> | undefined {
  let holder: Holder<Info>;
  try {
    holder = JSON.parse(fs.readFileSync(file, 'utf8')) as Holder<Info>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return birthOf(holder.pid) === holder.born ? holder : undefined;
}

/** Whether the last holder died without letting go. */
export const isLeftBehind = (file: string): boolean =>
  fs.existsSync(file) && readHolder(file) === undefined;

/** Appears under its name only when complete. */
function create(file: string, holder: Holder<unknown>): boolean {
  const complete = write(file, holder);
  try {
    fs.linkSync(complete, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(complete);
  }
}

function write(file: string, holder: Holder<unknown>): string {
  const unfinished = `${file}.${process.pid}`;
  fs.writeFileSync(unfinished, JSON.stringify(holder), { mode: 0o600 });
  return unfinished;
}

/** Moves it away first: of several who find the same dead holder, one gets the file to look at. */
function discardDead(file: string): void {
  const moved = `${file}.dead.${process.pid}`;
  try {
    fs.renameSync(file, moved);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Someone else may have discarded it and taken the lock since; then it is theirs again.
  if (readHolder(moved) !== undefined) fs.linkSync(moved, file);
  fs.rmSync(moved);
}

/** @returns undefined when there is no such process */
function birthOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' });
    return ps.status === 0 ? ps.stdout.trim() : undefined;
  }
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the program's name in parentheses: state first, the start time 19 fields on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
