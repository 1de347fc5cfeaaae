import { addBalance, ensureAccount, getBalance, getRefund, storeWebhookEvent } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { createTopup, reconcileTopups } from '@hourly/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hourly } from './support/command-line.ts';
import { expectCleanBooks } from './support/sessions.ts';
import { type StandIns, standInEnvironment, startStandIns } from './support/stand-ins.ts';

let db: TestDatabase;
let standIns: StandIns;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  standIns = await startStandIns(db);
});
afterAll(async () => {
  await expectCleanBooks(db);
  await standIns.sandbox.stop();
  await db.drop();
});

const cli = (...argv: string[]) =>
  hourly({ DATABASE_URL: db.ownerUrl, ...standInEnvironment(standIns.sandbox) }, ...argv);

let users = 0;
async function customer(amountCents = 20_000) {
  users += 1;
  const userId = `customer_${users}`;
  const { accountId } = await ensureAccount(db, { userId, mode: 'live' });
  const topup = await createTopup(standIns.ctx, { accountId, amountCents });
  const orderId = topup.checkout?.orderId ?? '';
  await standIns.lever(`/orders/${orderId}/pay`, { webhook: 'drop' });
  await reconcileTopups(standIns.ctx, { limit: 100, all: true });
  const cents = async () => (await getBalance(db, { accountId })).balanceCents;
  return { userId, accountId, topupId: topup.id, orderId, cents };
}

describe('adjust', () => {
  test('rehearses, then books, once for a key', async () => {
    const { userId, cents } = await customer();
    const line = ['adjust', userId, '--cents', '-500', '--reason', 'Charged twice', '--key', 'k1'];
    expect(await cli(...line)).toMatchObject({
      code: 0,
      out: expect.stringContaining('would book'),
    });
    expect(await cents()).toBe(20_000);
    const done = await cli(...line, '--yes');
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('balance $195') });
    await cli(...line, '--yes');
    expect(await cents()).toBe(19_500);
  });

  test('gives promotional money with --promo', async () => {
    const { userId, cents } = await customer();
    const { out } = await cli(
      'adjust',
      userId,
      '--cents',
      '1500',
      '--reason',
      'Welcome',
      '--promo',
      '--yes',
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject({
      dryRun: false,
      entry: { type: 'promo', amountCents: 1500 },
    });
    expect(await cents()).toBe(21_500);
  });

  test.each([
    ['more than there is', ['--cents', '-20001', '--reason', 'x'], 1],
    ['no reason', ['--cents', '5', '--reason', ' '], 2],
    ['half a cent', ['--cents', '0.5', '--reason', 'x'], 2],
    ['nothing', ['--cents', '0', '--reason', 'x'], 1],
  ])('refuses %s', async (_name, args, code) => {
    const { userId, cents } = await customer();
    expect(await cli('adjust', userId, ...args, '--yes')).toMatchObject({ code });
    expect(await cents()).toBe(20_000);
  });
});

describe('refund', () => {
  test('rehearses, then debits and pays out', async () => {
    const { topupId, cents } = await customer();
    const rehearsed = await cli('refund', topupId, '--cents', '1000');
    expect(rehearsed.out).toContain('would refund $10');
    expect(await cents()).toBe(20_000);
    const { out, code } = await cli('refund', topupId, '--cents', '1000', '--yes', '--json');
    expect({ code, ...JSON.parse(out) }).toMatchObject({
      code: 0,
      refund: { status: 'processed', amountPaise: 83_000 },
    });
    expect(await cents()).toBe(19_000);
  });

  test('leaves it to the worker when Razorpay does not answer', async () => {
    const { topupId, cents } = await customer();
    await standIns.lever('/faults', { razorpay: { status: 503, times: 1 } });
    const { out, code } = await cli('refund', topupId, '--cents', '1000', '--yes', '--json');
    expect(code).toBe(0);
    const { id } = JSON.parse(out).refund;
    expect(await getRefund(db, { refundId: id })).toMatchObject({ status: 'pending' });
    const { rows } = await db.owner.query(
      'select key from hourly_jobs._private_jobs where key = $1',
      [`refund:${id}`],
    );
    expect(rows).toHaveLength(1);
    expect(await cents()).toBe(19_000);
  });

  test('refuses above what may be refunded, and says how much that is', async () => {
    const { topupId, cents } = await customer();
    const { code, err } = await cli('refund', topupId, '--cents', '11001', '--yes');
    expect(code).toBe(1);
    expect(err).toContain('11000');
    expect(await cents()).toBe(20_000);
  });

  test('gives a kept payment back, whole', async () => {
    const { orderId, cents } = await customer();
    await standIns.lever(`/orders/${orderId}/pay`, { webhook: 'drop', again: true });
    const payments = await standIns.ctx.payments.listOrderPayments(orderId);
    for (const payment of payments) await addBalance(db, { ...payment, source: 'webhook' });
    const { out: listed, code } = await cli('unmatched', '--json');
    expect(code).toBe(1);
    const [kept] = JSON.parse(listed).payments;
    expect(kept).toMatchObject({ orderId, why: 'second_payment', amountPaise: 1_660_000 });
    expect(await cli('refund', kept.paymentId, '--cents', '5', '--yes')).toMatchObject({ code: 2 });
    expect(await cli('refund', kept.paymentId, '--yes')).toMatchObject({ code: 0 });
    expect(JSON.parse((await cli('unmatched', '--json')).out).payments).toEqual([]);
    expect(await cents()).toBe(20_000);
  });
});

