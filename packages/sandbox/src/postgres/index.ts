export type { Postgres, PostgresOptions } from './start-postgres.ts';
export { startPostgres } from './start-postgres.ts';
export { startTemporaryPostgres } from './temporary.ts';
