import { describe, expect, it } from 'vitest';
import { inProcessReceiver, KEY_SECRET, post, razorpayClient, sandbox } from './helpers.ts';

const DAY = 24 * 3600;
const LIMIT_MS = 10_000;
const basic = `Basic ${btoa(`rzp_test_sandboxkey01:${KEY_SECRET}`)}`;

/** A stand-in with one paid order of ₹8,300, whose own webhooks are through. */
async function paid() {
  const { webhookReceiver, events, received } = inProcessReceiver();
  const started = await sandbox({ webhookReceiver });
  started.clock.freeze(1_700_000_000_000);
  const { id } = started.razorpay.createOrder({ amount: 830_000 });
  const paymentId = started.razorpay.pay(id, { webhook: 'drop' }).razorpay_payment_id;
  const advance = (seconds: number) => started.clock.advance(seconds, LIMIT_MS);
  const entity = (nth: number, name: string) =>
    JSON.parse(received[nth]?.body ?? '{}').payload[name].entity;
  const client = razorpayClient(started.url);
  return { ...started, client, paymentId, events, entity, received, advance };
}

describe('refunds, by the real SDK', () => {
  it('gives back a part, then no more than the rest', async () => {
    const { client, paymentId, events, entity, received, advance } = await paid();
    const notes = { hourly_refund: 'r1' };
    const part = { amount: 30_000, receipt: 'r1', notes };
    const refund = await client.payments.refund(paymentId, part);
    expect(refund).toMatchObject({
      entity: 'refund',
      status: 'processed',
      amount: 30_000,
      receipt: 'r1',
      notes,
      created_at: 1_700_000_000,
    });
    expect(await client.refunds.fetch(refund.id)).toEqual(refund);
    expect(await client.payments.fetchRefund(paymentId, refund.id)).toEqual(refund);
    expect(await client.payments.fetch(paymentId)).toMatchObject({
      amount_refunded: 30_000,
      refund_status: 'partial',
      status: 'captured',
    });
    await expect(client.payments.refund(paymentId, { amount: 800_001 })).rejects.toMatchObject({
      statusCode: 400,
      error: { code: 'BAD_REQUEST_ERROR', field: 'amount' },
    });
    await expect(client.payments.refund(paymentId, { amount: 830_001 })).rejects.toMatchObject({
      error: { description: 'The refund amount provided is greater than amount captured' },
    });
    await expect(client.payments.refund(paymentId, { amount: 99 })).rejects.toMatchObject({
      error: { description: 'The amount must be at least INR 1.00' },
    });
    await client.payments.refund(paymentId, {});
    expect(await client.payments.fetch(paymentId)).toMatchObject({
      amount_refunded: 830_000,
      refund_status: 'full',
      status: 'refunded',
    });
    await expect(client.payments.refund(paymentId, {})).rejects.toMatchObject({
      error: { description: 'The payment has been fully refunded already' },
    });
    expect((await client.payments.fetchMultipleRefund(paymentId, {})).count).toBe(2);
    expect((await client.refunds.all({ count: 1, skip: 1 })).items[0]?.id).toBe(refund.id);

    await advance(0);
    expect(events()).toEqual([
      'refund.created',
      'refund.processed',
      'refund.created',
      'refund.processed',
    ]);
    expect(JSON.parse(received[1]?.body ?? '').contains).toEqual(['refund', 'payment']);
    expect(entity(1, 'refund')).toMatchObject({ id: refund.id, notes, receipt: 'r1' });
    expect(entity(1, 'payment')).toMatchObject({ id: paymentId, amount_refunded: 30_000 });
  });

  it('refuses what was not captured, is half a year old, or is unknown', async () => {
    const { client, razorpay, paymentId, advance } = await paid();
    const { id } = razorpay.createOrder({ amount: 1_000 });
    const authorized = razorpay.authorize(id);
    await expect(client.payments.refund(authorized.id, {})).rejects.toMatchObject({
      error: { description: 'The payment status should be captured for action to be taken' },
    });
    await expect(client.payments.refund('pay_AAAAAAAAAAAAAA', {})).rejects.toMatchObject({
      error: { description: 'The id provided does not exist' },
    });
    await advance(184 * DAY);
    await expect(client.payments.refund(paymentId, {})).rejects.toMatchObject({
      error: { description: expect.stringContaining('more than 6 months old') },
    });
  });
});

