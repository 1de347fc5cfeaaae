import type { TestDatabase } from '@hourly/db/testing';

const waitLimitMs = 2000;

/** Does `work` while another transaction holds the account's row; whoever waits for it fails by a timeout. */
export async function holdingAccount(
  db: TestDatabase,
  accountId: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const holder = await db.owner.connect();
  let timer: NodeJS.Timeout | undefined;
  try {
    await holder.query('begin');
    await holder.query('select from hourly_account_balance where id = $1 for update', [accountId]);
    const limit = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('waited for the account')), waitLimitMs);
    });
    await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
    await holder.query('rollback');
    holder.release();
  }
}

/**
 * Runs `call` so that it gets stuck after it has begun: it waits for `table`, which this transaction has locked against
 * reading. Then `meanwhile` happens in this same transaction, commits, and the call goes on.
 */
export async function whileStuckAt<Answer>(
  db: TestDatabase,
  table: string,
  call: () => Promise<Answer>,
  meanwhile: (query: (text: string, values: unknown[]) => Promise<unknown>) => Promise<unknown>,
): Promise<Answer> {
  const holder = await db.owner.connect();
  try {
    await holder.query('begin');
    await holder.query(`lock table ${table} in access exclusive mode`);
    const answer = call();
    await waitUntilSomebodyWaits(db);
    await meanwhile((text, values) => holder.query(text, values));
    await holder.query('commit');
    return await answer;
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}

/** Returns when `count` connections of this database wait for a lock. */
export async function waitUntilSomebodyWaits(db: TestDatabase, count = 1): Promise<void> {
  const deadline = performance.now() + waitLimitMs;
  while (performance.now() < deadline) {
    const { rows } = await db.owner.query(
      `select count(*)::int as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows[0].waiting >= count) return;
  }
  throw new Error('nobody waits');
}
