import type { Database } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { createDatabase, type DatabaseRole } from '../../src/connect.ts';

/** Connections of the product whose statements are cancelled earlier than the product's own. */
export function limitStatements(db: TestDatabase, role: DatabaseRole, limitMs: number): Database {
  const limited = createDatabase({ url: db.ownerUrl, role });
  // Queued before whatever the connection is wanted for.
  limited.pool.on('connect', (client) => {
    void client.query("select set_config('statement_timeout', $1, false)", [String(limitMs)]);
  });
  return limited;
}