describe('replay-webhook', () => {
  test('processes what could not be processed, and does nothing twice', async () => {
    const { orderId, cents } = await customer();
    const [payment] = await standIns.ctx.payments.listOrderPayments(orderId);
    const entity = {
      id: payment?.paymentId,
      order_id: orderId,
      amount: 1_660_000,
      currency: 'INR',
      status: 'captured',
    };
    const body = JSON.stringify({ event: 'payment.captured', payload: { payment: { entity } } });
    await storeWebhookEvent(db, { eventId: 'evt_replayed', type: 'payment.captured', body });
    const rehearsed = await cli('replay-webhook', 'evt_replayed');
    expect(rehearsed.out).toContain('would replay payment.captured evt_replayed');
    for (const _time of [1, 2]) {
      expect(await cli('replay-webhook', 'evt_replayed', '--yes')).toMatchObject({ code: 0 });
    }
    expect(await cents()).toBe(20_000);
  });

  test('says why it failed again', async () => {
    await storeWebhookEvent(db, { eventId: 'evt_odd', type: 'unreadable', body: 'not json' });
    const { code, out } = await cli('replay-webhook', 'evt_odd', '--yes');
    expect(code).toBe(1);
    expect(out).toContain('SyntaxError');
    expect(await cli('replay-webhook', 'evt_none')).toMatchObject({ code: 1 });
  });
});

test('compare enters what was never reported and says what differs', async () => {
  const { accountId } = await ensureAccount(db, { userId: 'unheard', mode: 'live' });
  const topup = await createTopup(standIns.ctx, { accountId, amountCents: 10_000 });
  await standIns.lever(`/orders/${topup.checkout?.orderId}/pay`, { webhook: 'drop' });
  expect((await cli('compare')).out).toContain('would compare 5 days');
  const { code, out } = await cli('compare', '--yes', '--json');
  expect((await getBalance(db, { accountId })).balanceCents).toBe(10_000);
  expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 0, dryRun: false, differences: [] });
});

test('doctor alarms about what waits: payments, refunds, differences and jobs that were given up', async () => {
  const attention = async () => {
    const { findings } = JSON.parse((await cli('doctor', '--json')).out);
    return findings
      .filter(({ status }: { status: string }) => status === 'attention')
      .map(({ check }: { check: string }) => check);
  };
  const wrong: [string, string][] = [
    [
      'refunds',
      "update hourly_refunds set created_at = now() - interval '11 days' where status = 'pending'",
    ],
    [
      "Razorpay's books",
      `insert into hourly_book_comparisons (from_at, to_at, started_at, payments, refunds, disputes, differences)
      values (now() - interval '1 day', now(), now(), 1, 0, 0, '[{"kind": "payment_kept", "id": "pay_1", "detail": ""}]')`,
    ],
    ['jobs', 'update hourly_jobs._private_jobs set attempts = max_attempts'],
  ];
  for (const [check, sql] of wrong) {
    expect(await attention()).not.toContain(check);
    const { rowCount } = await db.owner.query(sql);
    expect(rowCount).toBeGreaterThan(0);
    expect(await attention()).toContain(check);
  }
});
