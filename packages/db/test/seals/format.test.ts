import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealAll, sha256, statementOf, tamper } from '../support/seals.ts';

const accountId = '5000';
const ledgerId = '0f9a1c52-5a3e-4a55-9f0e-1f2d3c4b5a69';
const session = '11111111-2222-4333-8444-555555555555';
const topup = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const refund = '99999999-8888-4777-8666-555555555555';
const at = "timestamptz '2024-03-10 01:59:59.999999-05'";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  await tamper(
    db,
    `insert into hourly_account_balance (id, user_id, mode, ledger_id, entry_no, event_no, balance_cents, as_of, created_at)
     overriding system value values (${accountId}, 'golden', 'live', '${ledgerId}', 6, 3, 9800, now(), now())`,
  );
  await tamper(
    db,
    `insert into hourly_ledger_entries (account_id, entry_no, type, debit_account_id, credit_account_id, amount_cents,
       balance_after_cents, event_no, session_id, hour, trigger, topup_id, reason, refund_id, dispute_id, effective_at, created_at)
     values
       (5000, 1, 'topup', 2, 5000, 10000, 10000, 1, null, null, null, '${topup}', null, null, null, ${at}, ${at}),
       (5000, 2, 'hour', 5000, 1, 1500, 8500, 3, '${session}', 1, 'start', null, null, null, null, ${at}, ${at}),
       (5000, 3, 'promo', 3, 5000, 1500, 10000, null, null, null, null, null, $1, null, null, ${at}, ${at} + interval '1 us'),
       (5000, 4, 'refund', 5000, 2, 100, 9900, null, null, null, null, '${topup}', null, '${refund}', null, ${at}, ${at}),
       (5000, 5, 'dispute', 5000, 5, 200, 9700, null, null, null, null, '${topup}', null, null, 'disp_"1"', ${at}, ${at}),
       (5000, 6, 'adjustment', 4, 5000, 100, 9800, null, null, null, null, null, '', null, null,
        timestamptz '1969-12-31 23:59:59.9999995Z', ${at})`,
    ['line\nfeed "quoted" \\ \t\u0001\u007f é \u2028 🎁'],
  );
});
afterAll(() => db.drop());

/** What was agreed on: bytes that must never change, whatever Postgres and whatever release of this product wrote them. */
const golden = [
  `{"hourlyLedger":1,"ledgerId":"${ledgerId}"}`,
  '{"hash":"GENESIS"}',
  `{"entryNo":1,"type":"topup","amountCents":10000,"balanceAfterCents":10000,"fromAccount":2,"eventNo":1,"topupId":"${topup}","effectiveAtUs":1710053999999999,"createdAtUs":1710053999999999}`,
  `{"entryNo":2,"type":"hour","amountCents":-1500,"balanceAfterCents":8500,"toAccount":1,"eventNo":3,"sessionId":"${session}","hour":1,"trigger":"start","effectiveAtUs":1710053999999999,"createdAtUs":1710053999999999}`,
  `{"entryNo":3,"type":"promo","amountCents":1500,"balanceAfterCents":10000,"fromAccount":3,"reason":"line\\nfeed \\"quoted\\" \\\\ \\t\\u0001\u007f é \u2028 🎁","effectiveAtUs":1710053999999999,"createdAtUs":1710054000000000}`,
  `{"entryNo":4,"type":"refund","amountCents":-100,"balanceAfterCents":9900,"toAccount":2,"topupId":"${topup}","refundId":"${refund}","effectiveAtUs":1710053999999999,"createdAtUs":1710053999999999}`,
  `{"entryNo":5,"type":"dispute","amountCents":-200,"balanceAfterCents":9700,"toAccount":5,"topupId":"${topup}","disputeId":"disp_\\"1\\"","effectiveAtUs":1710053999999999,"createdAtUs":1710053999999999}`,
  `{"entryNo":6,"type":"adjustment","amountCents":100,"balanceAfterCents":9800,"fromAccount":4,"reason":"","effectiveAtUs":0,"createdAtUs":1710053999999999}`,
];
const end = '{"entries":6,"sealedEntries":0,"balanceCents":9800,"mode":"live"}';

