import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer } from '../support/customer.ts';
import { sealAll } from '../support/seals.ts';

const insufficientPrivilege = '42501';
const restrictViolation = '23001';

let app: TestDatabase;
let worker: TestDatabase;
beforeAll(async () => {
  [app, worker] = await Promise.all([createTestDatabase(), createTestDatabase('hourly_worker')]);
  for (const db of [app, worker]) await createCustomer(db, { balanceCents: 20_000 });
  await sealAll(worker);
});
afterAll(async () => {
  await dropWithCleanBooks(app);
  await dropWithCleanBooks(worker);
});

const changes = [
  'update hourly_ledger_seals set sealed_at = sealed_at',
  'update hourly_ledger_seals set hash = hash where false',
  'delete from hourly_ledger_seals',
  'delete from hourly_ledger_seals where false',
  'truncate hourly_ledger_seals',
];

test.each<[string, () => pg.Pool, string]>([
  ['the web app', () => app.pool, insufficientPrivilege],
  ['the worker', () => worker.pool, insufficientPrivilege],
  ['the owner', () => worker.owner, restrictViolation],
])('seals are not changed or removed by %s', async (_, pool, code) => {
  for (const change of changes) {
    await expect(pool().query(change), change).rejects.toMatchObject({ code });
  }
});

test('the web app reads seals and writes none', async () => {
  await app.pool.query('select * from hourly_ledger_seals');
  const insert = `insert into hourly_ledger_seals values (1001, 1, 1, now(), sha256('x'))`;
  for (const statement of [insert, 'select seal_hourly_ledger(0, 1000)']) {
    await expect(app.pool.query(statement)).rejects.toMatchObject({ code: insufficientPrivilege });
  }
});

test('a ledger keeps its name: nobody of the product changes it by accident', async () => {
  const ids = 'select array_agg(ledger_id::text order by id) as ids from hourly_account_balance';
  const before = (await worker.pool.query(ids)).rows[0].ids;
  await createCustomer(worker, { balanceCents: 20_000 });
  const after = (await worker.pool.query(ids)).rows[0].ids;
  expect(after.slice(0, before.length)).toEqual(before);
  expect(new Set(after).size).toBe(after.length);
});
