import { randomUUID } from 'node:crypto';
import {
  addBalance,
  adjustBalance,
  createRefund,
  createTopup,
  endSession,
  getBalance,
  getStatus,
  getTopup,
  recordRefund,
  refundKeptPayment,
  setTopupOrder,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advance } from '../support/advance.ts';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer, createTestCustomer, hours } from '../support/customer.ts';
import { eventsOf, eventTypes, ledgerOf } from '../support/history.ts';
import { paidTopup } from '../support/paid-topup.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

const balanceOf = (accountId: string) => getBalance(db, { accountId });
const providerRefundId = () => `rfnd_${randomUUID()}`;

describe('a refund by the operator', () => {
  test('debits the ledger before the provider knows, in the payment currency at the rate of then', async () => {
    const accountId = await createCustomer(db);
    const { topupId, paymentId } = await paidTopup(db, accountId, { amountCents: 20_000 });
    const refund = await createRefund(db, { topupId, amountCents: 11_000 });
    expect(refund).toMatchObject({
      accountId,
      topupId,
      paymentId,
      amountCents: 11_000,
      amountPaise: 913_000,
      status: 'pending',
      source: 'operator',
      providerRefundId: null,
    });
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 9000, refundableCents: 0 });
    expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({
      status: 'paid',
      refundedCents: 11_000,
    });
  });

  test('goes up to what the commitment leaves, and says how much that is', async () => {
    const accountId = await createCustomer(db);
    const { topupId } = await paidTopup(db, accountId);
    await expect(createRefund(db, { topupId, amountCents: 1001 })).rejects.toMatchObject({
      reason: 'AMOUNT_ABOVE_MAXIMUM',
      data: { maximumCents: 1000 },
    });
    await createRefund(db, { topupId, amountCents: 1000 });
    await expect(createRefund(db, { topupId, amountCents: 2 })).rejects.toMatchObject({
      data: { maximumCents: 0 },
    });
  });

  test('never goes beyond its own top-up, nor into promotional money', async () => {
    const accountId = await createCustomer(db);
    const first = await paidTopup(db, accountId, { amountCents: 10_000 });
    const second = await paidTopup(db, accountId, { amountCents: 30_000 });
    await adjustBalance(db, { accountId, type: 'promo', amountCents: 90_000, reason: 'Welcome' });
    expect(await balanceOf(accountId)).toMatchObject({ refundableCents: 40_000 });
    await expect(
      createRefund(db, { topupId: first.topupId, amountCents: 10_001 }),
    ).rejects.toMatchObject({ data: { maximumCents: 10_000 } });
    await createRefund(db, { topupId: first.topupId, amountCents: 10_000 });
    await createRefund(db, { topupId: second.topupId, amountCents: 30_000 });
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 90_000, refundableCents: 0 });
    expect(await getTopup(db, { accountId, id: first.topupId })).toMatchObject({
      status: 'refunded',
    });
  });

  test('is refused for a top-up that is unpaid or unknown, and below what the provider pays out', async () => {
    const accountId = await createCustomer(db);
    const unpaid = await createTopup(db, { accountId, amountCents: 10_000 });
    await expect(createRefund(db, { topupId: unpaid.id, amountCents: 500 })).rejects.toMatchObject({
      reason: 'INVALID_INPUT',
    });
    await expect(
      createRefund(db, { topupId: randomUUID(), amountCents: 500 }),
    ).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    const { topupId } = await paidTopup(db, accountId, { amountCents: 20_000 });
    for (const amountCents of [1, 0, -5])
      await expect(createRefund(db, { topupId, amountCents })).rejects.toMatchObject({
        reason: 'AMOUNT_BELOW_MINIMUM',
        data: { minimumCents: 2 },
      });
  });

  test('the same key refunds once', async () => {
    const accountId = await createCustomer(db);
    const { topupId } = await paidTopup(db, accountId, { amountCents: 50_000 });
    const input = { topupId, amountCents: 1000, request: { key: 'k', inputHash: 'h' } };
    const [first, second] = await Promise.all([createRefund(db, input), createRefund(db, input)]);
    expect(second).toEqual(first);
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 49_000 });
  });

  test('is processed once the provider says so, whoever is faster: its webhook or its answer', async () => {
    const accountId = await createCustomer(db);
    const { topupId, paymentId } = await paidTopup(db, accountId, { amountCents: 20_000 });
    const { id, amountPaise } = await createRefund(db, { topupId, amountCents: 5000 });
    const report = { refundId: id, providerRefundId: providerRefundId(), paymentId, amountPaise };
    const reports = [
      { ...report, status: 'processed' },
      { ...report, status: 'pending' },
      { ...report, refundId: undefined, status: 'processed' },
    ] as const;
    const outcomes: string[] = [];
    for (const each of reports) outcomes.push((await recordRefund(db, each)).outcome);
    expect(outcomes).toEqual(['recorded', 'duplicate', 'duplicate']);
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 15_000 });
    const events = await eventTypes(db, accountId);
    expect(events.filter((type) => type === 'refund.processed')).toHaveLength(1);
  });

  test('is credited back when the provider refuses it', async () => {
    const accountId = await createCustomer(db);
    const { topupId, paymentId } = await paidTopup(db, accountId);
    const { id, amountPaise } = await createRefund(db, { topupId, amountCents: 1000 });
    const report = { refundId: id, providerRefundId: providerRefundId(), paymentId, amountPaise };
    await recordRefund(db, { ...report, status: 'failed' });
    await recordRefund(db, { ...report, status: 'failed' });
    await recordRefund(db, { ...report, status: 'processed' });
    expect(await balanceOf(accountId)).toMatchObject({
      balanceCents: 10_000,
      refundableCents: 1000,
    });
    expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({
      status: 'paid',
      refundedCents: 0,
    });
    expect((await ledgerOf(db, accountId)).map(({ amountCents }) => amountCents)).toEqual([
      10_000, -1000, 1000,
    ]);
  });

  test('in test mode is processed at once', async () => {
    const accountId = await createTestCustomer(db);
    const { id: topupId } = await createTopup(db, { accountId, amountCents: 20_000 });
    expect(await createRefund(db, { topupId, amountCents: 11_000 })).toMatchObject({
      status: 'processed',
      paymentId: null,
      mode: 'test',
    });
    expect(await eventTypes(db, accountId)).toEqual(['topup.paid', 'refund.processed']);
  });
});

