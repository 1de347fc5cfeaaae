import fs from 'node:fs';
import type { TestDatabase } from '@hourly/db/testing';
import type pg from 'pg';

const lookEveryMs = 10;

/** What one server process holds, in megabytes. */
export interface BackendMemory {
  /** The most that was its own at any look: buffers that all processes share are left out. */
  ownMb: number;
  /** The most that it ever had mapped, shared buffers included, by the kernel's count. */
  peakMb: number;
}

/**
 * Runs `work` on one connection and watches the server process behind it. Null memory where that process can't be seen:
 * the server is on another machine, or this one keeps no /proc.
 */
export async function watchMemory<Answer>(
  db: TestDatabase,
  work: (db: TestDatabase) => Promise<Answer>,
): Promise<{ answer: Answer; memory: BackendMemory | null }> {
  const client = await db.pool.connect();
  try {
    const file = await statusFileOf(client);
    let ownMb = 0;
    const look = () => {
      if (file !== null) ownMb = Math.max(ownMb, megabytes(file, 'RssAnon'));
    };
    const timer = setInterval(look, lookEveryMs);
    // Little, so that what is not bounded by it stands out.
    await client.query("set work_mem = '1MB'");
    const answer = await work({ ...db, pool: client as unknown as pg.Pool });
    clearInterval(timer);
    look();
    return {
      answer,
      memory: file === null ? null : { ownMb, peakMb: megabytes(file, 'VmHWM') },
    };
  } finally {
    // Ends the process, and its setting with it.
    client.release(true);
  }
}

async function statusFileOf(client: pg.PoolClient): Promise<string | null> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const file = `/proc/${rows[0]?.pid}/status`;
  return fs.existsSync(file) && fs.readFileSync(file, 'utf8').startsWith('Name:\tpostgres\n')
    ? file
    : null;
}

const megabytes = (file: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(fs.readFileSync(file, 'utf8'))?.[1]) /
  1024;
