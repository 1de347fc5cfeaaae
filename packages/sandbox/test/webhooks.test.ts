import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../src/razorpay/webhooks/delivery.ts';
import { post, razorpayClient, sandbox, WEBHOOK_SECRET, webhookReceiver } from './helpers.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-webhooks-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const until = { timeout: 5_000, interval: 5 };

async function newOrder(url: string): Promise<string> {
  const order = await razorpayClient(url).orders.create({ amount: 830_000, currency: 'INR' });
  return order.id;
}

async function deliveries(url: string, query = ''): Promise<Delivery[]> {
  const response = await fetch(`${url}/_sandbox/webhooks${query}`);
  return ((await response.json()) as { items: Delivery[] }).items;
}

describe('webhooks', () => {
  it('announces a payment by two signed events', async () => {
    const { url: webhookUrl, received } = await webhookReceiver();
    const { url } = await sandbox({ webhookUrl });
    const orderId = await newOrder(url);
    const paid = await post(`${url}/_sandbox/orders/${orderId}/pay`);
    await vi.waitFor(() => expect(received).toHaveLength(2), until);

    for (const { headers, body } of received) {
      const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex');
      expect(headers['x-razorpay-signature']).toBe(signature);
    }
    expect(new Set(received.map((one) => one.headers['x-razorpay-event-id'])).size).toBe(2);
    const events = received.map((one) => JSON.parse(one.body));
    const captured = events.find((event) => event.event === 'payment.captured');
    expect(captured).toMatchObject({
      entity: 'event',
      contains: ['payment'],
      payload: { payment: { entity: { id: paid.body.razorpay_payment_id, status: 'captured' } } },
    });
    const orderPaid = events.find((event) => event.event === 'order.paid');
    expect(orderPaid).toMatchObject({
      contains: ['payment', 'order'],
      payload: { order: { entity: { id: orderId, status: 'paid' } } },
    });
  });

  it('drops, duplicates and delays on order', async () => {
    const { url: webhookUrl, received } = await webhookReceiver();
    const { url } = await sandbox({ webhookUrl });

    await post(`${url}/_sandbox/orders/${await newOrder(url)}/pay`, { webhook: 'drop' });
    expect((await deliveries(url)).map((one) => one.status)).toEqual(['dropped', 'dropped']);

    const failing = await newOrder(url);
    await post(`${url}/_sandbox/orders/${failing}/fail`, { webhook: 'duplicate' });
    await vi.waitFor(() => expect(received).toHaveLength(2), until);
    expect(received[0]?.body).toBe(received[1]?.body);
    const ids = received.map((one) => one.headers['x-razorpay-event-id']);
    expect(ids[0]).toBe(ids[1]);

    const late = await newOrder(url);
    await post(`${url}/_sandbox/orders/${late}/pay`, { webhook: 'late', lateMs: 60_000 });
    const held = await deliveries(url, `?orderId=${late}`);
    expect(held.map((one) => one.status)).toEqual(['pending', 'pending']);
    await post(`${url}/_sandbox/webhooks/${held[0]?.id}/send`);
    await vi.waitFor(() => expect(received).toHaveLength(3), until);
  });

  it('tries again until a 2xx comes', async () => {
    const { url: webhookUrl, received } = await webhookReceiver((nth) => (nth < 3 ? 500 : 204));
    const { url } = await sandbox({ webhookUrl });
    await post(`${url}/_sandbox/orders/${await newOrder(url)}/fail`);
    await vi.waitFor(async () => {
      expect(await deliveries(url, '?status=delivered')).toHaveLength(1);
    }, until);
    expect(received).toHaveLength(3);
    const [delivery] = await deliveries(url);
    expect(delivery?.attempts.map((one) => one.status)).toEqual([500, 500, 204]);
  });

  it('delivers after a restart what was pending before it', async () => {
    const before = await sandbox({ dataDir });
    const orderId = await newOrder(before.url);
    await post(`${before.url}/_sandbox/orders/${orderId}/pay`);
    await before.stop();

    const { url: webhookUrl, received } = await webhookReceiver();
    await sandbox({ dataDir, webhookUrl });
    await vi.waitFor(() => expect(received).toHaveLength(2), until);
  });

  it('announces refunds and disputes', async () => {
    const { url: webhookUrl, received } = await webhookReceiver();
    const { url } = await sandbox({ webhookUrl });
    const paid = await post(`${url}/_sandbox/orders/${await newOrder(url)}/pay`);
    const paymentId = paid.body.razorpay_payment_id;
    const dispute = await post(`${url}/_sandbox/payments/${paymentId}/dispute`, { amount: 500 });
    await post(`${url}/_sandbox/disputes/${dispute.body.id}/won`);
    await razorpayClient(url).payments.refund(paymentId, { amount: 100 });
    await vi.waitFor(() => expect(received).toHaveLength(6), until);
    const events = received.map((one) => JSON.parse(one.body).event).sort();
    expect(events).toEqual([
      'order.paid',
      'payment.captured',
      'payment.dispute.created',
      'payment.dispute.won',
      'refund.created',
      'refund.processed',
    ]);
  });
});
