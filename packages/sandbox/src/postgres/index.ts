export type { Pgbouncer, PgbouncerOptions } from './pgbouncer.ts';
export { startPgbouncer } from './pgbouncer.ts';
export type { Postgres, PostgresOptions } from './start-postgres.ts';
export { startPostgres } from './start-postgres.ts';
export type { TemporaryPostgres } from './temporary.ts';
export { startTemporaryPostgres } from './temporary.ts';
