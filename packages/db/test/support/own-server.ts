import { randomBytes } from 'node:crypto';
import { migrate } from '@hourly/db/migrate';
import type { TestDatabase } from '@hourly/db/testing';
import { startTemporaryPostgres, type TemporaryPostgres } from '@hourly/sandbox/postgres';
import pg from 'pg';
import { createDatabase, type DatabaseRole } from '../../src/connect.ts';

const databaseName = 'hourly';

/** A server that a test may do to what it likes, with a migrated database on it. */
export interface OwnServer {
  postgres: TemporaryPostgres;
  databaseName: string;
  ownerUrl: string;
  passwords: Record<DatabaseRole, string>;
  /** Signs in as the role itself, as operators do who set a password for it. */
  urlOf(role: DatabaseRole): string;
  /** Connections of the product; `url` leads to them by another door. */
  connect(options?: { role?: DatabaseRole; url?: string; max?: number }): TestDatabase;
  /** Closes what `connect` has opened, and ends the server. */
  stop(): Promise<void>;
}

/** About a second and a half, of the same version of Postgres as the server that all tests share. */
export async function startOwnServer(): Promise<OwnServer> {
  const postgres = await startTemporaryPostgres({
    binaries: process.env.HOURLY_TEST_POSTGRES_BINARIES,
    database: databaseName,
  });
  const ownerUrl = postgres.url;
  const passwords = { hourly_app: password(), hourly_worker: password() };
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 5 });
  // Connections break when the server is killed; that is what it is for.
  owner.on('error', () => {});
  const opened: TestDatabase[] = [];
  const stop = async () => {
    await Promise.all(opened.map((database) => database.drop()));
    await owner.end();
    await postgres.stop();
  };
  try {
    await migrate({ url: ownerUrl, passwords });
  } catch (error) {
    await stop();
    throw error;
  }
  const urlOf = (role: DatabaseRole) => {
    const url = new URL(ownerUrl);
    url.username = role;
    url.password = passwords[role];
    return url.href;
  };
  return {
    postgres,
    databaseName,
    ownerUrl,
    passwords,
    urlOf,
    connect({ role = 'hourly_app', url = urlOf(role), max = 10 } = {}) {
      const database = createDatabase({ url, role, max });
      const { close } = database;
      const both = { ...database, ownerUrl, owner, drop: close };
      opened.push(both);
      return both;
    },
    stop,
  };
}

const password = () => randomBytes(12).toString('hex');
