import {
  addBalance,
  type CapturedPayment,
  createTopup,
  ensureAccount,
  type Recorded,
  recordDispute,
  recordRefund,
  refundKeptPayment,
  setTopupOrder,
  storeWebhookEvent,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCustomer, order } from '../support/customer.ts';
import { expectSoundBooks } from '../support/sound.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await expectSoundBooks(db);
  await db.drop();
});

const rounds = 15;
const each = <Result>(work: (round: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: rounds }, (_, round) => work(round)));

const inr = { currency: 'INR', source: 'webhook' } as const;

test('payments that are reported for the orders of two accounts at once are credited to one', async () => {
  await each(async (round) => {
    const orders = await Promise.all([1, 2].map(async () => order(db, await createCustomer(db))));
    // Crosswise: each account meets the other at both payments.
    const payments = ['first', 'second'].map((name) => `pay_${name}_${round}`);
    const reports = payments.flatMap((paymentId, n) =>
      (n === 0 ? orders : orders.toReversed()).map(({ orderId, amountPaise }) =>
        addBalance(db, { paymentId, orderId, amountPaise, ...inr }),
      ),
    );
    const outcomes = (await Promise.all(reports)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'credited')).toHaveLength(2);
    const { rows } = await db.owner.query(
      "select count(*)::int as payments, count(distinct topup_id)::int as topups from hourly_payments where payment_id = any ($1) and status = 'credited'",
      [payments],
    );
    expect(rows).toEqual([{ payments: 2, topups: 2 }]);
  });
});

/** Until its payment is known: who reports it is told to come again. */
async function reported(report: () => Promise<{ outcome: Recorded }>): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if ((await report()).outcome !== 'unmatched') return;
  }
  throw new Error('nobody knows the payment');
}

test('a kept payment is credited while it is refunded and disputed: everything counts once', async () => {
  await each(async (round) => {
    const accountId = await createCustomer(db);
    const { id: topupId, amountInrPaise } = await createTopup(db, {
      accountId,
      amountCents: 10_000,
    });
    const orderId = `order_${topupId}`;
    const paymentId = `pay_${topupId}`;
    const payment: CapturedPayment = { paymentId, orderId, amountPaise: amountInrPaise, ...inr };
    // Paid before the order was known here.
    expect(await addBalance(db, payment)).toMatchObject({ outcome: 'kept', why: 'unknown_order' });
    await setTopupOrder(db, { topupId, orderId });

    const refund = { paymentId, amountPaise: 8300, status: 'processed' } as const;
    const dispute = { paymentId, amountPaise: 16_600, disputeId: `disp_${topupId}` };
    const reports = [
      () => addBalance(db, payment),
      () => reported(() => recordRefund(db, { ...refund, providerRefundId: `rfnd_${topupId}` })),
      () => reported(() => recordDispute(db, { ...dispute, status: 'open' })),
      () => addBalance(db, payment),
      () => reported(() => recordRefund(db, { ...refund, providerRefundId: `rfnd_${topupId}` })),
      () => reported(() => recordDispute(db, { ...dispute, status: 'open' })),
    ];
    await Promise.all(reports.map((_, n) => reports[(n + round) % reports.length]?.()));
    const { rows } = await db.owner.query(
      `select type, debit_account_id = account_id as "isDebit", amount_cents::int as cents
       from hourly_ledger_entries where account_id = $1 order by type`,
      [accountId],
    );
    expect(rows).toEqual([
      { type: 'dispute', isDebit: true, cents: 200 },
      { type: 'refund', isDebit: true, cents: 100 },
      { type: 'topup', isDebit: false, cents: 10_000 },
    ]);
  });
});

test('a kept payment is given back while it is credited: never more than it was', async () => {
  await each(async () => {
    const accountId = await createCustomer(db);
    const { id: topupId, amountInrPaise } = await createTopup(db, {
      accountId,
      amountCents: 10_000,
    });
    const orderId = `order_${topupId}`;
    const paymentId = `pay_${topupId}`;
    const payment: CapturedPayment = { paymentId, orderId, amountPaise: amountInrPaise, ...inr };
    await addBalance(db, payment);
    await setTopupOrder(db, { topupId, orderId });
    const giveBack = async () => {
      try {
        await refundKeptPayment(db, { paymentId });
      } catch (error) {
        // It was credited first.
        expect(error).toMatchObject({ reason: 'INVALID_INPUT' });
      }
    };
    await Promise.all([giveBack(), addBalance(db, payment), giveBack(), addBalance(db, payment)]);
    const { rows } = await db.owner.query(
      `select a.balance_cents::int as balance, coalesce(sum(r.amount_cents), 0)::int as refunded, count(r)::int as refunds
       from hourly_account_balance a left join hourly_refunds r on r.payment_id = $2
       where a.id = $1 group by a.id`,
      [accountId, paymentId],
    );
    expect(rows).toEqual([
      expect.toBeOneOf([
        { balance: 10_000, refunded: 0, refunds: 0 },
        { balance: 0, refunded: 10_000, refunds: 1 },
      ]),
    ]);
  });
});

test('an account that is used for the first time by many calls is made once', async () => {
  await each(async (round) => {
    const calls = Array.from({ length: 6 }, () =>
      ensureAccount(db, { userId: `new_${round}`, mode: 'live' }),
    );
    expect(new Set((await Promise.all(calls)).map(({ accountId }) => accountId)).size).toBe(1);
  });
});

test('a webhook event that arrives several times at once is new once', async () => {
  await each(async (round) => {
    const calls = Array.from({ length: 6 }, () =>
      storeWebhookEvent(db, { eventId: `evt_${round}`, type: 'payment.captured', body: '{}' }),
    );
    const answers = await Promise.all(calls);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  });
});
