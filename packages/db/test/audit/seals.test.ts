import {
  adjustBalance,
  checkLedgerHeads,
  type Difference,
  endSession,
  type HeadDifference,
  type LedgerHead,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours, payIn } from '../support/customer.ts';
import { headsOf, sealOne } from '../support/seals.ts';

let db: TestDatabase;
let accountId: string;
let otherId: string;
/** What an operator put aside before anybody tampered. */
let kept: LedgerHead[];

beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  accountId = await createLedger();
  otherId = await createLedger();
  kept = await headsOf(db);
});
afterAll(() => dropWithCleanBooks(db));

/** Entries 1 top-up, 2 promo, 3 adjustment (seal 1); 4–7 hours, 8 top-up (seal 2); 9 and 10 promo (seal 3); 11 promo, not sealed. */
async function createLedger(): Promise<string> {
  const id = await createCustomer(db, { balanceCents: 20_000, now: at(0) });
  const adjust = (type: 'promo' | 'adjustment', amountCents: number) =>
    adjustBalance(db, { accountId: id, type, amountCents, reason: 'a reason', now: at(0) });
  await adjust('promo', 500);
  await adjust('adjustment', -200);
  await sealOne(db, id);
  await startSession(db, { accountId: id, now: at(0) });
  await endSession(db, { accountId: id, now: at(hours(3) + 1) });
  await payIn(db, id, 10_000);
  await sealOne(db, id);
  await adjust('promo', 100);
  await adjust('promo', 100);
  await sealOne(db, id);
  await adjust('promo', 100);
  return id;
}

interface Found {
  books: Difference[];
  heads: HeadDifference[];
}

