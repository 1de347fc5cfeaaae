import pg from 'pg';
import { MigrationError } from './migration-error.ts';

/** The advisory lock that Prisma's schema engine takes, so that its migrations and ours exclude each other. */
export const MIGRATION_LOCK_ID = 72_707_369;
const CONNECT_LIMIT_MS = 10_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** Runs `work` on one connection while no other process migrates the same database. */
export async function withMigrationLock<T>(
  url: string,
  lockLimitMs: number,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    application_name: 'hourly-migrate',
  });
  // A connection that breaks also fails the query that waits for it.
  client.on('error', () => {});
  await client.connect();
  try {
    // A statement timeout set for the role or the database must not cut a long migration short.
    await client.query('set statement_timeout = 0');
    // A path set for the role or the database must not lead to another schema.
    await client.query('set search_path = public');
    await client.query("select set_config('lock_timeout', $1, false)", [String(lockLimitMs)]);
    await takeLock(client, lockLimitMs);
    return await work(client);
  } finally {
    // Closing the session gives the lock back, also after an error.
    await client.end();
  }
}

async function takeLock(client: pg.Client, lockLimitMs: number): Promise<void> {
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK_ID]);
  } catch (cause) {
    if ((cause as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw cause;
    throw new MigrationError(
      `Another process has been migrating this database for more than ${lockLimitMs / 1000} s`,
      { cause },
    );
  }
}
