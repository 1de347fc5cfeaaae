import { createRefund, failTopup, getRefund, getTopup, refundKeptPayment } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkPendingRefunds, compareBooks, createTopup, sendRefund } from '../src/index.ts';
import { processWebhookEvent } from '../src/webhooks/process.ts';
import { payingCustomer, type StandIns, startStandIns } from './support/stand-ins.ts';

let db: TestDatabase;
let standIns: StandIns;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  standIns = await startStandIns(db);
});
afterAll(async () => {
  await standIns?.sandbox.stop();
  await db?.drop();
});
beforeEach(() => {
  standIns.logged.length = 0;
});

const send = (refundId: string) => sendRefund(standIns.ctx, { refundId });
const refundsOf = (paymentId: string) => standIns.ctx.payments.listPaymentRefunds(paymentId);
const fault = (razorpay: object) => standIns.lever('/faults', { razorpay });
const window = () => ({
  from: new Date(Date.now() - 3_600_000),
  to: new Date(Date.now() + 60_000),
});

describe('a refund of ours', () => {
  it('is sent once, with our id, however often it is tried', async () => {
    const { topupId, payment, balance } = await payingCustomer(standIns, { amountCents: 20_000 });
    const { id } = await createRefund(db, { topupId, amountCents: 5000 });
    expect(await send(id)).toMatchObject({ status: 'processed', amountPaise: 415_000 });
    await send(id);
    expect(await refundsOf(payment.paymentId)).toMatchObject([
      { refundId: id, amountPaise: 415_000, status: 'processed' },
    ]);
    expect(await balance()).toBe(15_000);
  });

  it('whose answer was lost is not made again', async () => {
    const { topupId, payment } = await payingCustomer(standIns, { amountCents: 20_000 });
    const { id } = await createRefund(db, { topupId, amountCents: 5000 });
    await fault({ mode: 'lose_answer' });
    await expect(send(id)).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_ERROR' });
    expect(await getRefund(db, { refundId: id })).toMatchObject({ status: 'pending' });
    await send(id);
    expect(await refundsOf(payment.paymentId)).toHaveLength(1);
    expect(await getRefund(db, { refundId: id })).toMatchObject({ status: 'processed' });
  });

  it('that the provider refuses comes back, and the operator is told', async () => {
    const { topupId, payment, balance } = await payingCustomer(standIns, { amountCents: 20_000 });
    const { id } = await createRefund(db, { topupId, amountCents: 10_000 });
    // Somebody was faster in the provider's own dashboard, and we have not heard of it yet.
    await standIns.ctx.payments.createRefund({
      refundId: 'somebody_elses',
      paymentId: payment.paymentId,
      amountPaise: payment.amountPaise,
    });
    expect(await send(id)).toMatchObject({ status: 'failed' });
    expect(await balance()).toBe(20_000);
    expect(standIns.logged).toContainEqual({
      level: 'error',
      message: 'the provider refused a refund',
    });
    await compareBooks(standIns.ctx, window());
    expect(await balance()).toBe(0);
  });

  it('that stays pending is settled by asking, when no report came', async () => {
    const { topupId, balance } = await payingCustomer(standIns, { amountCents: 20_000 });
    await standIns.lever('/refunds/next', { outcome: 'pending' });
    const { id } = await createRefund(db, { topupId, amountCents: 5000 });
    const sent = await send(id);
    expect(sent).toMatchObject({ status: 'pending', providerRefundId: expect.any(String) });
    await standIns.lever(`/refunds/${sent.providerRefundId}/fail`);
    expect(await checkPendingRefunds(standIns.ctx)).toEqual({ settled: 0, failed: 0 });
    await db.owner.query("update hourly_refunds set created_at = created_at - interval '1 hour'");
    expect(await checkPendingRefunds(standIns.ctx)).toEqual({ settled: 1, failed: 0 });
    expect(await balance()).toBe(20_000);
  });

  it('of a payment that was kept gives it back', async () => {
    const { payment, orderId, balance } = await payingCustomer(standIns);
    await standIns.lever(`/orders/${orderId}/pay`, { webhook: 'drop', again: true });
    await compareBooks(standIns.ctx, window());
    const payments = await standIns.ctx.payments.listOrderPayments(orderId);
    const second = payments.find(({ paymentId }) => paymentId !== payment.paymentId);
    const paymentId = second?.paymentId ?? '';
    const { id } = await refundKeptPayment(db, { paymentId });
    expect(await send(id)).toMatchObject({ status: 'processed', amountPaise: 830_000 });
    expect(await balance()).toBe(10_000);
    expect(await refundsOf(paymentId)).toHaveLength(1);
  });
});

