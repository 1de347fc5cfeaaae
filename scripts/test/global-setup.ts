import { randomBytes } from 'node:crypto';
import { migrate } from '@hourly/db/migrate';
import { urlOfDatabase } from '@hourly/db/testing';
import { startTemporaryPostgres } from '@hourly/sandbox/postgres';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

/**
 * One Postgres server and one migrated template for all tests of a project; `createTestDatabase` clones it. The server is
 * that of the project's HOURLY_TEST_POSTGRES_BINARIES, else the embedded one. HOURLY_TEST_POSTGRES_URL (a superuser's)
 * makes the tests that would use the embedded one run on a server of your own instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // What a project's tests find in their environment.
  project.config.env ??= {};
  const { env } = project.config;
  const binaries = env.HOURLY_TEST_POSTGRES_BINARIES;
  const given = binaries === undefined ? process.env.HOURLY_TEST_POSTGRES_URL : undefined;
  const temporary = given ? undefined : await startTemporaryPostgres({ binaries });
  const serverUrl = given ?? temporary?.url ?? '';
  // Tells this run's databases from those of another run on the same server.
  const template = `hourly_test_${randomBytes(4).toString('hex')}`;
  env.HOURLY_TEST_POSTGRES_URL = serverUrl;
  env.HOURLY_TEST_TEMPLATE = template;
  try {
    await onServer(serverUrl, (server) => server.query(`create database ${template}`));
    await migrate({ url: urlOfDatabase(serverUrl, template) });
  } catch (error) {
    // Tests that need no database still have their own say; the others fail with this message.
    env.HOURLY_TEST_TEMPLATE_ERROR = `${project.name}: the test database could not be migrated: ${error}`;
    console.error(env.HOURLY_TEST_TEMPLATE_ERROR);
  }
  return async () => {
    if (temporary !== undefined) return await temporary.stop();
    await onServer(serverUrl, (server) => dropAll(server, template));
  };
}

async function onServer(url: string, work: (server: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new pg.Client({ connectionString: url });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}

async function dropAll(server: pg.Client, prefix: string): Promise<void> {
  const { rows } = await server.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  for (const { name } of rows) await server.query(`drop database ${name} with (force)`);
}
