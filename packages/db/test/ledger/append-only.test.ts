import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer } from '../support/customer.ts';
import { ledgerOf } from '../support/history.ts';

let db: TestDatabase;
let worker: TestDatabase;
beforeAll(async () => {
  [db, worker] = await Promise.all([createTestDatabase(), createTestDatabase('hourly_worker')]);
  for (const database of [db, worker]) await createCustomer(database, { balanceCents: 20_000 });
});
afterAll(async () => {
  await dropWithCleanBooks(db);
  await dropWithCleanBooks(worker);
});

const pools: [string, () => pg.Pool][] = [
  ['hourly_app', () => db.pool],
  ['hourly_worker', () => worker.pool],
  ['the owner', () => db.owner],
];
const statements = (table: string): string[] => [
  `update ${table} set created_at = created_at`,
  `delete from ${table}`,
  `truncate ${table}`,
  `truncate ${table} cascade`,
];
const insufficientPrivilege = '42501';
const restrictViolation = '23001';

describe.each(['hourly_ledger_entries', 'hourly_events'])('%s is append-only', (table) => {
  test.each(pools)('for %s', async (name, pool) => {
    for (const statement of statements(table)) {
      await expect(pool().query(statement)).rejects.toMatchObject({
        code: name === 'the owner' ? restrictViolation : insufficientPrivilege,
      });
    }
    // Also by way of other statements, and where no row would be touched.
    const where = [
      `update ${table} set created_at = created_at where false`,
      `with gone as (delete from ${table} where false returning 1) select * from gone`,
    ];
    for (const statement of where) await expect(pool().query(statement)).rejects.toThrow();
    const { rows } = await pool().query(`select count(*)::int as rows from ${table}`);
    expect(rows[0].rows).toBeGreaterThan(0);
  });
});

test('an entry is one transfer between two different accounts, of more than nothing', async () => {
  const accountId = await createCustomer(db, { balanceCents: 20_000 });
  const before = await ledgerOf(db, accountId);
  const insert = async (columns: Record<string, unknown>) => {
    const row = {
      account_id: accountId,
      entry_no: 2,
      type: 'adjustment',
      debit_account_id: 4,
      credit_account_id: accountId,
      amount_cents: 1,
      balance_after_cents: 20_001,
      reason: 'Goodwill',
      effective_at: 'now',
      created_at: 'now',
      ...columns,
    };
    const names = Object.keys(row);
    const client = await db.pool.connect();
    try {
      await client.query('begin');
      await client.query(
        `insert into hourly_ledger_entries (${names.join(', ')})
         values (${names.map((_, n) => `$${n + 1}`).join(', ')})`,
        Object.values(row),
      );
    } finally {
      await client.query('rollback');
      client.release();
    }
  };
  await insert({});
  const refused = [
    { amount_cents: 0 },
    { amount_cents: -1 },
    { debit_account_id: accountId },
    { credit_account_id: 1 },
    { entry_no: 1 },
    { type: 'gift' },
    { type: 'hour' },
    { type: 'topup' },
    { type: 'refund' },
    { type: 'dispute' },
    { event_no: 2 },
    { reason: null },
  ];
  for (const columns of refused) await expect(insert(columns)).rejects.toThrow();
  expect(await ledgerOf(db, accountId)).toEqual(before);
});
