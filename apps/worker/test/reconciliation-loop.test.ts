import type { Topup } from '@hourly/contract';
import { ensureAccount, getBalance, getTopup } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { createTopup } from '@hourly/services';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createReconciliationLoop } from '../src/loops/reconciliation-loop.ts';
import { memoryLog } from './support/log.ts';
import { expectCleanBooks } from './support/sessions.ts';
import { type StandIns, startStandIns } from './support/stand-ins.ts';

let db: TestDatabase;
let standIns: StandIns;
let accountId: string;

beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
  standIns = await startStandIns(db);
  ({ accountId } = await ensureAccount(db, { userId: 'user_1', mode: 'live' }));
});
afterEach(async () => {
  await standIns.sandbox.stop();
  await db.drop();
});

const topUp = (amountCents = 10_000): Promise<Topup> =>
  createTopup(standIns.ctx, { accountId, amountCents });

const pay = (topup: Topup, webhook: 'drop' | 'send' = 'drop') =>
  standIns.lever(`/orders/${topup.checkout?.orderId}/pay`, { webhook });

const everythingIsDue = () =>
  db.owner.query(
    `update hourly_topup_transactions
        set next_check_at = clock_timestamp(), check_leased_until = null
      where next_check_at is not null`,
  );

const tick = async () => {
  await everythingIsDue();
  const loop = createReconciliationLoop({ ctx: standIns.ctx, log: memoryLog() });
  await loop.tick();
};

const cents = async () => (await getBalance(db, { accountId })).balanceCents;

test('a payment whose webhook was lost is credited once', async () => {
  const topup = await topUp();
  await tick();
  expect(await cents()).toBe(0);
  await pay(topup);
  await tick();
  expect(await cents()).toBe(10_000);
  await tick();
  expect(await cents()).toBe(10_000);
  expect(await getTopup(db, { accountId, id: topup.id })).toMatchObject({ status: 'paid' });
  await expectCleanBooks(db);
});

test('two workers credit it once', async () => {
  const topups = [await topUp(), await topUp(20_000), await topUp(30_000)];
  for (const topup of topups) await pay(topup);
  await everythingIsDue();
  const loops = [1, 2].map(() => createReconciliationLoop({ ctx: standIns.ctx, log: memoryLog() }));
  await Promise.all(loops.map((loop) => loop.tick()));
  await tick();
  expect(await cents()).toBe(60_000);
  await expectCleanBooks(db);
});

test('what is not due yet is left alone', async () => {
  const topup = await topUp();
  await pay(topup);
  const loop = createReconciliationLoop({ ctx: standIns.ctx, log: memoryLog() });
  await loop.tick();
  expect(await cents()).toBe(0);
});

test('nobody having paid for three days, a top-up expires; a capture after that still credits', async () => {
  const topup = await topUp();
  await db.owner.query(
    "update hourly_topup_transactions set created_at = created_at - interval '73 hours'",
  );
  await tick();
  expect(await getTopup(db, { accountId, id: topup.id })).toMatchObject({ status: 'expired' });
});

test('Razorpay being away holds up nothing: the next pass finds the money', async () => {
  const topup = await topUp();
  await pay(topup);
  await standIns.lever('/faults', { razorpay: { status: 503, times: 1 } });
  await tick();
  expect(await cents()).toBe(0);
  await tick();
  expect(await cents()).toBe(10_000);
});