/** What is found after a superuser's hand at the tables, past triggers and constraints; undone afterwards. */
async function afterTampering(...changes: string[]): Promise<Found> {
  const client = await db.owner.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query(dropConstraints);
    for (const change of changes) {
      const statement = change.replaceAll('$A', accountId).replaceAll('$B', otherId);
      const { rowCount } = await client.query(statement);
      expect(rowCount, statement).toBeGreaterThan(0);
    }
    const { rows } = await client.query<{ found: Difference[] }>(
      `select audit_hourly_accounts(0, 1000) -> 'differences' as found`,
    );
    const asked = { pool: { query: client.query.bind(client) } } as unknown as TestDatabase;
    const { differences } = await checkLedgerHeads(asked, kept);
    return { books: rows[0]?.found ?? [], heads: differences };
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** What keeps impossible rows out keeps no superuser out. */
const dropConstraints = `do $$ declare v record; begin
  for v in select c.conname, c.conrelid::regclass as name from pg_constraint c
    where c.conrelid in ('hourly_ledger_entries'::regclass, 'hourly_ledger_seals'::regclass) and c.contype = 'c'
  loop execute format('alter table %s drop constraint %I', v.name, v.conname); end loop;
  for v in select i.indexrelid::regclass as name from pg_index i
    where i.indrelid = 'hourly_ledger_entries'::regclass and not i.indisprimary
  loop execute format('drop index %s', v.name); end loop;
  for v in select attname, attrelid::regclass as name from pg_attribute a
    where attrelid in ('hourly_ledger_entries'::regclass, 'hourly_ledger_seals'::regclass) and attnum > 0 and attnotnull
      and not exists (select from pg_index i where i.indrelid = attrelid and i.indisprimary and a.attnum = any (i.indkey))
  loop execute format('alter table %s alter column %I drop not null', v.name, v.attname); end loop;
end $$`;

const whatsOf = ({ books }: Found): string[] =>
  books.map(({ accountId: id, what }) => `${id === accountId ? 'A' : 'B'}: ${what}`);
const sealsOf = (found: Found): string[] => whatsOf(found).filter((what) => / seal \d/.test(what));

const seal1 = 'A: seal 1 of entries 1 to 3';
const seal2 = 'A: seal 2 of entries 4 to 8';
const seal3 = 'A: seal 3 of entries 9 to 10';

async function columnsOf(table: string): Promise<{ name: string; type: string }[]> {
  const { rows } = await db.owner.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = $1 order by ordinal_position`,
    [table],
  );
  return rows;
}

/** Another value than the one that is there, whatever that is. */
const others: Record<string, string> = {
  bigint: 'coalesce(#, 0) + 1000000',
  integer: 'coalesce(#, 0) + 1',
  text: `coalesce(#, '') || ' '`,
  uuid: 'gen_random_uuid()',
  bytea: `sha256(#)`,
  'timestamp with time zone': `# + interval '1 microsecond'`,
};

const otherValue = ({ name, type }: { name: string; type: string }): string => {
  const value = others[type];
  if (value === undefined) throw new Error(`${name} is of a type that this test does not know`);
  return value.replaceAll('#', name);
};

test('what nobody touched is clean, and is as it was kept', async () => {
  expect(await afterTampering()).toEqual({ books: [], heads: [] });
  expect(kept).toHaveLength(2);
  expect(kept.map(({ lastEntryNo }) => lastEntryNo)).toEqual([10, 10]);
});

describe('an entry', () => {
  test('is not changed in any column', async () => {
    const columns = await columnsOf('hourly_ledger_entries');
    expect(columns.length).toBeGreaterThanOrEqual(17);
    // A promo has a reason and no session, an hour the other way round.
    for (const [entryNo, seal] of [
      [2, seal1],
      [5, seal2],
    ]) {
      for (const column of columns) {
        const found = await afterTampering(
          `update hourly_ledger_entries set ${column.name} = ${otherValue(column)} where account_id = $A and entry_no = ${entryNo}`,
        );
        expect(sealsOf(found), column.name).toEqual([seal]);
      }
    }
  });

  test('is not emptied in any column', async () => {
    for (const { name } of await columnsOf('hourly_ledger_entries')) {
      // Without these it would be no entry; and nothing was refunded or disputed.
      if (['account_id', 'entry_no', 'refund_id', 'dispute_id'].includes(name)) continue;
      const found = await afterTampering(
        `update hourly_ledger_entries set ${name} = null where account_id = $A and ${name} is not null
           and entry_no = (select min(entry_no) from hourly_ledger_entries where account_id = $A and ${name} is not null)`,
      );
      expect(sealsOf(found), name).toHaveLength(1);
    }
  });

  test('is not changed with every balance after it and the account itself, which only a seal tells', async () => {
    const found = await afterTampering(
      'update hourly_ledger_entries set amount_cents = amount_cents + 100 where account_id = $A and entry_no = 2',
      'update hourly_ledger_entries set balance_after_cents = balance_after_cents + 100 where account_id = $A and entry_no >= 2',
      'update hourly_account_balance set balance_cents = balance_cents + 100 where id = $A',
    );
    expect(whatsOf(found)).toEqual([seal1, seal2, seal3]);
    const [first] = found.books;
    expect(first?.expected).toMatch(/^[0-9a-f]{64}$/);
    expect(first?.found).toMatch(/^[0-9a-f]{64}$/);
    expect(first?.found).not.toBe(first?.expected);
  });

  test('is not cut off from the end, with an account that fits', async () => {
    const found = await afterTampering(
      'delete from hourly_ledger_entries where account_id = $A and entry_no > 9',
      'update hourly_account_balance set balance_cents = balance_cents - 200, entry_no = 9 where id = $A',
    );
    expect(found.books).toEqual([
      { accountId, what: seal3.slice(3), expected: '2 entries', found: '1' },
    ]);
  });

  test('is not removed, with everything after it moved up', async () => {
    const found = await afterTampering(
      'delete from hourly_ledger_entries where account_id = $A and entry_no = 2',
      'update hourly_ledger_entries set entry_no = entry_no - 1 where account_id = $A and entry_no > 2',
      'update hourly_ledger_entries set balance_after_cents = balance_after_cents - 500 where account_id = $A and entry_no > 1',
      'update hourly_account_balance set balance_cents = balance_cents - 500, entry_no = entry_no - 1 where id = $A',
    );
    expect(whatsOf(found)).toEqual([seal1, seal2, seal3]);
  });

  test('is not put in between, with everything after it moved down', async () => {
    const found = await afterTampering(
      'update hourly_ledger_entries set entry_no = entry_no + 1000 where account_id = $A and entry_no > 8',
      'update hourly_ledger_entries set entry_no = entry_no - 999 where account_id = $A and entry_no > 1000',
      `insert into hourly_ledger_entries (account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents,
         balance_after_cents, reason, effective_at, created_at)
       select account_id, 9, 'promo', 3, account_id, 700, balance_after_cents + 700, 'a gift', created_at, created_at
       from hourly_ledger_entries where account_id = $A and entry_no = 8`,
      'update hourly_ledger_entries set balance_after_cents = balance_after_cents + 700 where account_id = $A and entry_no > 9',
      'update hourly_account_balance set balance_cents = balance_cents + 700, entry_no = entry_no + 1 where id = $A',
    );
    expect(whatsOf(found)).toEqual([seal3]);
  });

  test('does not change places with another, with balances that fit', async () => {
    const found = await afterTampering(
      'update hourly_ledger_entries set entry_no = case entry_no when 2 then 1003 else 1002 end where account_id = $A and entry_no in (2, 3)',
      'update hourly_ledger_entries set entry_no = entry_no - 1000 where account_id = $A and entry_no > 1000',
      'update hourly_ledger_entries set balance_after_cents = case entry_no when 2 then 19800 else 20300 end where account_id = $A and entry_no in (2, 3)',
    );
    expect(whatsOf(found)).toEqual([seal1]);
  });

  test('does not change places with one of another account', async () => {
    const found = await afterTampering(
      'update hourly_ledger_entries set entry_no = entry_no + 1000, account_id = case account_id when $A then $B else $A end where account_id in ($A, $B) and entry_no = 9',
      'update hourly_ledger_entries set entry_no = 9, debit_account_id = 3, credit_account_id = account_id where entry_no = 1009',
    );
    // The two are alike but for the microsecond, which nothing else looks at.
    expect(whatsOf(found)).toEqual([seal3, seal3.replace('A', 'B')]);
  });
});

describe('a seal', () => {
  test('is not changed in any column', async () => {
    for (const column of await columnsOf('hourly_ledger_seals')) {
      const found = await afterTampering(
        `update hourly_ledger_seals set ${column.name} = ${otherValue(column)} where account_id = $A and seal_no = 2`,
      );
      const expected: Record<string, string[]> = {
        // Without the second, what the third continues is not there.
        account_id: ['A: seal 2'],
        seal_no: ['A: seal 2', 'A: seal 4'],
        // The third continues this hash.
        hash: [seal2, seal3],
      };
      const whats = sealsOf(found);
      for (const what of expected[column.name] ?? ['A: seal 2 of entries 4 to ']) {
        expect(
          whats.some((known) => known.startsWith(what)),
          `${column.name}: ${what} in ${whats}`,
        ).toBe(true);
      }
    }
  });

  test('is not removed from between', async () => {
    const found = await afterTampering(
      'delete from hourly_ledger_seals where account_id = $A and seal_no = 2',
    );
    expect(found.books).toEqual([
      { accountId, what: 'seal 2', expected: 'one that seal 3 continues', found: 'none' },
    ]);
  });

  test('does not change places with one of another account', async () => {
    const found = await afterTampering(
      `update hourly_ledger_seals s set hash = o.hash, sealed_at = o.sealed_at from hourly_ledger_seals o
       where s.account_id in ($A, $B) and o.account_id in ($A, $B) and o.account_id <> s.account_id
         and s.seal_no = 1 and o.seal_no = 1`,
    );
    const both = [seal1, seal2];
    expect(whatsOf(found)).toEqual([...both, ...both.map((what) => what.replace('A', 'B'))]);
  });

  test('does not go by another name of its ledger', async () => {
    const found = await afterTampering(
      `update hourly_account_balance a set ledger_id = o.ledger_id from hourly_account_balance o
       where a.id in ($A, $B) and o.id in ($A, $B) and o.id <> a.id`,
    );
    expect(whatsOf(found)).toEqual([seal1, seal1.replace('A', 'B')]);
    expect(found.heads).toHaveLength(2);
  });
});

/** Whoever can seal can seal again: the books agree with themselves, and only what was kept elsewhere tells. */
describe('a kept head', () => {
  const headOf = (id: string) => kept[id === accountId ? 0 : 1];
  const reseal = 'select seal_hourly_ledger($A - 1, 1)';

  test('tells of a chain that was made anew', async () => {
    const found = await afterTampering(
      'update hourly_ledger_entries set amount_cents = amount_cents + 100 where account_id = $A and entry_no = 2',
      'update hourly_ledger_entries set balance_after_cents = balance_after_cents + 100 where account_id = $A and entry_no >= 2',
      'update hourly_account_balance set balance_cents = balance_cents + 100 where id = $A',
      'delete from hourly_ledger_seals where account_id = $A',
      reseal,
    );
    expect(found.books).toEqual([]);
    const head = headOf(accountId);
    expect(found.heads).toEqual([
      {
        ledgerId: head?.ledgerId,
        what: 'seal 3',
        expected: head?.hash,
        found: 'none, the last one is seal 1 of entry 11',
      },
    ]);
  });

  test('tells of a chain that was made anew, seal by seal', async () => {
    const found = await afterTampering(
      `update hourly_ledger_entries set reason = 'another reason' where account_id = $A and entry_no = 10`,
      'delete from hourly_ledger_seals where account_id = $A and seal_no = 3',
      reseal,
    );
    expect(found.books).toEqual([]);
    const { hash, ledgerId } = headOf(accountId) ?? {};
    expect(found.heads).toMatchObject([{ ledgerId, what: 'seal 3', expected: hash }]);
    expect(found.heads[0]?.found).toMatch(/^[0-9a-f]{64}$/);
  });

  test('tells of a ledger that was shortened', async () => {
    const found = await afterTampering(
      'delete from hourly_ledger_entries where account_id = $A and entry_no > 8',
      'delete from hourly_ledger_seals where account_id = $A and seal_no = 3',
      'update hourly_account_balance set balance_cents = balance_cents - 300, entry_no = 8 where id = $A',
    );
    expect(found.books).toEqual([]);
    expect(found.heads).toMatchObject([
      { what: 'seal 3', found: 'none, the last one is seal 2 of entry 8' },
    ]);
  });

  test('tells of seals that are all gone', async () => {
    const found = await afterTampering('delete from hourly_ledger_seals where account_id = $A');
    expect(found.books).toEqual([]);
    expect(found.heads).toMatchObject([{ what: 'seal 3', found: 'none' }]);
  });

  test('tells of a ledger that is gone', async () => {
    const found = await afterTampering(
      'delete from hourly_ledger_seals where account_id = $B',
      'delete from hourly_ledger_entries where account_id = $B',
      'delete from hourly_account_balance where id = $B',
    );
    expect(found.heads).toMatchObject([
      { ledgerId: headOf(otherId)?.ledgerId, what: 'seal 3', found: 'no such ledger' },
    ]);
  });

  test('is compared whole', async () => {
    const [head] = kept;
    if (head === undefined) throw new Error('no head');
    expect(await checkLedgerHeads(db, kept)).toEqual({ heads: 2, differences: [] });
    const { differences } = await checkLedgerHeads(db, [{ ...head, lastEntryNo: 9 }]);
    expect(differences).toMatchObject([
      { what: 'last entry of seal 3', expected: '9', found: '10' },
    ]);
    expect(await checkLedgerHeads(db, [])).toEqual({ heads: 0, differences: [] });
  });
});
