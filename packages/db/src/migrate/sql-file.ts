import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { MigrationError } from './migration-error.ts';

export type SqlFile = {
  name: string;
  path: string;
  sql: string /** sha256, hex */;
  checksum: string;
};

export async function readSqlFile(name: string, file: string): Promise<SqlFile> {
  const sql = await fs.readFile(file, 'utf8');
  return { name, path: file, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

/**
 * Runs `files` in order and then `record`, all in one transaction.
 *
 * @throws MigrationError with file and line; also when a file ends the transaction itself, for
 *   half of it would then stay behind after a failure
 */
export async function applyInOneTransaction(
  client: pg.Client,
  files: readonly SqlFile[],
  record: () => Promise<void>,
): Promise<void> {
  await client.query('begin');
  try {
    const transaction = await transactionId(client);
    for (const file of files) {
      await run(client, file);
      if ((await transactionId(client)) !== transaction) {
        throw new MigrationError(`${file.path} ends the transaction; leave begin and commit out`);
      }
    }
    await record();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function transactionId(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::text as id');
  return rows[0]?.id;
}

async function run(client: pg.Client, file: SqlFile): Promise<void> {
  try {
    await client.query(file.sql);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError)) throw cause;
    const details = [cause.detail, cause.hint, cause.where].filter((text) => text !== undefined);
    throw new MigrationError(
      [`${place(file, cause)}: ${cause.message} (${cause.code})`, ...details].join('\n'),
      { cause },
    );
  }
}

function place(file: SqlFile, error: pg.DatabaseError): string {
  const relative = path.relative(process.cwd(), file.path);
  if (error.position === undefined) return relative;
  // Postgres counts characters, so code points and not UTF-16 units are what has to be counted.
  const before = Array.from(file.sql).slice(0, Number(error.position) - 1);
  return `${relative}:${before.filter((character) => character === '\n').length + 1}`;
}
