import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { adjustBalance } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hourly, type Printed } from './support/command-line.ts';
import { createCustomer } from './support/sessions.ts';

let db: TestDatabase;
let folder: string;
let customer: { accountId: string; userId: string };
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  folder = mkdtempSync(path.join(tmpdir(), 'hourly-ledger-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.drop();
});

const cli = (...argv: string[]): Promise<Printed> =>
  hourly({ DATABASE_URL: db.ownerUrl, INIT_CWD: folder }, ...argv);

/** A file in the folder where the operator stands. */
function keep(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return name;
}

const gift = (reason: string) =>
  adjustBalance(db, { accountId: customer.accountId, type: 'promo', amountCents: 1, reason });

const statement = async (): Promise<string> => (await cli('statement', customer.userId)).out;

beforeEach(async () => {
  customer = await createCustomer(db);
  for (const reason of ['first', 'line\u2028feed', 'third']) await gift(reason);
  await cli('seal');
});

/** Changes one row as a superuser does, past every guard. */
async function tamper(statement: string): Promise<void> {
  const client = await db.owner.connect();
  await client.query(`begin; set local session_replication_role = replica; ${statement}; commit`);
  client.release();
}

describe('seal', () => {
  test('seals what is new, once', async () => {
    await gift('fourth');
    expect(await cli('seal')).toEqual({
      code: 0,
      err: '',
      out: 'sealed 1 ledger row with 1 seal',
    });
    expect(JSON.parse((await cli('seal', '--json')).out)).toEqual({ seals: 0, entries: 0 });
  });
});

describe('statement and verify-statement', () => {
  test('a statement that nobody touched has no flaw, and says what is not sealed yet', async () => {
    await gift('fourth');
    const file = keep('statement.jsonl', await statement());
    const { code, out } = await cli('verify-statement', file);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^ledger [0-9a-f-]{36}; 5 rows, \$100\.04; 1 seal; the last 1 row not sealed yet: no flaw$/,
    );
    const { out: json } = await cli('verify-statement', file, '--json');
    expect(JSON.parse(json)).toMatchObject({
      entries: 5,
      seals: 1,
      sealedEntries: 4,
      balanceCents: 10_004,
      flawCount: 0,
    });
  });

  test('it needs no database', async () => {
    const file = keep('statement.jsonl', await statement());
    const { code } = await hourly({ INIT_CWD: folder }, 'verify-statement', file);
    expect(code).toBe(0);
  });

  test('a hash that was kept is one of the seals’', async () => {
    const before = await statement();
    const [, hash = ''] = /.*"hash":"([0-9a-f]{64})"/s.exec(before) ?? [];
    await gift('fourth');
    await cli('seal');
    const file = keep('statement.jsonl', await statement());
    const { code, out } = await cli('verify-statement', file, '--head', hash.toUpperCase());
    expect(code).toBe(0);
    expect(out).toContain('the given hash is that of seal 1, of row 4');
    const other = await cli('verify-statement', file, '--head', 'f'.repeat(64));
    expect(other).toMatchObject({ code: 1 });
    expect(other.out).toContain(`seals: expected one with the hash ${'f'.repeat(64)}, found none`);
    expect(await cli('verify-statement', file, '--head', 'f00')).toMatchObject({ code: 2 });
  });

  const swap = (text: string, one: number, two: number): string => {
    const lines = text.split('\n');
    [lines[one], lines[two]] = [lines[two] ?? '', lines[one] ?? ''];
    return lines.join('\n');
  };
  const without = (text: string, index: number): string =>
    text
      .split('\n')
      .filter((_, at) => at !== index)
      .join('\n');

  // Lines: 1 ledger, 2 hash, 3–6 entries, 7 seal, 8 hash, 9 end.
  test.each<[string, (text: string) => string, string[]]>([
    [
      'an amount',
      (t) => t.replace('"amountCents":1,', '"amountCents":3,'),
      ['line 4: balance after entry 2: expected 10003, found 10001', 'line 8: hash of seal 1'],
    ],
    [
      'a balance',
      (t) => t.replace('"balanceAfterCents":10001', '"balanceAfterCents":10101'),
      ['line 4: balance after entry 2', 'line 5: balance after entry 3', 'line 8: hash'],
    ],
    ['a reason', (t) => t.replace('third', 'other'), ['line 8: hash of seal 1']],
    ['a space', (t) => t.replace('"type":', '"type": '), ['line 8: hash of seal 1']],
    [
      'rows in another order',
      (t) => swap(t, 3, 4),
      ['line 4: number of the entry: expected 2, found 3'],
    ],
    ['a row less', (t) => without(t, 3), ['line 4: number of the entry: expected 2, found 3']],
    [
      'a last row less',
      (t) => without(t, 5),
      ['line 6: last entry of seal 1: expected 3, found 4', 'line 7: hash of seal 1'],
    ],
    [
      'a seal less',
      (t) => without(t, 6),
      ['line 7: line: expected entry or seal or end, found hash'],
    ],
    ['a hash less', (t) => without(t, 7), ['line 8: line: expected hash, found end']],
    [
      'a seal and its hash less',
      (t) => without(without(t, 6), 6),
      ['line 7: sealed entries: expected 0, found 4'],
    ],
    [
      'another ledger',
      (t) => t.replace(/"ledgerId":"./, '"ledgerId":"x'),
      ['line 2: hash of the ledger'],
    ],
    [
      'an end less',
      (t) => without(t, 8),
      ['line 9: end of the statement: expected its last line, found cut off'],
    ],
    [
      'a cut in the middle of a line',
      (t) => t.slice(0, 600),
      ['line 5: line: expected', 'cut off'],
    ],
    [
      'something after the end',
      (t) => `${t}\n${t.split('\n')[3]}`,
      ['line 10: line: expected no more, found entry'],
    ],
    [
      'another end',
      (t) => t.replace('"balanceCents":10003', '"balanceCents":10002'),
      ['line 9: balance: expected 10003, found 10002'],
    ],
    [
      'nothing at all',
      () => '',
      ['line 1: end of the statement: expected its last line, found cut off'],
    ],
    [
      'something else',
      () => 'hello\n',
      ['line 1: line: expected ledger, found no line of a statement'],
    ],
  ])('finds %s', async (_, change, flaws) => {
    const file = keep('changed.jsonl', change(await statement()));
    const { code, out } = await cli('verify-statement', file);
    expect(code).toBe(1);
    for (const flaw of flaws) expect(out).toContain(flaw);
  });

  test('a file that is not there is an error in one line', async () => {
    expect(await cli('verify-statement', 'nowhere.jsonl')).toMatchObject({ code: 1, out: '' });
    const { err } = await cli('verify-statement', 'nowhere.jsonl');
    expect(err).toContain(`cannot read ${path.join(folder, 'nowhere.jsonl')}`);
  });
});

