import type { Database } from '@hourly/db';

/**
 * Runs `work` for real in a transaction that is rolled back: what it answers is exactly what would happen. `work` may
 * only call the database's functions, and holds their locks until it is done.
 */
export async function rehearse<Answer>(
  db: Database,
  work: (db: Database) => Promise<Answer>,
): Promise<Answer> {
  const client = await db.pool.connect();
  // The calls use nothing of a pool but its query, which a client has too; on this client all of them share the transaction.
  const pool = new Proxy(db.pool, {
    get: (target, key) => (key === 'query' ? client.query.bind(client) : Reflect.get(target, key)),
  });
  try {
    await client.query('begin');
    return await work({ ...db, pool });
  } finally {
    // Destroyed rather than given back: whatever state it is in, the server rolls it back.
    client.release(true);
  }
}
