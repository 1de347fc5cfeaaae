import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createDatabase, type Database, type DatabaseRole } from './connect.ts';

const DATABASE_BUSY = '55006';
const BUSY_LIMIT_MS = 20_000;

export interface TestDatabase extends Database {
  /** The owner's url, to prepare what the product's roles may not. */
  ownerUrl: string;
  owner: pg.Pool;
  /** Closes everything and drops the database. */
  drop(): Promise<void>;
}

/**
 * A migrated database of its own, about 0.1 s, on the server that the test run's global setup has
 * started. `pool` and `prisma` act as `role`, as the product does.
 *
 * @param role default `hourly_app`
 * @throws when the global setup is missing, or its migrations failed (with that error)
 */
export async function createTestDatabase(role: DatabaseRole = 'hourly_app'): Promise<TestDatabase> {
  const { serverUrl, template } = testServer();
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  const server = new pg.Pool({ connectionString: serverUrl, max: 1 });
  try {
    await clone(server, template, name);
  } catch (error) {
    await server.end();
    throw error;
  }
  const ownerUrl = urlOfDatabase(serverUrl, name);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 5 });
  // A test may kill connections on purpose.
  owner.on('error', () => {});
  const database = createDatabase({ url: ownerUrl, role });
  return {
    ...database,
    ownerUrl,
    owner,
    async drop() {
      await Promise.all([database.close(), owner.end()]);
      await dropDatabase(server, name);
      await server.end();
    },
  };
}

function testServer(): { serverUrl: string; template: string } {
  const { HOURLY_TEST_POSTGRES_URL, HOURLY_TEST_TEMPLATE, HOURLY_TEST_TEMPLATE_ERROR } =
    process.env;
  if (HOURLY_TEST_TEMPLATE_ERROR) throw new Error(HOURLY_TEST_TEMPLATE_ERROR);
  if (!HOURLY_TEST_POSTGRES_URL || !HOURLY_TEST_TEMPLATE) {
    throw new Error('No test server: run vitest from the root of the repository');
  }
  return { serverUrl: HOURLY_TEST_POSTGRES_URL, template: HOURLY_TEST_TEMPLATE };
}

/** Another clone of the same template, or the server's own vacuum, holds it for a moment. */
function clone(server: pg.Pool, template: string, name: string): Promise<void> {
  return whenNotBusy(server, `create database ${name} template ${template} strategy file_copy`);
}

/**
 * Connections that were closed here live on for a moment on the server. They are waited for: a
 * `drop … with (force)` would kill them, which some of their pools report as an error of the test.
 */
export function dropDatabase(server: pg.Pool, name: string): Promise<void> {
  return whenNotBusy(server, `drop database if exists ${name}`);
}

async function whenNotBusy(server: pg.Pool, sql: string): Promise<void> {
  const deadline = performance.now() + BUSY_LIMIT_MS;
  for (;;) {
    try {
      await server.query(sql);
      return;
    } catch (error) {
      const busy = (error as { code?: string }).code === DATABASE_BUSY;
      if (!busy || performance.now() > deadline) throw error;
    }
    await pause(20);
  }
}

/** The same server and user, another database. */
export function urlOfDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