describe('heads', () => {
  test('are lines of JSON, and the audit compares them', async () => {
    const { out, code } = await cli('seals', 'heads');
    expect(code).toBe(0);
    const heads = out.split('\n').map((line) => JSON.parse(line));
    expect(heads).toHaveLength(await db.prisma.account.count());
    expect(Object.keys(heads[0])).toEqual([
      'ledgerId',
      'sealNo',
      'lastEntryNo',
      'hash',
      'sealedAt',
    ]);
    expect((await cli('seals', 'heads', '--json')).out).toBe(out);
    // As files are after being joined and edited.
    const file = keep('heads.jsonl', `\n${out}\n\n${out}\n`);
    const audited = await cli('audit', '--heads', file);
    expect(audited).toMatchObject({ code: 0, err: '' });
    expect(audited.out).toMatch(/accounts?: no difference; \d+ kept heads: no difference$/);
  });

  test('tell of a ledger that was rewritten and sealed again', async () => {
    const file = keep('heads.jsonl', (await cli('seals', 'heads')).out);
    const id = customer.accountId;
    await tamper(
      `update hourly_ledger_entries set reason = 'another' where account_id = ${id} and entry_no = 4`,
    );
    const found = await cli('audit');
    expect(found.code).toBe(1);
    expect(found.out).toContain(`account ${id}: seal 1 of entries 1 to 4: expected `);

    await tamper(`delete from hourly_ledger_seals where account_id = ${id}`);
    await cli('seal');
    expect(await cli('audit')).toMatchObject({ code: 0 });
    const audited = await cli('audit', '--heads', file);
    expect(audited.code).toBe(1);
    const { ledgerId } = await db.prisma.account.findUniqueOrThrow({ where: { id: BigInt(id) } });
    expect(audited.out).toContain(`ledger ${ledgerId}: seal 1: expected `);
    expect(audited.out).toMatch(/no difference; \d+ kept heads?: 1 difference$/);
    const { out } = await cli('audit', '--heads', file, '--json');
    expect(JSON.parse(out)).toMatchObject({
      differenceCount: 0,
      keptHeads: { differenceCount: 1, differences: [{ ledgerId, what: 'seal 1' }] },
    });
  });

  test.each([
    ['no JSON', 'hello'],
    ['no head', '{"ledgerId":"x"}'],
    ['a number', '7'],
    ['a statement', '{"hash":"00"}'],
  ])('a file with %s is an error in one line', async (_, line) => {
    const good = (await cli('seals', 'heads')).out.split('\n')[0];
    const file = keep('bad.jsonl', `${good}\n${line}\n`);
    const printed = await cli('audit', '--heads', file);
    expect(printed).toMatchObject({ code: 1, out: '' });
    expect(printed.err).toContain('bad.jsonl, line 2: not a head of a ledger');
  });
});

test('doctor says how much is not sealed, and for how long', async () => {
  const sealsOf = async () => {
    const { findings } = JSON.parse((await cli('doctor', '--json')).out);
    return findings.find(({ check }: { check: string }) => check === 'seals');
  };
  expect(await sealsOf()).toMatchObject({ status: 'ok', detail: 'every ledger row is sealed' });
  await gift('fourth');
  expect(await sealsOf()).toMatchObject({
    status: 'ok',
    detail: 'not sealed yet: 1 ledger row',
  });
  await tamper(`update hourly_ledger_entries set created_at = created_at - interval '3 hours'
    where account_id = ${customer.accountId} and entry_no = 5`);
  expect(await sealsOf()).toMatchObject({
    status: 'attention',
    detail: 'not sealed yet: 1 ledger row, the oldest for 3 hours: is the worker running?',
  });
});

test('as a process, a statement ends when its reader has seen enough', async () => {
  const command = [process.execPath, '--import', import.meta.resolve('tsx')];
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    'bash',
    [
      '--norc',
      '-c',
      'set -o pipefail; "$@" | head -n 1',
      'bash',
      ...command,
      main,
      'statement',
      customer.userId,
    ],
    {
      env: { PATH: process.env.PATH ?? '', DATABASE_URL: db.ownerUrl },
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^\{"hourlyLedger":1,"ledgerId":"[0-9a-f-]{36}"\}\n$/);
});