describe('idempotency keys', () => {
  it('make one refund of many calls, and none of a refusal', async () => {
    const { url, razorpay, paymentId, advance, events } = await paid();
    const call = async (body: object, key = 'refund-0001') => {
      const headers = { authorization: basic, 'x-refund-idempotency': key };
      return post(`${url}/v1/payments/${paymentId}/refund`, body, headers);
    };
    expect((await call({ amount: 900_000 })).status).toBe(400);
    const first = await call({ amount: 1_000 });
    expect(first.status).toBe(200);
    expect((await call({ amount: 1_000 })).body).toEqual(first.body);
    const other = await call({ amount: 2_000 });
    expect([other.status, other.body.error.description]).toEqual([
      409,
      'Different request with the same idempotency key has already been processed.',
    ]);
    expect((await call({ amount: 1_000 }, 'refund-0002')).body.id).not.toBe(first.body.id);
    expect((await call({}, 'short')).body.error.description).toContain('at least 10 characters');
    expect((await call({}, 'with a space')).body.error.description).toContain('only contain');
    expect(razorpay.refundsOf(paymentId)).toHaveLength(2);
    await advance(0);
    expect(events()).toHaveLength(4);
  });

  it('answer 409 while the first call is said to be under way', async () => {
    const { client, razorpay, paymentId } = await paid();
    razorpay.nextRefunds({ outcome: 'conflict' });
    await expect(client.payments.refund(paymentId, {})).rejects.toMatchObject({ statusCode: 409 });
    expect((await client.payments.refund(paymentId, {})).status).toBe('processed');
  });
});

describe('outcomes', () => {
  it('fails one on order and restores the payment', async () => {
    const { url, client, paymentId, events, entity, advance } = await paid();
    await post(`${url}/_sandbox/refunds/next`, { outcome: 'failed' });
    const refund = await client.payments.refund(paymentId, {});
    expect(refund.status).toBe('pending');
    expect(await client.refunds.fetch(refund.id)).toMatchObject({ status: 'failed' });
    const payment = await client.payments.fetch(paymentId);
    expect(payment).toMatchObject({ amount_refunded: 0, refund_status: null, status: 'captured' });
    await advance(0);
    expect(events()).toEqual(['refund.created', 'refund.failed']);
    expect(entity(1, 'refund')).toMatchObject({ id: refund.id, status: 'failed' });
  });

  it('leaves them pending until they are settled, by hand or by the clock', async () => {
    const { client, razorpay, paymentId, events, advance } = await paid();
    razorpay.nextRefunds({ outcome: 'pending' });
    const waiting = await client.payments.refund(paymentId, { amount: 1_000 });
    razorpay.nextRefunds({ outcome: 'processed', afterSeconds: 5 * DAY });
    const slow = await client.payments.refund(paymentId, { amount: 2_000 });
    razorpay.nextRefunds({ outcome: 'failed', afterSeconds: 6 * DAY });
    const doomed = await client.payments.refund(paymentId, { amount: 3_000 });
    const statuses = () => [waiting, slow, doomed].map(({ id }) => razorpay.refundOf(id)?.status);
    expect([waiting.status, slow.status, doomed.status]).toEqual(['pending', 'pending', 'pending']);
    await advance(5 * DAY);
    expect(statuses()).toEqual(['pending', 'processed', 'pending']);
    await advance(DAY);
    expect(statuses()).toEqual(['pending', 'processed', 'failed']);
    razorpay.settleRefund(waiting.id, 'processed');
    expect(() => razorpay.settleRefund(waiting.id, 'failed')).toThrow('processed already');
    await advance(0);
    expect(events().slice(3)).toEqual(['refund.processed', 'refund.failed', 'refund.processed']);
    expect(razorpay.payment(paymentId)?.amount_refunded).toBe(3_000);
  });

  it('refuses for want of balance, and makes nothing', async () => {
    const { client, razorpay, paymentId } = await paid();
    razorpay.nextRefunds({ outcome: 'refused' });
    await expect(client.payments.refund(paymentId, {})).rejects.toMatchObject({
      statusCode: 400,
      error: { description: expect.stringContaining('does not have enough balance') },
    });
    expect(razorpay.refundsOf(paymentId)).toEqual([]);
  });

  it('refunds from the dashboard, whole and in part', async () => {
    const { url, client, paymentId, entity, advance } = await paid();
    const part = await post(`${url}/_sandbox/payments/${paymentId}/refund`, { amount: 10_000 });
    const rest = await post(`${url}/_sandbox/payments/${paymentId}/refund`, {
      webhook: 'duplicate',
    });
    expect([part.body.status, rest.body.status]).toEqual(['processed', 'processed']);
    const { items } = await client.payments.fetchMultipleRefund(paymentId, {});
    expect(items.map(({ amount }) => amount)).toEqual([820_000, 10_000]);
    await advance(0);
    expect(entity(0, 'refund')).toMatchObject({ id: part.body.id, receipt: null, notes: [] });
    const again = await post(`${url}/_sandbox/payments/${paymentId}/refund`);
    expect(again.status).toBe(400);
  });
});
