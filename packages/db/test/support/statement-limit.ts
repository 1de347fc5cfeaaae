import type { TestDatabase } from '@hourly/db/testing';
import { createDatabase, type DatabaseRole } from '../../src/connect.ts';

/** The same database over connections whose statements are cancelled earlier than the product's own. */
export function limitStatements(
  db: TestDatabase,
  role: DatabaseRole,
  limitMs: number,
): TestDatabase {
  const limited = createDatabase({ url: db.ownerUrl, role, max: 20 });
  // Queued before whatever the connection is wanted for.
  limited.pool.on('connect', (client) => {
    void client.query("select set_config('statement_timeout', $1, false)", [String(limitMs)]);
  });
  return { ...db, ...limited };
}
