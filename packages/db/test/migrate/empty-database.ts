import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type MigrateResult, migrate } from '../../src/migrate.ts';
import { dropDatabase, urlOfDatabase } from '../../src/testing.ts';

export type EmptyDatabase = {
  url: string;
  pool: pg.Pool;
  /** Writes `prisma/migrations/<name>/migration.sql`. */
  migration(name: string, sql: string): void;
  /** Writes `sql/<name>`; without text it removes the file. */
  fn(name: string, sql?: string): void;
  migrate(options?: { lockLimitMs?: number }): Promise<MigrateResult>;
  drop(): Promise<void>;
};

/** A database with nothing in it, and two folders to fill. */
export async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const serverUrl = process.env.HOURLY_TEST_POSTGRES_URL ?? '';
  const name = `hourly_empty_${randomBytes(6).toString('hex')}`;
  const server = new pg.Pool({ connectionString: serverUrl, max: 1 });
  await server.query(`create database ${name}`);
  const url = urlOfDatabase(serverUrl, name);
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-migrate-'));
  const migrationsDir = path.join(folder, 'migrations');
  const functionsDir = path.join(folder, 'sql');
  fs.mkdirSync(migrationsDir);
  fs.mkdirSync(functionsDir);
  return {
    url,
    pool,
    migration(migrationName, sql) {
      fs.mkdirSync(path.join(migrationsDir, migrationName), { recursive: true });
      fs.writeFileSync(path.join(migrationsDir, migrationName, 'migration.sql'), sql);
    },
    fn(fileName, sql) {
      const file = path.join(functionsDir, fileName);
      if (sql === undefined) fs.rmSync(file);
      else fs.writeFileSync(file, sql);
    },
    migrate: (options) => migrate({ url, migrationsDir, functionsDir, ...options }),
    async drop() {
      await pool.end();
      await dropDatabase(server, name);
      await server.end();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
