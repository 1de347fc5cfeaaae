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

  it('pages, expands and filters as documented', async () => {
    const { url, clock, razorpay } = await sandbox();
    clock.freeze(1_700_000_000_000);
    const client = razorpayClient(url);
    const made: string[] = [];
    for (let i = 0; i < 120; i += 1) {
      made.push((await client.orders.create({ ...newOrder, receipt: `r${i}` })).id);
      await clock.advance(1, 1_000);
    }
    const first = await client.orders.all({ count: 100 });
    const second = await client.orders.all({ count: 100, skip: 100 });
    const listed = [...first.items, ...second.items].map(({ id }) => id);
    expect(listed).toEqual([...made].reverse());
    const between = await client.orders.all({ from: 1_700_000_010, to: 1_700_000_012 });
    expect(between.items.map(({ receipt }) => receipt)).toEqual(['r12', 'r11', 'r10']);
    await expect(client.orders.all({ count: 101 })).rejects.toMatchObject({ statusCode: 400 });
    await expect(client.payments.all({ from: 1 })).rejects.toMatchObject({
      error: { description: 'from must be between 946684800 and 4765046400' },
    });

    razorpay.pay(made[7] ?? '');
    const authorized = await client.orders.all({ authorized: 1 });
    expect(authorized.items.map(({ id }) => id)).toEqual([made[7]]);
    const expanded = await client.orders.all({ authorized: 1, 'expand[]': 'payments' });
    expect(expanded.items[0]).toMatchObject({ payments: { count: 1, entity: 'collection' } });
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
    await expect(client.orders.fetch('order_1')).rejects.toMatchObject({
      error: { description: 'order_1 is not a valid id' },
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
