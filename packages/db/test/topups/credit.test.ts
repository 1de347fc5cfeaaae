import {
  addBalance,
  type CapturedPayment,
  createTopup,
  failTopup,
  getBalance,
  getTopup,
  recordTopupUnpaid,
  setTopupOrder,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer, order } from '../support/customer.ts';
import { eventTypes, ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

/** A customer with an unpaid top-up of 100 dollars, and the payment that would pay it. */
async function unpaid() {
  const accountId = await createCustomer(db);
  const { topupId, orderId, amountPaise } = await order(db, accountId);
  const payment: CapturedPayment = {
    paymentId: `pay_${topupId}`,
    orderId,
    amountPaise,
    currency: 'INR',
    source: 'webhook',
  };
  return { accountId, topupId, orderId, payment };
}

async function expectCreditedOnce(accountId: string, topupId: string) {
  expect((await getBalance(db, { accountId })).balanceCents).toBe(10_000);
  expect(await ledgerOf(db, accountId)).toHaveLength(1);
  const types = await eventTypes(db, accountId);
  expect(types.filter((type) => type === 'topup.paid')).toHaveLength(1);
  expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({ status: 'paid' });
}

const keptOf = async (orderId: string) => {
  const { rows } = await db.pool.query(
    `select payment_id as "paymentId", status, why, amount_paise::int as "amountPaise"
     from hourly_payments where order_id = $1 order by created_at`,
    [orderId],
  );
  return rows;
};

describe('a captured payment', () => {
  test('is credited once, whoever reports it how often', async () => {
    const { accountId, topupId, payment } = await unpaid();
    expect(await addBalance(db, payment)).toMatchObject({
      outcome: 'credited',
      why: null,
      topup: { id: topupId, status: 'paid' },
    });
    for (const source of ['webhook', 'confirmation', 'reconciliation'] as const) {
      expect(await addBalance(db, { ...payment, source })).toMatchObject({
        outcome: 'duplicate',
        topup: { id: topupId, status: 'paid' },
      });
    }
    await expectCreditedOnce(accountId, topupId);
  });

  test('is credited once under parallel webhooks and confirmations', async () => {
    const { accountId, topupId, payment } = await unpaid();
    const sources = ['webhook', 'confirmation', 'reconciliation'] as const;
    const credits = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        addBalance(db, { ...payment, source: sources[n % 3] ?? 'webhook' }),
      ),
    );
    const outcomes = credits.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['credited', ...Array(9).fill('duplicate')]);
    await expectCreditedOnce(accountId, topupId);
  });

  test('of several payments of one order in parallel, one is credited and the others are kept', async () => {
    const { accountId, topupId, orderId, payment } = await unpaid();
    const credits = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        addBalance(db, { ...payment, paymentId: `${payment.paymentId}_${n}` }),
      ),
    );
    expect(credits.filter(({ outcome }) => outcome === 'credited')).toHaveLength(1);
    expect(credits.filter(({ why }) => why === 'second_payment')).toHaveLength(9);
    expect(await keptOf(orderId)).toHaveLength(10);
    await expectCreditedOnce(accountId, topupId);
  });

  test('that names two orders of two accounts is credited once', async () => {
    const one = await unpaid();
    const two = await unpaid();
    const { paymentId } = one.payment;
    await Promise.all([
      ...Array.from({ length: 5 }, () => addBalance(db, one.payment)),
      ...Array.from({ length: 5 }, () => addBalance(db, { ...two.payment, paymentId })),
    ]);
    const balances = await Promise.all(
      [one, two].map(async ({ accountId }) => (await getBalance(db, { accountId })).balanceCents),
    );
    expect(balances.sort()).toEqual([0, 10_000]);
  });
});

