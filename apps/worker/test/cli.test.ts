import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { authenticateKey } from '@hourly/services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourly, type Printed } from './support/command-line.ts';
import { chargedHours, createCustomer, sessionOpenFor, sessionRow } from './support/sessions.ts';

const hour = 3600;
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterAll(() => db.drop());

const cli = (...argv: string[]): Promise<Printed> => hourly({ DATABASE_URL: db.ownerUrl }, ...argv);

test('keys create prints the key alone, and it works', async () => {
  const printed = await cli('keys', 'create', '--user', 'user_keys', '--mode', 'test');
  expect(printed).toMatchObject({ code: 0, err: '' });
  expect(printed.out).toMatch(/^hk_test_[0-9A-Za-z]{40}$/);
  const { userId, mode } = await authenticateKey({ db }, printed.out);
  expect({ userId, mode }).toEqual({ userId: 'user_keys', mode: 'test' });
});

test('keys revoke revokes at once', async () => {
  const made = await cli(
    'keys',
    'create',
    '--user',
    'u',
    '--mode',
    'live',
    '--name',
    'CI',
    '--json',
  );
  const { id, secret, name } = JSON.parse(made.out);
  expect(name).toBe('CI');
  expect(await cli('keys', 'revoke', id)).toMatchObject({ code: 0 });
  await expect(authenticateKey({ db }, secret)).rejects.toMatchObject({
    reason: 'UNAUTHENTICATED',
  });
});

test('balance shows what a customer has, for people and for machines', async () => {
  const { userId } = await createCustomer(db, { balanceCents: 10_000 });
  const text = await cli('balance', userId);
  expect(text.out).toContain('$100 (₹8,300)');
  const { out } = await cli('balance', userId, '--json');
  expect(JSON.parse(out)).toMatchObject({ balanceCents: 10_000, mode: 'live', frozen: false });
});

test('a mistyped name is an error, and makes no account', async () => {
  const printed = await cli('balance', 'nobody');
  expect(printed).toMatchObject({ code: 1, out: '', err: 'hourly: nobody has no live account' });
  expect(await db.prisma.account.count({ where: { userId: 'nobody' } })).toBe(0);
});

test('session end is a rehearsal until --yes', async () => {
  const { session } = await sessionOpenFor(db, 2.5 * hour);
  const rehearsed = await cli('session', 'end', session.id, '--json');
  expect(rehearsed.code).toBe(0);
  expect(JSON.parse(rehearsed.out)).toMatchObject({
    dryRun: true,
    session: { status: 'ended', endReason: 'operator', hoursCharged: 3, costCents: 4500 },
  });
  expect(await chargedHours(db, session.id)).toEqual([1]);
  expect((await sessionRow(db, session.id)).status).toBe('active');
  expect((await cli('session', 'end', session.id)).out).toContain('add --yes');

  const ended = await cli('session', 'end', session.id, '--yes', '--json');
  expect(JSON.parse(ended.out)).toMatchObject({ dryRun: false, session: { status: 'ended' } });
  expect(await chargedHours(db, session.id)).toEqual([1, 2, 3]);
  const again = await cli('session', 'end', session.id, '--yes');
  expect(again).toMatchObject({ code: 0 });
  expect(again.out).toContain('over already');
});

test('settle is a rehearsal until --yes', async () => {
  const { session } = await sessionOpenFor(db, 30.5 * hour, { balanceCents: 100_000 });
  const rehearsed = await cli('settle', '--json');
  expect(JSON.parse(rehearsed.out)).toMatchObject({ dryRun: true });
  expect(await chargedHours(db, session.id)).toHaveLength(1);
  const settled = await cli('settle', '--yes', '--json');
  expect(settled.code).toBe(0);
  expect(JSON.parse(settled.out)).toMatchObject({ dryRun: false, hours: 30 });
  expect(await chargedHours(db, session.id)).toHaveLength(31);
});