describe('a refund that was made outside', () => {
  test('is debited once, and freezes what it takes below zero', async () => {
    const accountId = await createCustomer(db);
    const { topupId, paymentId, amountPaise } = await paidTopup(db, accountId);
    const { id: sessionId } = await startSession(db, { accountId });
    const report = { providerRefundId: providerRefundId(), paymentId, amountPaise } as const;
    expect(await recordRefund(db, { ...report, status: 'processed' })).toMatchObject({
      outcome: 'recorded',
      refund: { source: 'provider', amountCents: 10_000, status: 'processed', topupId },
    });
    expect(await recordRefund(db, { ...report, status: 'processed' })).toMatchObject({
      outcome: 'duplicate',
    });
    expect(await getStatus(db, { accountId })).toMatchObject({
      session: { id: sessionId, status: 'paused', pauseReason: 'frozen', paidThrough: null },
      balance: { balanceCents: -1500, frozen: true, hoursRemaining: 0, refundableCents: 0 },
    });
    expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({ status: 'refunded' });
    const events = await eventsOf(db, accountId);
    expect(events.map(({ type }) => type)).toEqual([
      'topup.paid',
      'session.started',
      'session.hour_charged',
      'balance.low',
      'session.paused',
      'account.frozen',
      'refund.processed',
    ]);
    expect(events.map(({ no }) => no)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('in odd parts adds up to the whole', async () => {
    const accountId = await createCustomer(db);
    const { topupId, paymentId, amountPaise } = await paidTopup(db, accountId);
    const parts = [100, 101, 12_345, 333_333];
    parts.push(amountPaise - parts.reduce((sum, part) => sum + part, 0));
    for (const part of parts)
      await recordRefund(db, {
        providerRefundId: providerRefundId(),
        paymentId,
        amountPaise: part,
        status: 'processed',
      });
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 0 });
    expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({
      status: 'refunded',
      refundedCents: 10_000,
    });
  });

  test('meets one of ours: what the provider then refuses comes back', async () => {
    const accountId = await createCustomer(db);
    const { topupId, paymentId, amountPaise } = await paidTopup(db, accountId, {
      amountCents: 20_000,
    });
    await adjustBalance(db, { accountId, type: 'promo', amountCents: 30_000, reason: 'Welcome' });
    const ours = await createRefund(db, { topupId, amountCents: 20_000 });
    await recordRefund(db, {
      providerRefundId: providerRefundId(),
      paymentId,
      amountPaise,
      status: 'processed',
    });
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 10_000 });
    await recordRefund(db, {
      refundId: ours.id,
      providerRefundId: providerRefundId(),
      paymentId,
      amountPaise: ours.amountPaise,
      status: 'failed',
    });
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 30_000, refundableCents: 0 });
    expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({
      status: 'refunded',
      refundedCents: 20_000,
    });
  });

  test('with our id but another amount or payment is not taken for ours', async () => {
    const accountId = await createCustomer(db);
    const { topupId, paymentId } = await paidTopup(db, accountId, { amountCents: 50_000 });
    const ours = await createRefund(db, { topupId, amountCents: 1000 });
    await recordRefund(db, {
      refundId: ours.id,
      providerRefundId: providerRefundId(),
      paymentId,
      amountPaise: 8300,
      status: 'processed',
    });
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 48_900 });
  });

  test('that is first heard of when it failed moves nothing', async () => {
    const accountId = await createCustomer(db);
    const { paymentId } = await paidTopup(db, accountId);
    const report = {
      providerRefundId: providerRefundId(),
      paymentId,
      amountPaise: 83_000,
    } as const;
    expect(await recordRefund(db, { ...report, status: 'failed' })).toMatchObject({
      outcome: 'recorded',
    });
    expect(await recordRefund(db, { ...report, status: 'pending' })).toMatchObject({
      outcome: 'duplicate',
    });
    expect(await ledgerOf(db, accountId)).toHaveLength(1);
  });

  test('of a payment nobody knows is unmatched', async () => {
    expect(
      await recordRefund(db, {
        providerRefundId: providerRefundId(),
        paymentId: 'pay_unknown',
        amountPaise: 100,
        status: 'processed',
      }),
    ).toEqual({ outcome: 'unmatched', refund: null });
  });
});

