import { defineConfig } from 'vitest/config';
import { DATABASE_TESTS, findPgbouncer, findPostgres15 } from './scripts/test-run/debian.ts';

const globalSetup = './scripts/test/global-setup.ts';
const postgres15 = findPostgres15();
const pgbouncer = findPgbouncer();

export default defineConfig({
  test: {
    // Real processes and real databases: forks isolate them, and two keep a small machine usable.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    env: pgbouncer.path === undefined ? {} : { HOURLY_TEST_PGBOUNCER: pgbouncer.path },
    projects: [
      {
        extends: true,
        test: {
          name: 'postgres-18',
          include: ['{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}', 'scripts/test/**/*.test.ts'],
          globalSetup,
        },
      },
      {
        extends: true,
        test:
          postgres15.path === undefined
            ? { name: 'postgres-15', include: ['scripts/test/postgres-15-missing.ts'] }
            : {
                name: 'postgres-15',
                include: [`${DATABASE_TESTS.folder}/**/*${DATABASE_TESTS.ending}`],
                env: { HOURLY_TEST_POSTGRES_BINARIES: postgres15.path },
                globalSetup,
              },
      },
    ],
  },
});
