import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { adjustBalance, getStatement, startSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { fillBooks } from '../support/bulk.ts';
import { at, createCustomer, createTestCustomer, hours } from '../support/customer.ts';
import { headsOf, linesOf, sealOne, statementOf } from '../support/seals.ts';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  folder = mkdtempSync(path.join(tmpdir(), 'hourly-statement-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await dropWithCleanBooks(db);
});

const gift = (accountId: string) =>
  adjustBalance(db, {
    accountId,
    type: 'promo',
    amountCents: 1,
    reason: 'a "gift"\nof\u2028two lines 🎁',
  });

let accountId: string;
beforeEach(async () => {
  accountId = await createCustomer(db, { balanceCents: 20_000 });
  await gift(accountId);
  await sealOne(db, accountId);
  for (let n = 0; n < 3; n += 1) await gift(accountId);
  await sealOne(db, accountId);
  await gift(accountId);
});

const kinds = (statement: string): string[] =>
  linesOf(statement).map((line) => Object.keys(line)[0] ?? '');

describe('a statement', () => {
  test('shows the ledger, its entries with their seals, and what they come to', async () => {
    const statement = await statementOf(db, accountId);
    expect(kinds(statement)).toEqual([
      ...['hourlyLedger', 'hash', 'entryNo', 'entryNo', 'sealNo', 'hash'],
      ...['entryNo', 'entryNo', 'entryNo', 'sealNo', 'hash', 'entryNo', 'entries'],
    ]);
    expect(linesOf(statement).at(-1)).toEqual({
      entries: 6,
      sealedEntries: 5,
      balanceCents: 20_005,
      mode: 'live',
    });
    expect(statement).not.toContain(`:${accountId},`);
  });

  test('of a ledger without rows is a beginning and an end', async () => {
    const statement = await statementOf(db, await createCustomer(db));
    expect(kinds(statement)).toEqual(['hourlyLedger', 'hash', 'entries']);
  });

  test('is the same in pages of any size', async () => {
    const whole = await statementOf(db, accountId);
    for (const limit of [1, 2, 3, 5, 6, 7]) {
      expect(await statementOf(db, accountId, limit), `pages of ${limit}`).toBe(whole);
    }
  });

  test('ends where it began, whatever happens while it is read', async () => {
    const before = await statementOf(db, accountId);
    const read = await statementOf(db, accountId, 2, async () => {
      await gift(accountId);
      await sealOne(db, accountId);
    });
    expect(read).toBe(before);
  });

  test('begins with what was sealed of every older one', async () => {
    const older = await statementOf(db, accountId);
    await gift(accountId);
    await sealOne(db, accountId);
    const newer = await statementOf(db, accountId);
    const sealed = older.slice(0, older.lastIndexOf('"}\n{"entryNo":6') + 3);
    expect(sealed.split('\n')).toHaveLength(12);
    expect(newer.startsWith(sealed)).toBe(true);
  });

  test('is brought up to date first', async () => {
    const live = await createCustomer(db, { balanceCents: 20_000, now: at(0) });
    await startSession(db, { accountId: live, now: at(0), maxHours: 3 });
    expect(linesOf(await statementOf(db, live)).at(-1)).toMatchObject({
      entries: 4,
      balanceCents: 20_000 - 3 * 1500,
    });
  });

  test('shows the clock of a test account', async () => {
    const testAccountId = await createTestCustomer(db, { balanceCents: 20_000, now: at(hours(1)) });
    const [, , topup, end] = linesOf(await statementOf(db, testAccountId));
    expect(topup?.createdAtUs).toBe(Date.parse('2024-01-08T11:00:00Z') * 1000);
    expect(end).toMatchObject({ mode: 'test' });
  });

  test('of nobody is not found', async () => {
    await expect(getStatement(db, { accountId: '1', next: null, limit: 10 })).rejects.toMatchObject(
      { reason: 'NOT_FOUND' },
    );
  });
});

/** The programs that docs/ledger.md gives to customers, run as they stand there. */
describe('the documented programs', () => {
  const docs = readFileSync(new URL('../../../../docs/ledger.md', import.meta.url), 'utf8');
  const programOf = (language: string): string => {
    const text = new RegExp(`\n\`\`\`${language}\n([^]*?)\n\`\`\`\n`).exec(docs)?.[1];
    if (text === undefined) throw new Error(`docs/ledger.md has no program in ${language}`);
    const file = path.join(folder, `verify.${language === 'js' ? 'mjs' : language}`);
    writeFileSync(file, `${text}\n`);
    return file;
  };
  const run = (language: 'js' | 'sh', statement: string, ...args: string[]) => {
    const file = path.join(folder, 'statement.jsonl');
    writeFileSync(file, statement);
    const command = language === 'js' ? process.execPath : 'sh';
    const { status, stdout, stderr } = spawnSync(command, [programOf(language), file, ...args], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return { status, wrong: stdout.split('\n').filter((line) => line.startsWith('wrong')), stdout };
  };
  const hasShellTools = spawnSync('sh', ['-c', 'command -v csplit sha256sum']).status === 0;

  test('agree with a true statement', async () => {
    const statement = await statementOf(db, accountId);
    const { status, stdout } = run('js', statement);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: '6 rows, 5 of them sealed, 20005 cents\n',
    });
    if (hasShellTools) expect(run('sh', statement)).toMatchObject({ status: 0, stdout: '' });
  });

  test('agree with one of many seals', async () => {
    const id = await fillBooks(db.owner, { accounts: 1, sessions: 3, hours: 40 });
    for (let n = 0; n < 120; n += 1) {
      await gift(id);
      await sealOne(db, id);
    }
    const statement = await statementOf(db, id);
    expect(run('js', statement)).toMatchObject({ status: 0, wrong: [] });
    if (hasShellTools) expect(run('sh', statement)).toMatchObject({ stdout: '' });
  });

  test('know the hash that was kept', async () => {
    const statement = await statementOf(db, accountId);
    const ledgerId = linesOf(statement)[0]?.ledgerId;
    const head = (await headsOf(db)).find((one) => one.ledgerId === ledgerId);
    expect(run('js', statement, head?.hash ?? '').status).toBe(0);
    const { status, wrong } = run('js', statement, '0'.repeat(64));
    expect({ status, wrong }).toEqual({
      status: 1,
      wrong: ['wrong: no seal has the hash that was kept'],
    });
  });

  test.each<[string, (statement: string) => string, string[], boolean]>([
    [
      'an amount',
      (s) => s.replace('"amountCents":1,', '"amountCents":2,'),
      ['balance after row 2', 'hash after row 2'],
      true,
    ],
    ['a reason', (s) => s.replace('gift', 'loan'), ['hash after row 2'], true],
    [
      'a row less',
      (s) => s.replace(/\{"entryNo":4[^\n]*\n/, ''),
      ['number of row 4', 'hash after row 4'],
      true,
    ],
    [
      'a hash',
      (s) =>
        s.replace(
          /"hash":"(.)(?=.*"\}\n\{"entryNo":3)/,
          (_, c) => `"hash":"${c === '0' ? '1' : '0'}`,
        ),
      ['hash after row 2', 'hash after row 5'],
      true,
    ],
    [
      'another ledger',
      (s) => s.replace(/"ledgerId":"./, '"ledgerId":"x'),
      ['hash after row 0'],
      true,
    ],
    ['a cut', (s) => s.slice(0, s.indexOf('{"entries"')), ['the end is missing'], false],
  ])('find %s', async (_, change, whats, isInHashes) => {
    const statement = await statementOf(db, accountId);
    const changed = change(statement);
    expect(changed).not.toBe(statement);
    const { status, wrong } = run('js', changed);
    expect(status).toBe(1);
    for (const what of whats) expect(wrong).toContain(`wrong: ${what}`);
    if (hasShellTools && isInHashes) expect(run('sh', changed).wrong).not.toEqual([]);
  });
});
