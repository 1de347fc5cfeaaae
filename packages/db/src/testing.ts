import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createDatabase, type Database, type DatabaseRole } from './connect.ts';

const DATABASE_BUSY = '55006';
const CLONE_LIMIT_MS = 20_000;
const DROP_LIMIT_MS = 1_000;

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
async function clone(server: pg.Pool, template: string, name: string): Promise<void> {
  const created = await retryWhileBusy(
    server,
    `create database ${name} template ${template} strategy file_copy`,
    CLONE_LIMIT_MS,
  );
  if (!created) throw new Error(`The template ${template} stayed busy for ${CLONE_LIMIT_MS} ms`);
}

/**
 * Connections that were closed here live on for a moment on the server. They are waited for, because some pools report
 * a connection that is ended under them as an error of the test; what is still open then belongs to a server under test
 * that lives as long as its process.
 */
export async function dropDatabase(server: pg.Pool, name: string): Promise<void> {
  const dropped = await retryWhileBusy(server, `drop database if exists ${name}`, DROP_LIMIT_MS);
  if (!dropped) await server.query(`drop database if exists ${name} with (force)`);
}

/** Answers whether it was done within the limit. */
async function retryWhileBusy(server: pg.Pool, sql: string, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    try {
      await server.query(sql);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== DATABASE_BUSY) throw error;
    }
    await pause(20);
  }
  return false;
}

/** The same server and user, another database. */
export function urlOfDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