test('audit finds nothing in honest books, and every tampered cent', async () => {
  expect(await cli('audit')).toMatchObject({ code: 0, err: '' });
  const { accountId } = await createCustomer(db);
  await db.owner.query(
    'update hourly_account_balance set balance_cents = balance_cents + 1 where id = $1',
    [accountId],
  );
  const text = await cli('audit');
  expect(text.code).toBe(1);
  expect(text.out).toContain(`account ${accountId}: balance: expected 10000, found 10001`);
  const json = await cli('audit', '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({
    differenceCount: 1,
    differences: [{ accountId, what: 'balance', expected: '10000', found: '10001' }],
  });
  await db.owner.query(
    'update hourly_account_balance set balance_cents = balance_cents - 1 where id = $1',
    [accountId],
  );
});

test('audit looks at every account, page after page', async () => {
  await db.owner.query(
    `insert into hourly_account_balance (user_id, mode, as_of, created_at)
     select 'page_' || n, 'live', now(), now() from generate_series(1, 1100) n`,
  );
  const { out, code } = await cli('audit', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out).accounts).toBe(await db.prisma.account.count());
});

test.each<[string, string[], string]>([
  ['no command', [], 'help'],
  ['an unknown command', ['keys', 'delete'], 'keys delete'],
  ['half a command', ['keys'], 'keys'],
  ['an unknown option', ['balance', 'u', '--mod', 'live'], '--mod'],
  ['a missing option', ['keys', 'create', '--user', 'u'], '--mode'],
  ['a wrong mode', ['keys', 'create', '--user', 'u', '--mode', 'prod'], '--mode'],
  ['a missing argument', ['balance'], 'usage: balance USER'],
  ['too many arguments', ['audit', 'everything'], 'usage: audit'],
])('%s is a usage error: one line, exit code 2', async (_what, argv, hint) => {
  const printed = await cli(...argv);
  expect(printed).toMatchObject({ code: 2, out: '' });
  expect(printed.err.split('\n')).toHaveLength(1);
  expect(printed.err).toContain(hint);
});

test.each([
  ['session', 'end', 'nonsense'],
  ['session', 'end', randomUUID()],
  ['keys', 'revoke', randomUUID()],
  ['explain', 'nonsense'],
])('%s %s of what does not exist is an error in one line', async (...argv) => {
  const printed = await cli(...argv);
  expect(printed).toMatchObject({ code: 1, out: '' });
  expect(printed.err).toMatch(/^hourly: there is no (session|key) \S+$/);
});

test('a database that is away, or not named, is an error in one line', async () => {
  const away = { DATABASE_URL: 'postgres://hourly:secret@127.0.0.1:9/hourly' };
  const printed = await hourly(away, 'audit');
  expect(printed).toMatchObject({ code: 1, out: '' });
  expect(printed.err).toMatch(/^hourly: .*ECONNREFUSED/);
  expect(printed.err).not.toContain('secret');
  expect((await hourly({}, 'audit')).err).toContain('DATABASE_URL');
  expect((await hourly(away, 'balance', 'u')).err.split('\n')).toHaveLength(1);
});

test('help shows every command', async () => {
  const { out, code } = await cli('help');
  expect(code).toBe(0);
  for (const name of ['keys create', 'session end', 'audit', 'doctor']) expect(out).toContain(name);
  expect((await cli('audit', '--help')).out).toBe(out);
});

test('as a process it answers by exit code and keeps stdout clean', () => {
  const run = (...argv: string[]) =>
    spawnSync(
      process.execPath,
      [
        '--import',
        import.meta.resolve('tsx'),
        fileURLToPath(new URL('../src/cli/main.ts', import.meta.url)),
        ...argv,
      ],
      { env: { PATH: process.env.PATH ?? '', DATABASE_URL: db.ownerUrl }, encoding: 'utf8' },
    );
  const made = run('keys', 'create', '--user', 'user_process', '--mode', 'test');
  expect(made.status).toBe(0);
  expect(made.stdout).toMatch(/^hk_test_[0-9A-Za-z]{40}\n$/);
  expect(made.stderr).toBe('');
  expect(run('nonsense').status).toBe(2);
});

test('a reader that has seen enough is no error', () => {
  const command = [process.execPath, '--import', import.meta.resolve('tsx')];
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const { status, stderr } = spawnSync(
    'bash',
    ['--norc', '-c', 'set -o pipefail; "$@" | true', 'bash', ...command, main, 'help'],
    { env: { PATH: process.env.PATH ?? '' }, encoding: 'utf8', timeout: 20_000 },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
