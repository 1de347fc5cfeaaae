import fs from 'node:fs';

/** The database's tests: they also run on the oldest Postgres that is supported. */
export const DATABASE_TESTS = { folder: 'packages/db/test', ending: '.test.ts' };

export type Found = { path: string; missing?: never } | { path?: never; missing: string };

/** The folder of Debian's Postgres 15. */
export const findPostgres15 = (): Found =>
  find(
    '/usr/lib/postgresql/15/bin',
    'postgres',
    `${DATABASE_TESTS.folder} on Postgres 15`,
    'postgresql-15',
  );

/** Debian's transaction pooler. */
export const findPgbouncer = (): Found =>
  find('/usr/sbin/pgbouncer', '', 'the tests behind a transaction pooler', 'pgbouncer');

/** What cannot run here and how it could, line by line. */
export const notRunHere = (): string[] =>
  [findPostgres15(), findPgbouncer()].flatMap(({ missing }) => missing ?? []);

function find(path: string, program: string, tests: string, debianPackage: string): Found {
  const file = program === '' ? path : `${path}/${program}`;
  if (fs.existsSync(file)) return { path };
  return { missing: `${tests}: there is no ${file} (apt-get install ${debianPackage})` };
}
