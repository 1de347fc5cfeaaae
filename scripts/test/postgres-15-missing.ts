import fs from 'node:fs';
import { test } from 'vitest';
import { DATABASE_TESTS, findPostgres15 } from '../test-run/debian.ts';

// Stands for the database's tests where they cannot run on Postgres 15: each file is reported as skipped, with the reason.
const { missing } = findPostgres15();
const files = fs
  .readdirSync(DATABASE_TESTS.folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith(DATABASE_TESTS.ending))
  .sort();

test.for(files)('%s', (_, { skip }) => skip(missing));
