import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KEY_SECRET, post, razorpayClient, sandbox } from './helpers.ts';

const newOrder = { amount: 830_000, currency: 'INR', receipt: 'topup_1' };

describe('orders and payments, by the real SDK', () => {
  it('creates and fetches an order', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    const order = await client.orders.create({ ...newOrder, notes: { topup: '1' } });
    expect(order).toMatchObject({
      entity: 'order',
      amount: 830_000,
      amount_paid: 0,
      amount_due: 830_000,
      status: 'created',
      attempts: 0,
      receipt: 'topup_1',
      notes: { topup: '1' },
    });
    expect(order.id).toMatch(/^order_[0-9A-Za-z]{14}$/);
    expect(await client.orders.fetch(order.id)).toEqual(order);
    expect((await client.orders.create(newOrder)).notes).toEqual([]);
  });

  it('lists newest first, by receipt and page', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    for (const receipt of ['a', 'b', 'a']) await client.orders.create({ ...newOrder, receipt });
    const byReceipt = await client.orders.all({ receipt: 'a' });
    expect(byReceipt.count).toBe(2);
    const second = await client.orders.all({ count: 1, skip: 1 });
    expect(second.items.map((order) => order.receipt)).toEqual(['b']);
    const future = await client.orders.all({ from: Math.floor(Date.now() / 1000) + 60 });
    expect(future.items).toEqual([]);
  });

  it('fails an attempt, then pays, with a signature that verifies', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    const { id } = await client.orders.create(newOrder);

    const failed = await post(`${url}/_sandbox/orders/${id}/fail`);
    expect(failed.body.error.metadata.order_id).toBe(id);
    expect(await client.orders.fetch(id)).toMatchObject({ status: 'attempted', attempts: 1 });

    const paid = await post(`${url}/_sandbox/orders/${id}/pay`);
    const paymentId = paid.body.razorpay_payment_id;
    const signature = createHmac('sha256', KEY_SECRET).update(`${id}|${paymentId}`).digest('hex');
    expect(paid.body).toEqual({
      razorpay_payment_id: paymentId,
      razorpay_order_id: id,
      razorpay_signature: signature,
    });
    expect(await client.orders.fetch(id)).toMatchObject({
      status: 'paid',
      attempts: 2,
      amount_paid: 830_000,
      amount_due: 0,
    });
    const payments = await client.orders.fetchPayments(id);
    expect(payments.items.map((payment) => payment.status)).toEqual(['captured', 'failed']);
    expect(await client.payments.fetch(paymentId)).toMatchObject({
      id: paymentId,
      order_id: id,
      amount: 830_000,
      currency: 'INR',
      captured: true,
    });
    expect((await client.payments.all({ count: 1 })).items[0]?.id).toBe(paymentId);
  });

  it('pays a paid order only when told to', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    const { id } = await client.orders.create(newOrder);
    await post(`${url}/_sandbox/orders/${id}/pay`);
    expect((await post(`${url}/_sandbox/orders/${id}/pay`)).status).toBe(400);
    expect((await post(`${url}/_sandbox/orders/${id}/pay`, { again: true })).status).toBe(200);
    expect((await client.orders.fetchPayments(id)).count).toBe(2);
  });

  it.each([
    ['too little', { ...newOrder, amount: 99 }, 'amount'],
    ['a fraction', { ...newOrder, amount: 100.5 }, 'amount'],
    ['a long receipt', { ...newOrder, receipt: 'x'.repeat(41) }, 'receipt'],
    [
      'many notes',
      { ...newOrder, notes: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [i, 'x'])) },
      'notes',
    ],
  ])('refuses %s as Razorpay does', async (_name, input, field) => {
    const { url } = await sandbox();
    await expect(razorpayClient(url).orders.create(input)).rejects.toMatchObject({
      statusCode: 400,
      error: { code: 'BAD_REQUEST_ERROR', field },
    });
  });

  it('answers 400 for unknown ids and 401 for a wrong secret', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    await expect(client.orders.fetch('order_AAAAAAAAAAAAAA')).rejects.toMatchObject({
      statusCode: 400,
      error: { code: 'BAD_REQUEST_ERROR', description: 'The id provided does not exist' },
    });
    await expect(client.payments.fetch('pay_AAAAAAAAAAAAAA')).rejects.toMatchObject({
      statusCode: 400,
    });
    await expect(razorpayClient(url, 'wrong').orders.create(newOrder)).rejects.toMatchObject({
      statusCode: 401,
      error: { description: 'Authentication failed' },
    });
  });
});

describe('refunds', () => {
  it('gives back a part, then no more than the rest, once per idempotency key', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    const { id } = await client.orders.create(newOrder);
    const paid = await post(`${url}/_sandbox/orders/${id}/pay`);
    const paymentId = paid.body.razorpay_payment_id;
    const refund = await client.payments.refund(paymentId, { amount: 30_000, receipt: 'r1' });
    expect(refund).toMatchObject({ entity: 'refund', status: 'processed', amount: 30_000 });
    expect(await client.payments.fetch(paymentId)).toMatchObject({
      amount_refunded: 30_000,
      refund_status: 'partial',
    });
    await expect(client.payments.refund(paymentId, { amount: 800_001 })).rejects.toMatchObject({
      statusCode: 400,
    });

    const basic = Buffer.from(`rzp_test_sandboxkey01:${KEY_SECRET}`).toString('base64');
    const headers = { authorization: `Basic ${basic}`, 'x-refund-idempotency': 'refund-0001' };
    const call = (amount: number) =>
      post(`${url}/v1/payments/${paymentId}/refund`, { amount }, headers);
    const first = await call(1_000);
    expect((await call(1_000)).body).toEqual(first.body);
    expect((await call(2_000)).status).toBe(400);
    const refunds = await client.payments.fetchMultipleRefund(paymentId, {});
    expect(refunds.count).toBe(2);
  });

  it('fails one on order and restores the payment', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    const { id } = await client.orders.create(newOrder);
    const paid = await post(`${url}/_sandbox/orders/${id}/pay`);
    await post(`${url}/_sandbox/refunds/next`, { outcome: 'failed' });
    const refund = await client.payments.refund(paid.body.razorpay_payment_id, {});
    expect(refund.status).toBe('pending');
    expect(await client.refunds.fetch(refund.id)).toMatchObject({ status: 'failed' });
    const payment = await client.payments.fetch(paid.body.razorpay_payment_id);
    expect(payment).toMatchObject({ amount_refunded: 0, status: 'captured' });
  });
});
