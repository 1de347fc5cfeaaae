import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../src/connect.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('hourly_worker');
});
afterAll(async () => {
  await database.drop();
});

test("acts as the product's role, with a limit on statements, through pg and Prisma alike", async () => {
  const sql = `select current_user::text as "user", current_setting('is_superuser') as super,
                      current_setting('statement_timeout') as "limit",
                      current_setting('application_name') as name`;
  const expected = { user: 'hourly_worker', super: 'off', limit: '15s', name: 'hourly_worker' };
  expect((await database.pool.query(sql)).rows).toEqual([expected]);
  expect(await database.prisma.$queryRawUnsafe(sql)).toEqual([expected]);
});

test('the owner is someone else', async () => {
  const { rows } = await database.owner.query('select current_user::text as "user"');
  expect(rows).toEqual([{ user: expect.not.stringContaining('hourly_') }]);
});

test('outlives broken connections, the idle ones too', async () => {
  const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const broken = new Promise((resolve) => database.pool.once('error', resolve));
  await database.owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await broken;
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('through a transaction pooler it accepts only the role itself', async () => {
  const url = 'postgresql://postgres:x@localhost:6543/db?pgbouncer=true';
  expect(() => createDatabase({ url, role: 'hourly_app' })).toThrow('sign in as "hourly_app"');
  for (const user of ['hourly_app', 'hourly_app.project']) {
    const allowed = createDatabase({
      url: url.replace('postgres:', `${user}:`),
      role: 'hourly_app',
    });
    expect(allowed.pool.options.options).toBeUndefined();
    await allowed.close();
  }
});

test('test databases are cloned quickly and know nothing of each other', async () => {
  const started = performance.now();
  const other = await createTestDatabase();
  const tookMs = performance.now() - started;
  try {
    await other.owner.query('create table only_here (n int)');
    const { rows } = await database.owner.query("select to_regclass('only_here') as found");
    expect(rows).toEqual([{ found: null }]);
    expect(tookMs).toBeLessThan(5_000);
  } finally {
    await other.drop();
  }
});
