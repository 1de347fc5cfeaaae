import {
  addBalance,
  claimTopupOrder,
  createTopup,
  getBalance,
  getTopup,
  getTopupByOrder,
  setTopupOrder,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { adjust, createCustomer, createTestCustomer, order, payIn } from '../support/customer.ts';
import { eventTypes, ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

describe('limits', () => {
  test.each([
    { amountCents: -1, reason: 'AMOUNT_BELOW_MINIMUM', data: { minimumCents: 10_000 } },
    { amountCents: 0, reason: 'AMOUNT_BELOW_MINIMUM', data: { minimumCents: 10_000 } },
    { amountCents: 9999, reason: 'AMOUNT_BELOW_MINIMUM', data: { minimumCents: 10_000 } },
    { amountCents: 1_000_001, reason: 'AMOUNT_ABOVE_MAXIMUM', data: { maximumCents: 1_000_000 } },
    {
      amountCents: Number.MAX_SAFE_INTEGER,
      reason: 'AMOUNT_ABOVE_MAXIMUM',
      data: { maximumCents: 1_000_000 },
    },
  ])('$amountCents cents are refused', async ({ amountCents, reason, data }) => {
    for (const accountId of [await createCustomer(db), await createTestCustomer(db)]) {
      await expect(createTopup(db, { accountId, amountCents })).rejects.toMatchObject({
        reason,
        data,
      });
    }
  });

  test.each([10_000, 10_001, 999_999, 1_000_000])('%i cents are taken', async (amountCents) => {
    const accountId = await createCustomer(db);
    expect(await createTopup(db, { accountId, amountCents })).toMatchObject({
      status: 'created',
      amountCents,
      amountInrPaise: amountCents * 83,
      inrPerUsd: 83,
      refundedCents: 0,
      paidAt: null,
      mode: 'live',
      orderId: null,
      accountId,
    });
  });
});

test('a top-up locks its rate', async () => {
  const own = await createTestDatabase();
  try {
    const accountId = await createCustomer(own);
    const { topupId, orderId, amountPaise } = await order(own, accountId, 20_000);
    await own.owner.query('update plan_pricing set inr_per_usd = 90');
    expect(await getTopup(own, { accountId, id: topupId })).toMatchObject({
      inrPerUsd: 83,
      amountInrPaise: 1_660_000,
    });
    expect(amountPaise).toBe(1_660_000);
    const later = await order(own, accountId, 20_000);
    expect(later.amountPaise).toBe(1_800_000);
    const payment = { paymentId: 'pay_1', orderId, currency: 'INR', source: 'webhook' } as const;
    expect(await addBalance(own, { ...payment, amountPaise })).toMatchObject({
      outcome: 'credited',
    });
    expect(await getBalance(own, { accountId })).toMatchObject({
      balanceCents: 20_000,
      balanceInrPaise: 1_800_000,
    });
  } finally {
    await dropWithCleanBooks(own);
  }
});

describe('in test mode', () => {
  test('it is paid in the answer itself', async () => {
    const accountId = await createTestCustomer(db);
    const topup = await createTopup(db, { accountId, amountCents: 10_000 });
    expect(topup).toMatchObject({ status: 'paid', mode: 'test', orderId: null });
    expect(topup.paidAt).toBe(topup.createdAt);
    expect((await getBalance(db, { accountId })).balanceCents).toBe(10_000);
  });

  test.each([10_001, 10_101, 20_001])('%i cents fail', async (amountCents) => {
    const accountId = await createTestCustomer(db);
    expect(await createTopup(db, { accountId, amountCents })).toMatchObject({
      status: 'failed',
      paidAt: null,
    });
    expect(await ledgerOf(db, accountId)).toEqual([]);
    expect(await eventTypes(db, accountId)).toEqual(['topup.failed']);
  });

  test.each([10_010, 10_011, 10_100])('%i cents are paid', async (amountCents) => {
    const accountId = await createTestCustomer(db);
    expect(await createTopup(db, { accountId, amountCents })).toMatchObject({ status: 'paid' });
  });
});

describe('its order', () => {
  test('is created by one call at a time', async () => {
    const accountId = await createCustomer(db);
    const { id: topupId } = await createTopup(db, { accountId, amountCents: 10_000 });
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => claimTopupOrder(db, { topupId, leaseSeconds: 60 })),
    );
    expect(claims.filter(({ claimed }) => claimed)).toHaveLength(1);
    expect(claims.every(({ attempt }) => attempt === 1)).toBe(true);
  });

  test('a claim that lapsed is made again, and counted', async () => {
    const accountId = await createCustomer(db);
    const { id: topupId } = await createTopup(db, { accountId, amountCents: 10_000 });
    const lapsed = await claimTopupOrder(db, { topupId, leaseSeconds: -1 });
    expect(lapsed).toMatchObject({ claimed: true, attempt: 1 });
    const second = await claimTopupOrder(db, { topupId, leaseSeconds: 60 });
    expect(second).toMatchObject({ claimed: true, attempt: 2 });
  });

  test('a claim is given back after a failure', async () => {
    const accountId = await createCustomer(db);
    const { id: topupId } = await createTopup(db, { accountId, amountCents: 10_000 });
    await claimTopupOrder(db, { topupId, leaseSeconds: 60 });
    await setTopupOrder(db, { topupId, orderId: null });
    const again = await claimTopupOrder(db, { topupId, leaseSeconds: 60 });
    expect(again).toMatchObject({ claimed: true, attempt: 2, topup: { orderId: null } });
  });

  test('is never replaced, and needs no claim any more', async () => {
    const accountId = await createCustomer(db);
    const { topupId, orderId } = await order(db, accountId);
    const kept = await setTopupOrder(db, { topupId, orderId: 'order_other' });
    expect(kept.orderId).toBe(orderId);
    const claim = await claimTopupOrder(db, { topupId, leaseSeconds: 60 });
    expect(claim).toMatchObject({ claimed: false, topup: { orderId } });
  });

  test('is found in its own account only', async () => {
    const accountId = await createCustomer(db);
    const { topupId, orderId } = await order(db, accountId);
    expect(await getTopupByOrder(db, { accountId, orderId })).toMatchObject({ id: topupId });
    const stranger = await createCustomer(db);
    const notFound = { reason: 'NOT_FOUND' };
    await expect(getTopupByOrder(db, { accountId: stranger, orderId })).rejects.toMatchObject(
      notFound,
    );
    await expect(getTopup(db, { accountId: stranger, id: topupId })).rejects.toMatchObject(
      notFound,
    );
  });
});

