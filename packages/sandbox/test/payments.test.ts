import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inProcessReceiver, KEY_SECRET, post, razorpayClient, sandbox } from './helpers.ts';

const DAY = 24 * 3600;
const LIMIT_MS = 10_000;
const newOrder = { amount: 830_000, currency: 'INR' };
const manual = { ...newOrder, payment: { capture: 'manual' as const } };

async function story() {
  const { webhookReceiver, events, received } = inProcessReceiver();
  const started = await sandbox({ webhookReceiver });
  started.clock.freeze(1_700_000_000_000);
  const advance = (seconds: number) => started.clock.advance(seconds, LIMIT_MS);
  const entity = (nth: number, name: string) =>
    JSON.parse(received[nth]?.body ?? '{}').payload[name].entity;
  return { ...started, client: razorpayClient(started.url), events, entity, advance };
}

describe('capture, by the real SDK', () => {
  it('waits for it on an order with manual capture', async () => {
    const { client, razorpay, events, advance } = await story();
    const { id } = await client.orders.create(manual as object as typeof newOrder);
    const { razorpay_payment_id: paymentId } = razorpay.pay(id);
    expect(await client.payments.fetch(paymentId)).toMatchObject({
      status: 'authorized',
      captured: false,
      fee: null,
    });
    expect(await client.orders.fetch(id)).toMatchObject({ status: 'attempted', amount_paid: 0 });
    const wrong = client.payments.capture(paymentId, 100, 'INR');
    await expect(wrong).rejects.toMatchObject({
      statusCode: 400,
      error: { description: 'Capture amount must be equal to the amount authorized' },
    });
    await advance(2 * DAY);
    expect(await client.payments.capture(paymentId, 830_000, 'INR')).toMatchObject({
      status: 'captured',
      captured: true,
      fee: 19_588,
      tax: 2_988,
    });
    await expect(client.payments.capture(paymentId, 830_000, 'INR')).rejects.toMatchObject({
      error: { description: 'This payment has already been captured' },
    });
    expect(await client.orders.fetch(id)).toMatchObject({ status: 'paid', amount_due: 0 });
    await advance(0);
    expect(events()).toEqual(['payment.captured', 'order.paid']);
  });

  it('gives back what nobody captured in time, as a payment that never was captured', async () => {
    const { client, razorpay, events, entity, advance } = await story();
    const { id } = await client.orders.create(manual as object as typeof newOrder);
    const { razorpay_payment_id: paymentId } = razorpay.pay(id);
    await advance(5 * DAY - 1);
    expect(razorpay.payment(paymentId)?.status).toBe('authorized');
    await advance(1);
    expect(razorpay.payment(paymentId)).toMatchObject({ status: 'refunded', captured: false });
    expect(events()).toEqual(['refund.created', 'refund.processed']);
    expect(entity(1, 'payment')).toMatchObject({ captured: false, refund_status: 'full' });
    await expect(client.payments.capture(paymentId, 830_000, 'INR')).rejects.toMatchObject({
      statusCode: 400,
    });
  });

  it.each([
    [{ capture: 'sometimes' }, 'capture'],
    [
      { capture: 'automatic', capture_options: { automatic_expiry_period: 5 } },
      'automatic_expiry_period',
    ],
    [
      { capture: 'manual', capture_options: { manual_expiry_period: 7_201 } },
      'manual_expiry_period',
    ],
  ])('refuses %j', async (payment, field) => {
    const { client } = await story();
    const order = { ...newOrder, payment } as object as typeof newOrder;
    await expect(client.orders.create(order)).rejects.toMatchObject({ error: { field } });
  });
});

