import type { Database } from '@hourly/db';

/**
 * Runs `work` on one connection whose statements may take `limitMs` each, instead of the seconds that calls of the
 * product get. In a transaction, so that the setting ends with it behind a pooler, too.
 */
export async function unhurried<Answer>(
  db: Database,
  limitMs: number,
  work: (db: Database) => Promise<Answer>,
): Promise<Answer> {
  const client = await db.pool.connect();
  // The calls use nothing of a pool but its query, which a client has too.
  const pool = new Proxy(db.pool, {
    get: (target, key) => (key === 'query' ? client.query.bind(client) : Reflect.get(target, key)),
  });
  try {
    await client.query('begin');
    await client.query("select set_config('statement_timeout', $1, true)", [String(limitMs)]);
    const answer = await work({ ...db, pool });
    await client.query('commit');
    client.release();
    return answer;
  } catch (error) {
    // Destroyed rather than given back: whatever state it is in, the server rolls it back.
    client.release(true);
    throw error;
  }
}
