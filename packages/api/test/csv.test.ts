import type { LedgerEntry, Page, Topup } from '@hourly/contract';
import { adjustBalance, createRefund } from '@hourly/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  browserOf,
  fundedLiveCustomer,
  fundedTestCustomer,
  holderOf,
  newUserId,
} from './support/customer.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const path = '/api/hourly-usage/transactions?format=csv';
const statementOf = (headers: Record<string, string>, more = '') =>
  fetch(`${world.url}${path}${more}`, { headers });

/** Cells by RFC 4180, read strictly: what is not a record of the grammar throws. */
function parse(csv: string): string[][] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (field.lastIndex < csv.length) {
    const at = field.lastIndex;
    const [, quoted, plain = '', end] = field.exec(csv) ?? [];
    if (end === undefined) throw new Error(`no CSV from ${at}: ${csv.slice(at, at + 40)}`);
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n' && field.lastIndex < csv.length) rows.push([]);
  }
  return rows;
}

function recordsOf(csv: string): Record<string, string>[] {
  const [names = [], ...rows] = parse(csv);
  return rows.map((row) => {
    expect(row).toHaveLength(names.length);
    return Object.fromEntries(names.map((name, index) => [name, row[index] ?? '']));
  });
}

test('says in every line what the list says, and the rupees that moved', async () => {
  const customer = await fundedLiveCustomer(world);
  await customer.post('/start');
  await customer.post('/end');
  const { body: topups } = await customer.get<Page<Topup>>('/topups');
  const topupId = topups.items[0]?.id ?? '';
  await createRefund(world.db, { topupId, amountCents: 900 });
  const response = await statementOf(customer.headers);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="hourly-transactions.csv"',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const records = recordsOf(await response.text());
  const { body } = await customer.get<Page<LedgerEntry>>('/transactions');
  const written = (value: string | number | null) => (value === null ? '' : String(value));
  expect(records.map(({ amountInrPaise: _paise, ...record }) => record)).toEqual(
    body.items.map((entry) =>
      Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, written(value)])),
    ),
  );
  expect(
    records.map(({ type, amountCents, amountInrPaise }) => [type, amountCents, amountInrPaise]),
  ).toEqual([
    ['refund', '-900', '-74700'],
    ['hour', '-1500', ''],
    ['topup', '10000', '830000'],
  ]);
  for (const { effectiveAt, createdAt } of records) {
    for (const instant of [effectiveAt, createdAt]) {
      expect(new Date(instant ?? '').toISOString()).toBe(instant);
    }
  }
});

test('carries any text, and none that a spreadsheet would run', async () => {
  const customer = await fundedTestCustomer(world);
  const { rows } = await world.db.pool.query<{ id: string }>(
    'select max(id)::text as id from hourly_account_balance',
  );
  const accountId = rows[0]?.id ?? '';
  const reasons = [
    '=HYPERLINK("http://evil.example","click")',
    '+1',
    '-1+1',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '\n=1',
    'He said "₹500, नमस्ते"',
    'two\r\nlines',
    "it's fine = 1",
  ];
  for (const reason of reasons) {
    await adjustBalance(world.db, { accountId, type: 'promo', amountCents: 1, reason });
  }
  const response = await statementOf(customer.headers);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await response.arrayBuffer());
  const described = recordsOf(text)
    .filter(({ type }) => type === 'promo')
    .map(({ description }) => description)
    .reverse();
  expect(described).toEqual(
    reasons.map((reason) => (/^[=+\-@\t\r\n]/.test(reason) ? `'${reason}` : reason)),
  );
  for (const cell of parse(text).flat()) {
    expect(cell, 'only numbers begin with a sign').toMatch(/^(?![=+@\t\r\n]|-(?!\d+$))/);
  }
});

test('of an account without entries is its header', async () => {
  const response = await statementOf(browserOf(world, newUserId()).headers);
  expect(recordsOf(await response.text())).toEqual([]);
});

test('is read no faster than it is taken', async () => {
  const customer = await fundedTestCustomer(world, 1_000_000);
  for (let session = 0; session < 26; session += 1) {
    await customer.post('/start');
    await customer.post('/clock', { advanceSeconds: 24 * 3600 });
    await customer.post('/end');
  }
  let queries = 0;
  const { pool } = world.db;
  const asked = pool.query.bind(pool);
  pool.query = ((...args: Parameters<typeof asked>) => {
    if (String(args[0]).includes('list_hourly_transactions')) queries += 1;
    return asked(...args);
  }) as typeof pool.query;
  try {
    const request = new Request(`${world.url}${path}&mode=test`, { headers: customer.headers });
    const reader = (await world.api.rest(request)).body?.getReader();
    let text = '';
    let chunks = 0;
    for (let done = false; !done; ) {
      const part = await reader?.read();
      done = part?.done ?? true;
      if (done) break;
      chunks += 1;
      text += Buffer.from(part?.value ?? []).toString();
      // One page that was taken, and one that waits.
      expect(queries).toBeLessThanOrEqual(chunks + 1);
      expect(part?.value?.byteLength).toBeLessThan(32_768);
    }
    expect(recordsOf(text).length).toBeGreaterThan(600);
    expect(chunks).toBeGreaterThan(6);
  } finally {
    pool.query = asked;
  }
});

test('is read by keys of the account, too', async () => {
  const customer = await fundedTestCustomer(world);
  const { body } = await customer.post<{ secret: string }>('/keys', { name: 'books' });
  const response = await statementOf(holderOf(world, body.secret).headers);
  expect(recordsOf(await response.text())).toHaveLength(1);
});
