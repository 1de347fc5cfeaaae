import { createHash } from 'node:crypto';
import {
  getStatement,
  type LedgerHead,
  listLedgerHeads,
  type Sealing,
  type StatementPosition,
  sealLedger,
} from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';

const mostPasses = 10_000;

/** Seals every ledger of the database, as the worker's sweep does. Answers how many entries were new. */
export async function sealAll(db: TestDatabase, limit = 1000): Promise<number> {
  let entries = 0;
  let afterAccountId: string | undefined;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const sealed = await sealLedger(db, { afterAccountId, limit });
    entries += sealed.entries;
    if (sealed.nextAccountId === null) return entries;
    afterAccountId = sealed.nextAccountId;
  }
  throw new Error('the sealing does not come to an end');
}

/** One pass over this account alone. */
export const sealOne = (db: TestDatabase, accountId: string): Promise<Sealing> =>
  sealLedger(db, { afterAccountId: String(BigInt(accountId) - 1n), limit: 1 });

/** The newest seal of every ledger. */
export async function headsOf(db: TestDatabase, limit = 1000): Promise<LedgerHead[]> {
  const heads: LedgerHead[] = [];
  let afterAccountId: string | undefined;
  for (let page = 0; page < mostPasses; page += 1) {
    const found = await listLedgerHeads(db, { afterAccountId, limit });
    heads.push(...found.heads);
    if (found.nextAccountId === null) return heads;
    afterAccountId = found.nextAccountId;
  }
  throw new Error('the list does not come to an end');
}

/** The whole statement; `between` happens after each page. */
export async function statementOf(
  db: TestDatabase,
  accountId: string,
  limit = 1000,
  between: () => Promise<unknown> = async () => {},
): Promise<string> {
  let text = '';
  let next: StatementPosition | null = null;
  for (let page = 0; page < mostPasses; page += 1) {
    const found = await getStatement(db, { accountId, next, limit });
    text += found.text;
    next = found.next;
    if (next === null) return text;
    await between();
  }
  throw new Error('the statement does not come to an end');
}

/** The lines of a statement, parsed. */
export const linesOf = (statement: string): Record<string, unknown>[] =>
  statement
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Tampers as a superuser does, past every trigger and past the product's roles. */
export async function tamper(db: TestDatabase, statement: string, values: unknown[] = []) {
  const client = await db.owner.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    const { rowCount } = await client.query(statement, values);
    await client.query('commit');
    return rowCount;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
