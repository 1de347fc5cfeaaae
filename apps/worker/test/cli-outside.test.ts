import { addBalance, ensureAccount, getBalance } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { createTopup } from '@hourly/services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourly } from './support/command-line.ts';
import { type StandIns, standInEnvironment, startStandIns } from './support/stand-ins.ts';

let db: TestDatabase;
let standIns: StandIns;

beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  standIns = await startStandIns(db);
});
afterAll(async () => {
  await standIns.sandbox.stop();
  await db.drop();
});

const cli = (...argv: string[]) =>
  hourly({ DATABASE_URL: db.ownerUrl, ...standInEnvironment(standIns.sandbox) }, ...argv);

test('reconcile asks about every unpaid top-up, due or not, once it is told --yes', async () => {
  const { accountId } = await ensureAccount(db, { userId: 'user_1', mode: 'live' });
  const paid = await createTopup(standIns.ctx, { accountId, amountCents: 10_000 });
  await createTopup(standIns.ctx, { accountId, amountCents: 20_000 });
  await standIns.lever(`/orders/${paid.checkout?.orderId}/pay`, { webhook: 'drop' });

  const rehearsed = await cli('reconcile', '--json');
  expect(JSON.parse(rehearsed.out)).toMatchObject({ dryRun: true });
  expect(JSON.parse(rehearsed.out).topups).toHaveLength(2);
  expect((await getBalance(db, { accountId })).balanceCents).toBe(0);

  const done = await cli('reconcile', '--yes', '--json');
  expect(done.code).toBe(0);
  expect(JSON.parse(done.out)).toMatchObject({ checked: 2, credited: 1, failed: 0 });
  expect((await getBalance(db, { accountId })).balanceCents).toBe(10_000);
});

test('reconcile says so when Razorpay does not answer', async () => {
  const { accountId } = await ensureAccount(db, { userId: 'user_2', mode: 'live' });
  await createTopup(standIns.ctx, { accountId, amountCents: 10_000 });
  await standIns.lever('/faults', { razorpay: { status: 503, times: 1 } });
  const printed = await cli('reconcile', '--yes');
  expect(printed.code).toBe(1);
  expect(printed.out).toContain('1 unanswered');
});

test('doctor finds a whole installation well', async () => {
  const { code, out } = await cli('doctor', '--json');
  const { findings, ok } = JSON.parse(out);
  expect(findings.filter(({ status }: { status: string }) => status !== 'ok')).toEqual([]);
  expect({ ok, code }).toEqual({ ok: true, code: 0 });
  expect(findings.map(({ check }: { check: string }) => check)).toEqual([
    'database',
    'plan',
    'settlement',
    'payments',
    'refunds',
    "Razorpay's books",
    'jobs',
    'seals',
    'roles',
    'tables',
    'functions',
    'ledger',
    'migrations',
    'rules',
    'razorpay',
    'runpod',
  ]);
});

test('doctor says that a payment waits for the operator', async () => {
  const waiting = await createTestDatabase('hourly_worker');
  try {
    const payment = { paymentId: 'pay_1', orderId: 'order_of_nobody', amountPaise: 830_000 };
    await addBalance(waiting, { ...payment, currency: 'INR', source: 'webhook' });
    const environment = {
      DATABASE_URL: waiting.ownerUrl,
      ...standInEnvironment(standIns.sandbox),
    };
    const { code, out } = await hourly(environment, 'doctor');
    expect(code).toBe(0);
    expect(out).toContain('attention  payments: uncredited: 1 payment');
    expect(out.split('\n').at(-1)).toBe('nothing failed, 1 of 16 want attention');
  } finally {
    await waiting.drop();
  }
});

test('doctor finds wrong keys and providers that are away', async () => {
  const environment = {
    DATABASE_URL: db.ownerUrl,
    ...standInEnvironment(standIns.sandbox),
    RAZORPAY_KEY_SECRET: 'wrong',
    RUNPOD_ENDPOINT_URL: 'http://127.0.0.1:9/v2/x',
  };
  const { code, out } = await hourly(environment, 'doctor');
  expect(code).toBe(1);
  expect(out).toMatch(/^failed +razorpay: /m);
  expect(out).toMatch(/^failed +runpod: fetch failed: ./m);
});

test('doctor stops at a database that is away', async () => {
  const environment = {
    ...standInEnvironment(standIns.sandbox),
    DATABASE_URL: 'postgres://a@127.0.0.1:9/a',
  };
  const { code, out } = await hourly(environment, 'doctor');
  expect(code).toBe(1);
  expect(out.split('\n')).toHaveLength(2);
});

test.each<[string, string, string]>([
  ['ledger', 'alter table hourly_ledger_entries disable trigger append_only', 'append_only'],
  ['ledger', 'alter table hourly_ledger_seals disable trigger append_only', 'append_only'],
  ['ledger', 'grant update on hourly_ledger_entries to hourly_worker', 'ledger'],
  [
    'tables',
    'alter table hourly_usage_sessions disable row level security',
    'hourly_usage_sessions',
  ],
  ['tables', 'grant select on hourly_api_keys to public', 'hourly_api_keys'],
  [
    'functions',
    'grant execute on function settle_hourly_sessions to public',
    'settle_hourly_sessions',
  ],
  [
    'functions',
    'alter function settle_hourly_sessions reset search_path',
    'settle_hourly_sessions',
  ],
  ['rules', "update hourly_sql_functions set checksum = 'x' where name like '0340%'", '0340'],
  [
    'plan',
    "update plan_pricing set inr_per_usd = null where plan = 'hourly_standard'",
    'inrPerUsd',
  ],
  ['roles', 'alter table hourly_events owner to hourly_app', 'hourly_app owns tables'],
])('doctor finds out about %s: %s', async (check, damage, detail) => {
  const broken = await createTestDatabase('hourly_worker');
  try {
    await broken.owner.query(damage);
    const environment = {
      DATABASE_URL: broken.ownerUrl,
      ...standInEnvironment(standIns.sandbox),
    };
    const { code, out } = await hourly(environment, 'doctor', '--json');
    expect(code).toBe(1);
    const failed = JSON.parse(out).findings.filter(
      ({ status }: { status: string }) => status === 'failed',
    );
    expect(failed.map((finding: { check: string }) => finding.check)).toEqual([check]);
    expect(failed[0].detail).toContain(detail);
  } finally {
    await broken.drop();
  }
});
