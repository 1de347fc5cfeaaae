import { migrate } from '@hourly/db/migrate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pgDump, programs, psql } from './programs.ts';
import { type OwnedDatabase, type Server, startServer } from './server.ts';
import { neighboursSql, writeSetupFile } from './setup-file.ts';

const setup = await writeSetupFile();
afterAll(() => setup.remove());

type Install = (database: OwnedDatabase) => Promise<void>;

/** Runs the file with psql and expects that it says nothing but what it did. */
const byPsql =
  (args: string[] = [], env: Record<string, string> = {}): Install =>
  async ({ url }) => {
    const { code, stderr } = await psql(url, ['-q', ...args, '-f', setup.file], env);
    expect(stderr).toMatch(/^psql:\S+: NOTICE: {2}Hourly: (applied [\w, ]+|up to date)\n$/);
    expect(code).toBe(0);
  };

const ways: Record<string, Install> = {
  'psql -f': byPsql(),
  'psql -v ON_ERROR_STOP=1 -f': byPsql(['-v', 'ON_ERROR_STOP=1']),
  'psql --single-transaction -f': byPsql(['--single-transaction', '-v', 'ON_ERROR_STOP=1']),
  'psql with variables that are named like things in the file': byPsql(
    ['p_limit', 'p_now', 'integer', 'text', '1'].flatMap((name) => ['-v', `${name}=oops`]),
  ),
  'psql that goes on after every error': byPsql(['-v', 'ON_ERROR_ROLLBACK=on']),
  'psql with unusual settings': byPsql([], {
    PGOPTIONS: [
      'standard_conforming_strings=off',
      'escape_string_warning=off',
      'search_path=nowhere',
      'client_min_messages=notice',
      'default_transaction_isolation=serializable',
      'datestyle=German',
      'intervalstyle=sql_standard',
      'timezone=Asia/Kolkata',
      'quote_all_identifiers=on',
    ]
      .map((setting) => `-c ${setting}`)
      .join(' '),
  }),
  'an editor that sends the whole text as one query': async ({ owner }) => {
    await owner.query(setup.text);
  },
};

describe.skipIf(programs === undefined)('with psql and pg_dump', () => {
  let server: Server;
  let expected: string;
  beforeAll(async () => {
    server = await startServer();
    const database = await databaseWithNeighbours();
    await migrate({ url: database.url });
    expected = await definitions(database);
  });
  afterAll(() => server.stop());

  async function databaseWithNeighbours(): Promise<OwnedDatabase> {
    const database = await server.createDatabase();
    await database.owner.query(neighboursSql());
    return database;
  }

  const definitions = ({ superuserUrl }: OwnedDatabase) => pgDump(superuserUrl, ['--schema-only']);

  /** Data included; but sequences have gone on after a rollback, as they always do. */
  async function everything({ superuserUrl }: OwnedDatabase): Promise<string> {
    return (await pgDump(superuserUrl, [])).replaceAll(/^SELECT pg_catalog\.setval.*$/gm, '');
  }

  test.each(Object.entries(ways))('%s installs what the runner installs', async (_way, install) => {
    const database = await databaseWithNeighbours();
    await install(database);
    expect(await definitions(database)).toBe(expected);
    const once = await everything(database);
    await install(database);
    expect(await everything(database)).toBe(once);
    await install(database);
    expect(await everything(database)).toBe(once);
  });

  test('a database with nothing in it gets the same as from the runner', async () => {
    const [byFile, byRunner] = [await server.createDatabase(), await server.createDatabase()];
    await byPsql()(byFile);
    await migrate({ url: byRunner.url });
    expect(await definitions(byFile)).toBe(await definitions(byRunner));
  });

  test('what others keep is the same byte for byte', async () => {
    const database = await databaseWithNeighbours();
    const theirs = [
      'users',
      'user_credits',
      'credit_transactions',
      'hourly_visitors',
      'hourly_reports',
    ];
    const tables = theirs.map((name) => `--table=public.${name}`);
    const before = await pgDump(database.superuserUrl, tables);
    await byPsql()(database);
    await byPsql()(database);
    expect(await pgDump(database.superuserUrl, tables)).toBe(before);
  });

  test('psql prints the plans', async () => {
    const database = await databaseWithNeighbours();
    await byPsql()(database);
    const query = "SELECT * FROM public.plan_pricing WHERE plan LIKE 'hourly%'";
    const { stdout } = await psql(database.url, ['-x', '-c', query]);
    expect(stdout).toMatch(/^plan +\| hourly_standard$/m);
    expect(stdout).toMatch(/^rate_cents +\| 1500$/m);
  });

  test('two at once: one installs, the other waits and finds it done', async () => {
    const database = await databaseWithNeighbours();
    await Promise.all([byPsql()(database), byPsql()(database)]);
    expect(await definitions(database)).toBe(expected);
  });

  test('after an error everything is as it was, and psql names the reason', async () => {
    const database = await databaseWithNeighbours();
    await database.owner.query('create table hourly_payments (id integer)');
    const before = await everything(database);
    for (const args of [[], ['-v', 'ON_ERROR_STOP=1'], ['-1'], ['-v', 'ON_ERROR_ROLLBACK=on']]) {
      const { stderr, code } = await psql(database.url, [...args, '-f', setup.file]);
      expect(stderr).toContain(
        'ERROR:  Hourly: nothing was changed, because of 0001_init: relation "hourly_payments" already exists\n',
      );
      expect(code).toBe(args.includes('ON_ERROR_STOP=1') ? 3 : 0);
      expect(await everything(database)).toBe(before);
    }
  });
});