describe('refundable', () => {
  test.each([
    { what: 'nothing before the first payment', paidIn: 0, given: 5000, refundableCents: 0 },
    { what: 'what the commitment leaves', paidIn: 10_000, given: 0, refundableCents: 1000 },
    { what: 'at least nothing', paidIn: 10_000, given: -1500, refundableCents: 0 },
    { what: 'never money that was given', paidIn: 10_000, given: 20_000, refundableCents: 10_000 },
  ])('$what', async ({ paidIn, given, refundableCents }) => {
    const accountId = await createCustomer(db, { balanceCents: paidIn });
    if (given !== 0) await adjust(db, accountId, given);
    expect(await getBalance(db, { accountId })).toMatchObject({ refundableCents });
  });
});

describe('the commitment', () => {
  test('comes with the first top-up and keeps the terms it was agreed at', async () => {
    const own = await createTestDatabase();
    try {
      const accountId = await createCustomer(own);
      const none = { hours: 6, hoursUsed: 0, remainingCents: 9000 };
      expect(await getBalance(own, { accountId })).toMatchObject({
        commitment: none,
        refundableCents: 0,
      });
      await payIn(own, accountId, 10_000);
      await own.owner.query('update plan_pricing set commitment_hours = 10');
      expect(await getBalance(own, { accountId })).toMatchObject({
        commitment: none,
        refundableCents: 1000,
        plan: { commitmentHours: 10 },
      });
      await payIn(own, accountId, 10_000);
      expect(await getBalance(own, { accountId })).toMatchObject({
        commitment: none,
        refundableCents: 11_000,
      });
    } finally {
      await dropWithCleanBooks(own);
    }
  });
});