describe('late authorisation', () => {
  it('fails for want of an answer, is confirmed days later, and captured by itself', async () => {
    const { client, razorpay, events, entity, advance } = await story();
    const { id } = await client.orders.create(newOrder);
    const begun = razorpay.begin(id);
    expect(begun).toMatchObject({ status: 'created', order_id: id });
    await advance(600);
    expect(await client.payments.fetch(begun.id)).toMatchObject({
      status: 'failed',
      error_code: 'BAD_REQUEST_ERROR',
      error_reason: 'payment_timed_out',
    });
    expect(await client.orders.fetch(id)).toMatchObject({ status: 'attempted', attempts: 1 });
    await advance(2 * DAY);
    razorpay.authorizePayment(begun.id);
    await advance(0);
    expect(events()).toEqual(['payment.failed', 'payment.captured', 'order.paid']);
    expect(entity(1, 'payment')).toMatchObject({
      id: begun.id,
      status: 'captured',
      late_authorized: true,
      error_code: null,
      created_at: 1_700_000_000,
    });
    expect(await client.orders.fetch(id)).toMatchObject({ status: 'paid', attempts: 1 });
  });

  it('is captured days later where that was ordered', async () => {
    const { url, client, razorpay, events, advance } = await story();
    const { id } = await client.orders.create(newOrder);
    const late = await post(`${url}/_sandbox/orders/${id}/authorize`, {
      captureAfterSeconds: 3 * DAY,
    });
    expect(late.body.status).toBe('authorized');
    await advance(3 * DAY - 1);
    expect(razorpay.payment(late.body.id)?.status).toBe('authorized');
    expect(events()).toEqual([]);
    await advance(1);
    expect(razorpay.payment(late.body.id)?.status).toBe('captured');
    expect(events()).toEqual(['payment.captured', 'order.paid']);
  });

  it('comes too late to be captured by itself once the order’s time for that is over', async () => {
    const { client, razorpay, advance } = await story();
    const capture_options = { automatic_expiry_period: 12, refund_speed: 'normal' };
    const payment = { capture: 'automatic', capture_options };
    const order = { ...newOrder, payment } as object as typeof newOrder;
    const { id } = await client.orders.create(order);
    const begun = razorpay.begin(id);
    await advance(721);
    expect(razorpay.authorizePayment(begun.id)).toMatchObject({ status: 'authorized' });
    await advance(1);
    expect(razorpay.capturePayment(begun.id).status).toBe('captured');
  });

  it('goes back at once when another payment has paid the order', async () => {
    const { client, razorpay, events, entity, advance } = await story();
    const { id } = await client.orders.create(newOrder);
    const slow = razorpay.begin(id);
    await advance(600);
    const quick = razorpay.pay(id).razorpay_payment_id;
    expect(razorpay.authorizePayment(slow.id)).toMatchObject({
      status: 'refunded',
      captured: false,
    });
    await advance(0);
    expect(events()).toEqual([
      'payment.failed',
      'payment.captured',
      'order.paid',
      'refund.created',
      'refund.processed',
    ]);
    expect(entity(4, 'refund')).toMatchObject({ payment_id: slow.id, amount: 830_000 });
    const payments = await client.orders.fetchPayments(id);
    expect(payments.items.map(({ id: one, status }) => [one, status])).toEqual([
      [quick, 'captured'],
      [slow.id, 'refunded'],
    ]);
  });
});

describe('what can happen to an order', () => {
  it('is failed, failed otherwise, then paid', async () => {
    const { client, razorpay, events, entity, advance } = await story();
    const { id } = await client.orders.create(newOrder);
    const declined = razorpay.fail(id);
    const cancelled = razorpay.fail(id, { failure: 'cancelled', method: 'card' });
    expect([declined.error.reason, cancelled.error.reason]).toEqual([
      'payment_failed',
      'payment_cancelled',
    ]);
    razorpay.pay(id);
    await advance(0);
    expect(events()).toEqual([
      'payment.failed',
      'payment.failed',
      'payment.captured',
      'order.paid',
    ]);
    expect(entity(1, 'payment')).toMatchObject({ method: 'card', error_source: 'customer' });
    expect(entity(3, 'order')).toMatchObject({ id, status: 'paid', attempts: 3 });
  });

  it('takes no second payment while one holds the money, unless two began together', async () => {
    const { razorpay, client, advance, events } = await story();
    const { id } = await client.orders.create(newOrder);
    razorpay.authorize(id);
    expect(() => razorpay.pay(id)).toThrow('Payment already done for this order.');
    const second = razorpay.pay(id, { again: true });
    const order = await client.orders.fetch(id);
    expect(order).toMatchObject({ status: 'paid', attempts: 2, amount_paid: 830_000 });
    const third = razorpay.pay(id, { again: true });
    expect(third.razorpay_payment_id).not.toBe(second.razorpay_payment_id);
    expect(razorpay.paymentsOf(id).map(({ status }) => status)).toEqual([
      'captured',
      'captured',
      'authorized',
    ]);
    await advance(0);
    expect(events().filter((event) => event === 'order.paid')).toHaveLength(1);
  });

  it('is paid with another amount and currency, for tests', async () => {
    const { razorpay, client, entity, advance } = await story();
    const { id } = await client.orders.create(newOrder);
    razorpay.pay(id, { amount: 1_000, currency: 'USD' });
    await advance(0);
    expect(entity(0, 'payment')).toMatchObject({ amount: 1_000, currency: 'USD', order_id: id });
    expect(entity(1, 'order')).toMatchObject({ amount: 830_000, amount_paid: 1_000 });
  });

  it('belongs to another product, or there is none', async () => {
    const { url, client, events, entity, advance } = await story();
    const order = await post(`${url}/_sandbox/orders`, { amount: 5_000, receipt: 'shop-1' });
    expect(await client.orders.fetch(order.body.id)).toMatchObject({ receipt: 'shop-1' });
    const paid = await post(`${url}/_sandbox/orders/${order.body.id}/pay`);
    const message = `${order.body.id}|${paid.body.razorpay_payment_id}`;
    const signature = createHmac('sha256', KEY_SECRET).update(message).digest('hex');
    expect(paid.body.razorpay_signature).toBe(signature);
    const taken = await post(`${url}/_sandbox/payments`, { amount: 7_000 });
    await advance(0);
    expect(events()).toEqual(['payment.captured', 'order.paid', 'payment.captured']);
    expect(entity(2, 'payment')).toMatchObject({ id: taken.body.id, order_id: null });
    expect((await client.payments.all({})).count).toBe(2);
  });
});
