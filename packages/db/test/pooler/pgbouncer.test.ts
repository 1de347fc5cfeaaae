import {
  addBalance,
  createTopup,
  endSession,
  ensureAccount,
  getSession,
  getStatus,
  listSessions,
  listTransactions,
  setTopupOrder,
  settleSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { audit } from '../support/books.ts';
import { createCustomer, payIn } from '../support/customer.ts';
import { finishAt, generate } from '../support/generation.ts';
import { type OwnServer, startOwnServer } from '../support/own-server.ts';
import { noPgbouncer, type Pooler, startPooler } from '../support/pgbouncer.ts';

const poolSize = 3;
const customers = 40;
let server: OwnServer;
let pooler: Pooler;
let app: TestDatabase;
let worker: TestDatabase;

beforeAll(async () => {
  if (noPgbouncer !== undefined) return;
  server = await startOwnServer();
  pooler = await startPooler(server, { poolSize });
  app = server.connect({ url: pooler.urlOf('hourly_app'), max: 20 });
  worker = server.connect({ role: 'hourly_worker', url: pooler.urlOf('hourly_worker'), max: 5 });
});
beforeEach(({ skip }) => skip(noPgbouncer !== undefined, noPgbouncer));
afterAll(async () => {
  if (noPgbouncer !== undefined) return;
  const differences = await audit(app);
  await pooler.stop();
  await server.stop();
  expect(differences).toEqual([]);
});

/** One query on each of the pooler's connections to the server at the same time. */
async function onEachConnection<Row extends object>(sql: string): Promise<Row[]> {
  const clients = await Promise.all(Array.from({ length: poolSize }, () => app.pool.connect()));
  try {
    // An open transaction keeps its connection to the server.
    await Promise.all(clients.map((client) => client.query('begin')));
    const results = await Promise.all(clients.map((client) => client.query<Row>(sql)));
    return results.flatMap(({ rows }) => rows);
  } finally {
    await Promise.all(clients.map((client) => client.query('rollback')));
    for (const client of clients) client.release();
  }
}

/** What a customer does, from the first top-up to the end of a session that has run for one and a half hours. */
async function mainJob(n: number): Promise<void> {
  const { accountId } = await ensureAccount(app, { userId: `user_${n}`, mode: 'live' });
  const request = (name: string) => ({ key: `${name}_${n}`, inputHash: name });
  const topup = await createTopup(app, {
    accountId,
    amountCents: 10_000,
    request: request('topup'),
  });
  const orderId = `order_${n}`;
  await setTopupOrder(app, { topupId: topup.id, orderId });
  const payment = { paymentId: `pay_${n}`, orderId, amountPaise: topup.amountInrPaise };
  const credit = { ...payment, currency: 'INR', source: 'webhook' } as const;
  const credits = await Promise.all([addBalance(app, credit), addBalance(app, credit)]);
  expect(credits.map(({ outcome }) => outcome).sort()).toEqual(['credited', 'duplicate']);

  const now = new Date(Date.now() - 90 * 60_000).toISOString();
  await app.owner.query('update hourly_account_balance set as_of = $2 where id = $1', [
    accountId,
    now,
  ]);
  const { id } = await startSession(app, { accountId, now, request: request('start') });
  const { generation } = await generate(app, { accountId });
  await finishAt(app, generation.id, null);
  await settleSessions(worker, { limit: 100 });
  await toggleSession(app, { accountId, to: 'paused' });
  await toggleSession(app, { accountId, to: 'active', request: request('resume') });
  expect((await getStatus(app, { accountId })).session).toMatchObject({ id, hoursCharged: 2 });
  expect((await listSessions(app, { accountId })).items).toHaveLength(1);
  const ended = await endSession(app, { accountId, request: request('end') });
  expect(ended).toMatchObject({ status: 'ended', costCents: 3000, generationCount: 1 });
  expect(await getSession(app, { accountId, id })).toMatchObject({ hoursCharged: 2 });
  const { items } = await listTransactions(app, { accountId });
  expect(items.map(({ amountCents }) => amountCents)).toEqual([-1500, -1500, 10_000]);
}

test('many customers at once do their whole job through few connections', async () => {
  await Promise.all(Array.from({ length: customers }, (_, n) => mainJob(n)));
  const { rows } = await app.owner.query(
    `select usename::text as role, count(*)::int as connections from pg_stat_activity
     where usename in ('hourly_app', 'hourly_worker') group by 1 order by 1`,
  );
  expect(rows).toEqual([
    { role: 'hourly_app', connections: poolSize },
    { role: 'hourly_worker', connections: expect.toBeOneOf([1, 2, poolSize]) },
  ]);
});

test('every connection to the server acts as the role', async () => {
  const rows = await onEachConnection<{ pid: number; role: string; super: string }>(
    `select pg_backend_pid() as pid, current_user::text as role, current_setting('is_superuser') as super`,
  );
  expect(new Set(rows.map(({ pid }) => pid)).size).toBe(poolSize);
  for (const row of rows) expect(row).toMatchObject({ role: 'hourly_app', super: 'off' });
});

test('statements are not named: none is left on a connection that the next caller would miss', async () => {
  const accountIds = await Promise.all(
    Array.from({ length: 10 }, () => createCustomer(app, { balanceCents: 10_000 })),
  );
  await Promise.all(
    accountIds.flatMap((accountId) => [
      getStatus(app, { accountId }),
      listTransactions(app, { accountId }),
      app.prisma.account.findUniqueOrThrow({ where: { id: BigInt(accountId) } }),
      app.prisma.topup.findMany({ where: { accountId: BigInt(accountId) } }),
    ]),
  );
  const rows = await onEachConnection(
    'select count(*)::int as statements from pg_prepared_statements',
  );
  expect(rows).toEqual(Array.from({ length: poolSize }, () => ({ statements: 0 })));
});

test('a url that does not say that it leads to a pooler is refused by it', async () => {
  const url = pooler.urlOf('hourly_app').replace('?pgbouncer=true', '');
  const database = server.connect({ url });
  await expect(database.pool.query('select')).rejects.toThrow('startup parameter: options');
});

test('a pooler that ignores the switch of the role does not let the product act as the owner', async () => {
  const careless = await startPooler(server, {
    poolSize,
    settings: ['ignore_startup_parameters = options'],
  });
  try {
    const url = new URL(server.ownerUrl);
    url.port = new URL(careless.urlOf('hourly_app')).port;
    const database = server.connect({ url: url.href });
    await expect(database.pool.query('select')).rejects.toThrow('and not as "hourly_app"');
    await expect(database.prisma.account.count()).rejects.toThrow('and not as "hourly_app"');
  } finally {
    await careless.stop();
  }
});

test("the role's own limit on statements holds through the pooler, and leaves nothing half done", async () => {
  await app.owner.query("alter role hourly_app set statement_timeout = '500ms'");
  const strict = await startPooler(server, { poolSize });
  try {
    const database = server.connect({ url: strict.urlOf('hourly_app') });
    const accountId = await createCustomer(app, { balanceCents: 10_000 });
    const holder = await app.owner.connect();
    await holder.query('begin');
    await holder.query('select from hourly_account_balance where id = $1 for update', [accountId]);
    await expect(startSession(database, { accountId })).rejects.toMatchObject({
      reason: 'INTERNAL',
      cause: { code: '57014' },
    });
    await holder.query('rollback');
    holder.release();
    expect(await getStatus(database, { accountId })).toMatchObject({ session: null });
    await payIn(database, accountId, 10_000);
  } finally {
    await app.owner.query('alter role hourly_app reset statement_timeout');
    await strict.stop();
  }
});
