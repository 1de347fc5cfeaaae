import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { MIGRATIONS_TABLE_SQL } from './bookkeeping.ts';
import { MigrationError } from './migration-error.ts';
import { applyInOneTransaction, readSqlFile, type SqlFile } from './sql-file.ts';

type Recorded = { migration_name: string; checksum: string; finished: boolean };

/**
 * Applies the folders `<dir>/<name>/migration.sql` that aren't recorded yet, ordered by name.
 *
 * @returns the names of those applied now
 */
export async function applyMigrations(
  client: pg.Client,
  dir: string,
  log: (message: string) => void,
): Promise<string[]> {
  const migrations = await readMigrations(dir);
  await client.query(MIGRATIONS_TABLE_SQL);
  const recorded = await readRecorded(client);
  const pending = migrations.filter((migration) => !isApplied(migration, recorded));
  for (const migration of pending) {
    const startedAt = new Date();
    await applyInOneTransaction(client, [migration], () => record(client, migration, startedAt));
    log(`applied ${migration.name}`);
  }
  return pending.map(({ name }) => name);
}

/** The migrations in `dir`, in the order in which they are applied. */
export async function readMigrations(dir: string): Promise<SqlFile[]> {
  const entries = await fs.readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return await Promise.all(
    names.sort().map((name) => readSqlFile(name, path.join(dir, name, 'migration.sql'))),
  );
}

function isApplied(migration: SqlFile, recorded: readonly Recorded[]): boolean {
  const row = recorded.find(({ migration_name }) => migration_name === migration.name);
  if (row === undefined) return false;
  if (!row.finished) {
    throw new MigrationError(
      `The migration ${migration.name} has failed in this database before. Repair what it left behind, ` +
        'then mark it with "prisma migrate resolve".',
    );
  }
  if (row.checksum !== migration.checksum) {
    throw new MigrationError(
      `The migration ${migration.name} was changed after it had been applied to this database. ` +
        'Put the file back as it was and make the change in a new migration.',
    );
  }
  return true;
}

async function readRecorded(client: pg.Client): Promise<Recorded[]> {
  const { rows } = await client.query<Recorded>(
    `select migration_name, checksum, finished_at is not null as finished
       from public._prisma_migrations
      where rolled_back_at is null`,
  );
  return rows;
}

async function record(client: pg.Client, migration: SqlFile, startedAt: Date): Promise<void> {
  await client.query(
    `insert into public._prisma_migrations
       (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values ($1, $2, $3, $4, $5, 1)`,
    [randomUUID(), migration.checksum, migration.name, startedAt, new Date()],
  );
}
