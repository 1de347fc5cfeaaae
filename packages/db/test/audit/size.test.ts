import { type Audit, auditAccounts, sealLedger } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchMemory } from '../support/backend-memory.ts';
import { type Bulk, entriesOf, fillBooks } from '../support/bulk.ts';
import { sealAll, tamper } from '../support/seals.ts';

/** Forty thousand rows in one account among others; test/bench/ledger.ts does the same with millions. */
const one: Bulk = { accounts: 1, sessions: 4000, hours: 10 };
const many: Bulk = { accounts: 110, sessions: 20, hours: 10 };
/** A process of the server has 3 with nothing to do; all lines of the large account at once would be 12 more. */
const mostMb = { sealing: 12, audit: 26 };
const limitMs = 60_000;

let db: TestDatabase;
let accountId: string;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  await fillBooks(db.owner, many);
  accountId = await fillBooks(db.owner, one);
  await fillBooks(db.owner, many);
});
afterAll(() => db.drop());

const before = () => String(BigInt(accountId) - 1n);

test('sealing takes the same memory, however much there is to seal', async () => {
  const { answer, memory } = await watchMemory(db, (own) => sealAll(own));
  expect(answer).toBe(entriesOf(one) + 2 * entriesOf(many));
  if (memory) expect(memory.ownMb).toBeLessThan(mostMb.sealing);
});

test(
  'an audit takes the same memory, however large the books; a large account has a page for itself',
  async () => {
    const pages: Audit[] = [];
    const { memory } = await watchMemory(db, async (own) => {
      let afterAccountId: string | null | undefined;
      while (afterAccountId !== null && pages.length < 20) {
        pages.push(await auditAccounts(own, { afterAccountId, limit: 105 }));
        afterAccountId = pages.at(-1)?.nextAccountId;
      }
    });
    expect(pages.flatMap(({ differences }) => differences)).toEqual([]);
    // 201 rows each: the first hundred come to 20,000.
    expect(pages.map(({ accounts }) => accounts)).toEqual([100, 11, 100, 10]);
    if (memory) expect(memory.ownMb).toBeLessThan(mostMb.audit);
  },
  limitMs,
);

test('one changed row of forty thousand is told once', async () => {
  await tamper(
    db,
    'update hourly_ledger_entries set amount_cents = 1499 where account_id = $1 and entry_no = 2',
    [accountId],
  );
  const { differences, differenceCount } = await auditAccounts(db, {
    afterAccountId: before(),
    limit: 1,
  });
  expect(differences.map(({ what }) => what.replace(/session .*/, 'session'))).toEqual([
    'balance after entry 2',
    'balance',
    'sum of charges',
    'hour 1 of session',
    'seal 1 of entries 1 to 1000',
  ]);
  expect(differenceCount).toBe(5);
  await tamper(
    db,
    'update hourly_ledger_entries set amount_cents = 1500 where account_id = $1 and entry_no = 2',
    [accountId],
  );
});

test('books that are wrong from end to end are counted, and told in part', async () => {
  await tamper(
    db,
    `update hourly_ledger_entries set effective_at = effective_at + interval '1 second' where account_id = $1`,
    [accountId],
  );
  const { answer, memory } = await watchMemory(db, (own) =>
    auditAccounts(own, { afterAccountId: before(), limit: 1 }),
  );
  expect(answer.differences).toHaveLength(1000);
  // Every hour, and every seal.
  expect(answer.differenceCount).toBe(40_000 + 41);
  if (memory) expect(memory.ownMb).toBeLessThan(mostMb.audit);
});

test('nothing new is a sweep over the accounts alone', async () => {
  const sealed = await sealLedger(db, { limit: 1000 });
  expect(sealed).toEqual({ accounts: 221, seals: 0, entries: 0, nextAccountId: null });
});
