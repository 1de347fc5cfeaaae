import { fileURLToPath } from 'node:url';
import { applyFunctions } from './migrate/functions.ts';
import { withMigrationLock } from './migrate/lock.ts';
import { applyMigrations } from './migrate/migrations.ts';
import { setPasswords } from './migrate/passwords.ts';

const MIGRATIONS_DIR = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
const FUNCTIONS_DIR = fileURLToPath(new URL('../sql', import.meta.url));
const LOCK_LIMIT_MS = 30_000;

export type MigrateOptions = {
  /** Url of a user that may create tables and roles; a direct connection, not a transaction pooler. */
  url: string;
  log?: (message: string) => void;
  /** Passwords to log in with as the product's roles; unset where the operator manages them. */
  passwords?: { hourly_app: string; hourly_worker: string };
  /** How long to wait for another migration to finish. */
  lockLimitMs?: number;
  migrationsDir?: string;
  functionsDir?: string;
};

export type MigrateResult = {
  /** Names of the migrations applied by this call, in order. */
  migrations: string[];
  /** Names of the function files applied by this call; all of them as soon as one has changed. */
  functions: string[];
};

/**
 * Brings a database up to date: pending migrations in order, each in one transaction and recorded
 * as Prisma records them (its own `migrate deploy` agrees afterwards), then the function files,
 * all in one transaction, when any has changed. Any number of processes may call it at once.
 *
 * @throws MigrationError that names the file, and the line where Postgres tells it; what was
 *   applied before the failing file stays, the failing file leaves no trace
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const { url, log = () => {}, lockLimitMs = LOCK_LIMIT_MS } = options;
  return await withMigrationLock(url, lockLimitMs, async (client) => {
    const migrations = await applyMigrations(client, options.migrationsDir ?? MIGRATIONS_DIR, log);
    const functions = await applyFunctions(client, options.functionsDir ?? FUNCTIONS_DIR, log);
    if (options.passwords !== undefined) await setPasswords(client, options.passwords);
    return { migrations, functions };
  });
}