test('a line is the same under every setting, and a seal is the hash of the lines', async () => {
  const genesis = sha256(`${golden[0]}\n`);
  const wanted = [...golden, end].join('\n').replace('GENESIS', genesis);
  expect(genesis).toBe('406009d9ea47ce252e1e90aa93668ecd4403358bd4a25a8dd5c5c3b0dd82ba3e');
  const settings = [
    ['TimeZone', 'Asia/Kolkata'],
    ['TimeZone', 'America/New_York'],
    ['DateStyle', 'German, DMY'],
    ['IntervalStyle', 'sql_standard'],
    ['bytea_output', 'escape'],
    ['extra_float_digits', '-15'],
    ['standard_conforming_strings', 'off'],
    ['quote_all_identifiers', 'on'],
    ['xmlbinary', 'hex'],
    ['lc_numeric', 'C'],
  ];
  expect(await statementOf(db, accountId)).toBe(`${wanted}\n`);
  for (const [name, value] of settings) {
    const client = await db.pool.connect();
    try {
      await client.query('begin');
      await client.query('select set_config($1, $2, true)', [name, value]);
      const { rows } = await client.query(
        `select get_hourly_statement(${accountId}, null, 1000) ->> 'text' as text`,
      );
      expect(rows[0].text, `${name} = ${value}`).toBe(`${wanted}\n`);
      // Also what is hashed, which nobody sees.
      await client.query(`select seal_hourly_ledger(${accountId} - 1, 1)`);
      const seals = await client.query(
        `select encode(hash, 'hex') as hash, (extract(epoch from sealed_at) * 1000000)::bigint::text as at from hourly_ledger_seals`,
      );
      const { hash, at: sealedAtUs } = seals.rows[0];
      const batch = [
        `{"hash":"${genesis}"}`,
        ...golden.slice(2),
        `{"sealNo":1,"lastEntryNo":6,"sealedAtUs":${sealedAtUs}}`,
      ];
      expect(hash, `${name} = ${value}`).toBe(sha256(batch.map((line) => `${line}\n`).join('')));
    } finally {
      await client.query('rollback');
      client.release();
    }
  }
});

test('a statement repeats what was hashed, byte for byte', async () => {
  await sealAll(db);
  const lines = (await statementOf(db, accountId)).split('\n');
  const hashes = lines.flatMap((line, index) => (line.startsWith('{"hash"') ? [index] : []));
  expect(hashes).toHaveLength(2);
  const [genesisAt = 0, sealAt = 0] = hashes;
  const covered = lines.slice(genesisAt, sealAt).map((line) => `${line}\n`);
  expect(lines[sealAt]).toBe(`{"hash":"${sha256(covered.join(''))}"}`);
});

test('every column of the ledger is in its line', async () => {
  const { rows: columns } = await db.owner.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = 'hourly_ledger_entries'`,
  );
  expect(columns.length).toBeGreaterThanOrEqual(17);
  const other: Record<string, string> = {
    bigint: `coalesce(e.COLUMN, 0) + 7`,
    integer: `coalesce(e.COLUMN, 0) + 7`,
    text: `coalesce(e.COLUMN, '') || 'x'`,
    uuid: 'gen_random_uuid()',
    'timestamp with time zone': `e.COLUMN + interval '1 microsecond'`,
  };
  for (const { name, type } of columns) {
    const value = other[type]?.replaceAll('COLUMN', name);
    if (value === undefined) throw new Error(`${name} is of a type that this test does not know`);
    // The account is what the ledger's first line names; its lines leave it out.
    const from = `(select e as entry, jsonb_populate_record(e, jsonb_build_object('${name}', ${value})) as other
      from hourly_ledger_entries e where e.account_id = ${accountId}) t`;
    const { rows } = await db.owner.query<{ same: number }>(
      `select count(*) filter (where hourly_ledger_line(entry) = hourly_ledger_line(other))::int as same from ${from}`,
    );
    expect(rows[0]?.same, name).toBe(0);
  }
});
