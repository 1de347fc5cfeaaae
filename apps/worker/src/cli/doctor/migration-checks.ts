import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Database } from '@hourly/db';
import { type Check, expectNone } from './check.ts';

/** Beside the migration runner: the SQL that this version of the product brings along. */
const migrations = new URL('../prisma/migrations/', import.meta.resolve('@hourly/db/migrate'));
const functions = new URL('../sql/', import.meta.resolve('@hourly/db/migrate'));

export const migrationChecks: readonly Check[] = [
  {
    name: 'migrations',
    async look(cli) {
      const applied = await appliedMigrations(cli.db());
      if (applied === null) {
        return { detail: "not this login's to see" };
      }
      const entries = await readdir(migrations, { withFileTypes: true });
      const wanted = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      expectNone(
        wanted.filter((name) => !applied.includes(name)),
        'not applied',
      );
      return { detail: `all ${wanted.length} applied` };
    },
  },
  {
    name: 'rules',
    async look(cli) {
      const { rows } = await cli
        .db()
        .pool.query<{ name: string; checksum: string }>(
          'select name, checksum from hourly_sql_functions',
        );
      const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
      const wanted = (await readdir(functions)).filter((name) => name.endsWith('.sql')).sort();
      const stale: string[] = [];
      for (const name of wanted) {
        const sql = await readFile(new URL(name, functions));
        const checksum = createHash('sha256').update(sql).digest('hex');
        if (applied.get(name) !== checksum) stale.push(name);
      }
      expectNone(stale, 'not as this version brings them');
      return { detail: `all ${wanted.length} function files are this version's` };
    },
  },
];

/** Null when the login may not read them: only an owner can, so the role is put aside for this one look. */
async function appliedMigrations(db: Database): Promise<string[] | null> {
  const client = await db.pool.connect();
  try {
    await client.query('begin read only');
    await client.query('set local role none');
    const { rows: may } = await client.query<{ may: boolean }>(
      "select has_table_privilege('public._prisma_migrations', 'select') as may",
    );
    if (may[0]?.may !== true) return null;
    const { rows } = await client.query<{ name: string }>(
      `select migration_name as name from public._prisma_migrations
        where finished_at is not null and rolled_back_at is null`,
    );
    return rows.map(({ name }) => name);
  } finally {
    client.release(true);
  }
}
