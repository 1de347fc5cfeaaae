import { randomBytes } from 'node:crypto';
import { migrate } from '@hourly/db/migrate';
import { urlOfDatabase } from '@hourly/db/testing';
import { startTemporaryPostgres } from '@hourly/sandbox/postgres';
import pg from 'pg';

/**
 * One Postgres server and one migrated template for the whole test run; `createTestDatabase` clones
 * it. HOURLY_TEST_POSTGRES_URL (a superuser's) makes the tests run on a server of your own instead,
 * on another version of Postgres for instance.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env.HOURLY_TEST_POSTGRES_URL;
  const temporary = given ? undefined : await startTemporaryPostgres();
  const serverUrl = given ?? temporary?.url ?? '';
  // Tells this run's databases from those of another run on the same server.
  const template = `hourly_test_${randomBytes(4).toString('hex')}`;
  process.env.HOURLY_TEST_POSTGRES_URL = serverUrl;
  process.env.HOURLY_TEST_TEMPLATE = template;
  try {
    await onServer(serverUrl, (server) => server.query(`create database ${template}`));
    await migrate({ url: urlOfDatabase(serverUrl, template) });
  } catch (error) {
    // Tests that need no database still have their own say; the others fail with this message.
    process.env.HOURLY_TEST_TEMPLATE_ERROR = `The test database could not be migrated: ${error}`;
    console.error(process.env.HOURLY_TEST_TEMPLATE_ERROR);
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