describe('a report that is faster than the one of its payment', () => {
  it.each([
    ['a refund', 'refund.processed', 9000],
    ['a dispute', 'payment.dispute.created', 9000],
  ])('%s credits the payment first', async (_name, event, left) => {
    const { balance, payment } = await payingCustomer(standIns, { isCredited: false });
    const entity = {
      id: `${event.includes('refund') ? 'rfnd' : 'disp'}_${payment.paymentId}`,
      payment_id: payment.paymentId,
      amount: 83_000,
      currency: 'INR',
      status: event.includes('refund') ? 'processed' : 'open',
      notes: [],
    };
    const payload = event.includes('refund') ? { refund: { entity } } : { dispute: { entity } };
    await processWebhookEvent(standIns.ctx, JSON.stringify({ event, payload }));
    expect(await balance()).toBe(left);
  });

  it('of a payment that was given back because it was authorised too late enters nothing', async () => {
    const { ctx, sandbox } = standIns;
    const { orderId, balance } = await payingCustomer(standIns, { isCredited: false });
    const late = sandbox.razorpay.authorize(orderId, { again: true });
    await sandbox.clock.advance(6 * 24 * 3600);
    expect(await refundsOf(late.id)).toHaveLength(1);
    const window = {
      from: new Date(Date.now() - 3_600_000),
      to: new Date(Date.now() + 7 * 86_400_000),
    };
    const { differences } = await compareBooks(ctx, window);
    expect(JSON.stringify(differences)).not.toContain('refund');
    expect(await balance()).toBe(10_000);
    sandbox.clock.useReal();
  });

  it('of a payment that is unknown to the provider fails, to come again', async () => {
    const entity = {
      id: 'rfnd_x',
      payment_id: 'pay_none',
      amount: 1,
      currency: 'INR',
      status: 'pending',
    };
    const body = JSON.stringify({ event: 'refund.created', payload: { refund: { entity } } });
    await expect(processWebhookEvent(standIns.ctx, body)).rejects.toThrow();
  });
});

describe('a comparison of the books', () => {
  it('finds nothing where nothing is', async () => {
    const { topupId } = await payingCustomer(standIns);
    expect(await compareBooks(standIns.ctx, window())).toMatchObject({
      differences: expect.not.arrayContaining([expect.objectContaining({ id: topupId })]),
    });
  });

  it('credits what nobody told us of, and keeps what it found', async () => {
    const { balance, accountId, topupId, payment } = await payingCustomer(standIns, {
      isCredited: false,
    });
    const found = await compareBooks(standIns.ctx, window());
    expect(await balance()).toBe(10_000);
    expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({ status: 'paid' });
    expect(found.differences.filter(({ id }) => id === payment.paymentId)).toEqual([]);
    const { rows } = await db.owner.query(
      'select payments, differences from hourly_book_comparisons order by id desc limit 1',
    );
    expect(rows).toEqual([{ payments: found.payments, differences: found.differences }]);
  });

  it('names a second payment, a credit without a payment, and says so aloud', async () => {
    const { orderId, payment } = await payingCustomer(standIns);
    await standIns.lever(`/orders/${orderId}/pay`, { webhook: 'drop', again: true });
    const payments = await standIns.ctx.payments.listOrderPayments(orderId);
    const second = payments.find(({ paymentId }) => paymentId !== payment.paymentId)?.paymentId;
    await db.owner.query(
      `insert into hourly_payments (payment_id, status, amount_paise, currency, source)
       values ('pay_invented', 'credited', 1, 'INR', 'webhook')`,
    );
    const { differences } = await compareBooks(standIns.ctx, window());
    expect(differences).toContainEqual({
      kind: 'payment_kept',
      id: second,
      detail: 'second_payment',
    });
    expect(differences).toContainEqual({
      kind: 'credit_without_payment',
      id: 'pay_invented',
      detail: '1 INR here, there nothing',
    });
    expect(standIns.logged).toContainEqual({
      level: 'error',
      message: "the provider's books and ours differ",
    });
  });

  it('says nothing of a window that it could not read', async () => {
    const { rows: before } = await db.owner.query('select count(*) from hourly_book_comparisons');
    await fault({ status: 503, times: 1 });
    await expect(compareBooks(standIns.ctx, window())).rejects.toMatchObject({
      reason: 'PAYMENT_PROVIDER_ERROR',
    });
    const { rows } = await db.owner.query('select count(*) from hourly_book_comparisons');
    expect(rows).toEqual(before);
  });
});

it('a payment that failed and was captured later is credited all the same', async () => {
  const { ctx, lever } = standIns;
  const { accountId, orderId, balance, topupId } = await payingCustomer(standIns, {
    isCredited: false,
  });
  await failTopup(db, { orderId, description: 'The bank said no.' });
  expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({ status: 'failed' });
  await compareBooks(ctx, window());
  expect(await balance()).toBe(10_000);
  expect(await getTopup(db, { accountId, id: topupId })).toMatchObject({ status: 'paid' });
  const unpaid = await createTopup(ctx, { accountId, amountCents: 10_000 });
  await lever(`/orders/${unpaid.checkout?.orderId}/fail`, { webhook: 'drop' });
  await compareBooks(ctx, window());
  expect(await balance()).toBe(10_000);
});