describe('what does not fit is kept and never credited by guess', () => {
  test('a second payment of the same order', async () => {
    const { accountId, topupId, orderId, payment } = await unpaid();
    await addBalance(db, payment);
    const second = { ...payment, paymentId: `${payment.paymentId}_2` };
    for (let n = 0; n < 2; n += 1) {
      expect(await addBalance(db, second)).toMatchObject({
        outcome: 'kept',
        why: 'second_payment',
        topup: { status: 'paid' },
      });
    }
    expect(await keptOf(orderId)).toMatchObject([
      { status: 'credited', why: null },
      { paymentId: second.paymentId, status: 'kept', why: 'second_payment' },
    ]);
    await expectCreditedOnce(accountId, topupId);
  });

  test.each([
    { what: 'a paisa less', change: { amountPaise: 829_999 } },
    { what: 'a paisa more', change: { amountPaise: 830_001 } },
    { what: 'another currency', change: { currency: 'USD' } },
    { what: 'nothing', change: { amountPaise: 0 } },
  ])('$what', async ({ change }) => {
    const { accountId, topupId, orderId, payment } = await unpaid();
    expect(await addBalance(db, { ...payment, ...change })).toMatchObject({
      outcome: 'kept',
      why: 'amount_mismatch',
      topup: { status: 'created' },
    });
    expect(await keptOf(orderId)).toMatchObject([{ status: 'kept', why: 'amount_mismatch' }]);
    expect((await getBalance(db, { accountId })).balanceCents).toBe(0);
    // The right payment of the same order is still welcome.
    await addBalance(db, { ...payment, paymentId: `${payment.paymentId}_right` });
    await expectCreditedOnce(accountId, topupId);
  });

  test('a payment of an order that nobody knows, until it is known', async () => {
    const accountId = await createCustomer(db);
    const { id: topupId } = await createTopup(db, { accountId, amountCents: 10_000 });
    const orderId = `order_late_${topupId}`;
    const payment: CapturedPayment = {
      paymentId: `pay_${topupId}`,
      orderId,
      amountPaise: 830_000,
      currency: 'INR',
      source: 'webhook',
    };
    for (let n = 0; n < 2; n += 1) {
      expect(await addBalance(db, payment)).toEqual({
        outcome: 'kept',
        why: 'unknown_order',
        topup: null,
      });
    }
    await setTopupOrder(db, { topupId, orderId });
    expect(await addBalance(db, payment)).toMatchObject({ outcome: 'credited' });
    expect(await keptOf(orderId)).toMatchObject([{ status: 'credited', why: null }]);
    await expectCreditedOnce(accountId, topupId);
  });

  test('a payment without an order', async () => {
    const payment: CapturedPayment = {
      paymentId: 'pay_without_order',
      orderId: null,
      amountPaise: 830_000,
      currency: 'INR',
      source: 'webhook',
    };
    expect(await addBalance(db, payment)).toMatchObject({ outcome: 'kept', why: 'unknown_order' });
  });

  test('a kept payment that is told again as it was captured after all', async () => {
    const { accountId, topupId, orderId, payment } = await unpaid();
    await addBalance(db, { ...payment, amountPaise: 1 });
    expect(await addBalance(db, payment)).toMatchObject({ outcome: 'credited' });
    expect(await keptOf(orderId)).toMatchObject([
      { status: 'credited', why: null, amountPaise: 830_000 },
    ]);
    await expectCreditedOnce(accountId, topupId);
  });
});

describe('failed and expired', () => {
  test('a failed attempt is marked and told once; a later capture still credits', async () => {
    const { accountId, topupId, orderId, payment } = await unpaid();
    for (let n = 0; n < 2; n += 1) {
      const { topup } = await failTopup(db, { orderId, description: 'Card declined' });
      expect(topup).toMatchObject({ status: 'failed', paidAt: null });
    }
    expect(await eventTypes(db, accountId)).toEqual(['topup.failed']);
    expect(await addBalance(db, payment)).toMatchObject({ outcome: 'credited' });
    await expectCreditedOnce(accountId, topupId);
  });

  test('a failure that arrives after the capture means nothing', async () => {
    const { accountId, topupId, orderId, payment } = await unpaid();
    await addBalance(db, payment);
    const { topup } = await failTopup(db, { orderId, description: 'Card declined' });
    expect(topup).toMatchObject({ status: 'paid' });
    await expectCreditedOnce(accountId, topupId);
  });

  test('a failure of an order that nobody knows means nothing', async () => {
    expect(await failTopup(db, { orderId: 'order_unknown', description: null })).toEqual({
      topup: null,
    });
  });

  test.each([false, true])('expired, then captured (failed before: %s)', async (failed) => {
    const { accountId, topupId, orderId, payment } = await unpaid();
    if (failed) await failTopup(db, { orderId, description: 'Card declined' });
    await db.owner.query(
      `update hourly_topup_transactions set created_at = created_at - interval '3 days 1 second' where id = $1`,
      [topupId],
    );
    expect(await recordTopupUnpaid(db, { topupId })).toMatchObject({ status: 'expired' });
    // A failure that comes later still does not undo that.
    const { topup } = await failTopup(db, { orderId, description: 'Card declined' });
    expect(topup?.status).toBe('expired');
    expect(await addBalance(db, payment)).toMatchObject({ outcome: 'credited' });
    await expectCreditedOnce(accountId, topupId);
  });
});
