import fs from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { FUNCTIONS_TABLE_SQL } from './bookkeeping.ts';
import { applyInOneTransaction, readSqlFile, type SqlFile } from './sql-file.ts';

/**
 * Applies `<dir>/*.sql` ordered by name when any of them was added, changed or removed since the
 * last time. Always all of them: they call each other, and a dropped function takes its grants with
 * it, which the last file gives again.
 *
 * @returns the names of the files applied now
 */
export async function applyFunctions(
  client: pg.Client,
  dir: string,
  log: (message: string) => void,
): Promise<string[]> {
  const files = await readFunctions(dir);
  await client.query(FUNCTIONS_TABLE_SQL);
  if (!(await haveChanged(client, files))) return [];
  await applyInOneTransaction(client, files, () => record(client, files));
  log(`applied ${files.length} function files`);
  return files.map(({ name }) => name);
}

/** The files of `dir`, in the order in which they are applied. */
export async function readFunctions(dir: string): Promise<SqlFile[]> {
  const names = (await fs.readdir(dir)).filter((name) => name.endsWith('.sql'));
  return await Promise.all(names.sort().map((name) => readSqlFile(name, path.join(dir, name))));
}

async function haveChanged(client: pg.Client, files: readonly SqlFile[]): Promise<boolean> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from public.hourly_sql_functions',
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  return (
    applied.size !== files.length ||
    files.some(({ name, checksum }) => applied.get(name) !== checksum)
  );
}

async function record(client: pg.Client, files: readonly SqlFile[]): Promise<void> {
  await client.query('delete from public.hourly_sql_functions');
  await client.query(
    `insert into public.hourly_sql_functions (name, checksum)
     select name, checksum from unnest($1::text[], $2::text[]) as file (name, checksum)`,
    [files.map(({ name }) => name), files.map(({ checksum }) => checksum)],
  );
}