describe('a payment that was kept', () => {
  const kept = async () => {
    const accountId = await createCustomer(db);
    const { id: topupId, amountInrPaise } = await createTopup(db, {
      accountId,
      amountCents: 10_000,
    });
    const payment = {
      paymentId: `pay_${topupId}`,
      orderId: `order_${topupId}`,
      amountPaise: amountInrPaise,
      currency: 'INR',
      source: 'webhook',
    } as const;
    expect(await addBalance(db, payment)).toMatchObject({ outcome: 'kept' });
    return { accountId, topupId, payment };
  };

  test('is given back once, without touching a balance', async () => {
    const { accountId, payment } = await kept();
    const { paymentId, amountPaise } = payment;
    const refund = await refundKeptPayment(db, { paymentId });
    expect(refund).toMatchObject({
      accountId: null,
      amountCents: 0,
      amountPaise,
      status: 'pending',
    });
    expect(await refundKeptPayment(db, { paymentId })).toEqual(refund);
    const report = {
      refundId: refund.id,
      providerRefundId: providerRefundId(),
      paymentId,
      amountPaise,
    };
    await recordRefund(db, { ...report, status: 'processed' });
    expect(await refundKeptPayment(db, { paymentId })).toMatchObject({ status: 'processed' });
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 0 });
  });

  test('is not given back again when somebody else did so', async () => {
    const { payment } = await kept();
    const { paymentId, amountPaise } = payment;
    await recordRefund(db, {
      providerRefundId: providerRefundId(),
      paymentId,
      amountPaise,
      status: 'processed',
    });
    await expect(refundKeptPayment(db, { paymentId })).rejects.toMatchObject({
      reason: 'INVALID_INPUT',
    });
  });

  test('takes its refunds along when it is credited after all', async () => {
    const { accountId, topupId, payment } = await kept();
    const { paymentId, orderId } = payment;
    const report = {
      providerRefundId: providerRefundId(),
      paymentId,
      amountPaise: 83_000,
    } as const;
    await recordRefund(db, { ...report, status: 'processed' });
    await setTopupOrder(db, { topupId, orderId });
    expect(await addBalance(db, payment)).toMatchObject({
      outcome: 'credited',
      topup: { refundedCents: 1000 },
    });
    expect(await recordRefund(db, { ...report, status: 'processed' })).toMatchObject({
      outcome: 'duplicate',
    });
    expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 9000 });
  });

  test('cannot be refunded as kept when it was credited', async () => {
    const accountId = await createCustomer(db);
    const { paymentId } = await paidTopup(db, accountId);
    await expect(refundKeptPayment(db, { paymentId })).rejects.toMatchObject({
      reason: 'INVALID_INPUT',
    });
    await expect(refundKeptPayment(db, { paymentId: 'pay_none' })).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    });
  });
});

test('what was charged since is taken into account before a refund', async () => {
  const accountId = await createTestCustomer(db);
  const { id: topupId } = await createTopup(db, { accountId, amountCents: 20_000 });
  await startSession(db, { accountId });
  await advance(db, accountId, hours(7));
  await endSession(db, { accountId });
  // Seven hours used: nothing of the commitment remains.
  await expect(createRefund(db, { topupId, amountCents: 9501 })).rejects.toMatchObject({
    data: { maximumCents: 9500 },
  });
  await createRefund(db, { topupId, amountCents: 9500 });
  expect(await balanceOf(accountId)).toMatchObject({ balanceCents: 0 });
});
