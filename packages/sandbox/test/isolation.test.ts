import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { draw } from '../src/random.ts';
import { inProcessReceiver, post, razorpayClient, sandbox, WEBHOOK_SECRET } from './helpers.ts';

const DAY = 24 * 3600;
const LIMIT_MS = 20_000;
const order = { amount: 830_000 };
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-isolation-'));
  folders.push(folder);
  return folder;
}

describe('isolation', () => {
  it('begins anew on reset, dropping what is under way', async () => {
    let answer = () => new Promise<number>(() => {});
    const { webhookReceiver, received } = inProcessReceiver(() => answer());
    const dataDir = newFolder();
    const stand = await sandbox({ webhookReceiver, dataDir });
    const { url, razorpay, webhooks, clock, faults, pending } = stand;
    await clock.advance(DAY, LIMIT_MS);
    webhooks.setSecret('rotated');
    webhooks.setEvents([]);
    webhooks.setManner({ mode: 'hold' });
    faults.set({ razorpay: { status: 500 }, random: { seed: 1, reset: 1 } });
    razorpay.nextRefunds({ outcome: 'pending' });
    webhooks.setEvents(null);
    const { id } = razorpay.createOrder(order);
    razorpay.begin(id);
    razorpay.fail(id, { webhook: 'send' });
    webhooks.disable();
    await post(`${url}/_sandbox/reset`);

    expect(razorpay.order(id)).toBeUndefined();
    expect(webhooks.list()).toEqual([]);
    expect(pending()).toMatchObject({
      clock: { mode: 'real' },
      inFlight: 0,
      deliveries: { count: 0 },
      appointments: { count: 0 },
    });
    expect(webhooks.settings()).toMatchObject({ status: 'enabled', manner: { mode: 'send' } });
    expect(faults.view()).toEqual({
      razorpay: [],
      runpod: [],
      random: null,
      hits: { razorpay: 0, runpod: 0 },
    });

    answer = () => Promise.resolve(200);
    const fresh = razorpay.createOrder(order);
    const paid = razorpay.pay(fresh.id);
    await webhooks.settled();
    expect(received).toHaveLength(3);
    expect(razorpay.refund(paid.razorpay_payment_id).status).toBe('processed');
    expect((await razorpayClient(url).orders.all({})).count).toBe(1);
    await stand.stop();

    const again = await sandbox({ dataDir });
    expect((await razorpayClient(again.url).orders.all({})).items[0]?.id).toBe(fresh.id);
  });

  it('keeps stand-ins apart, however many there are', async () => {
    const stands = await Promise.all(Array.from({ length: 8 }, () => sandbox()));
    for (const [nth, { razorpay, clock }] of stands.entries()) {
      clock.freeze(1_700_000_000_000 + nth * 1000);
      for (let i = 0; i <= nth; i += 1) razorpay.createOrder(order);
    }
    for (const [nth, { url }] of stands.entries()) {
      const { items } = await razorpayClient(url).orders.all({ count: 100 });
      expect(items).toHaveLength(nth + 1);
      expect(items[0]?.created_at).toBe(1_700_000_000 + nth);
    }
  });
});

describe('over a restart', () => {
  it('remembers the clock, what is held, what is planned, and the webhook’s settings', async () => {
    const dataDir = newFolder();
    const before = await sandbox({ dataDir });
    before.clock.freeze(1_700_000_000_000);
    before.webhooks.setSecret('rotated');
    before.webhooks.setEvents(['payment.failed', 'refund.processed']);
    const { id } = before.razorpay.createOrder(order);
    const begun = before.razorpay.begin(id);
    before.razorpay.fail(before.razorpay.createOrder(order).id, { webhook: 'hold' });
    const paid = before.razorpay.pay(before.razorpay.createOrder(order).id);
    const refund = before.razorpay.refund(paid.razorpay_payment_id, { afterSeconds: 60 });
    await before.stop();

    const { webhookReceiver, events } = inProcessReceiver();
    const after = await sandbox({ dataDir, webhookReceiver });
    expect(after.clock.view()).toMatchObject({ mode: 'manual', now: 1_700_000_000 });
    expect(after.pending()).toMatchObject({ held: { count: 1 }, appointments: { count: 2 } });
    expect(after.webhooks.settings().events).toEqual(['payment.failed', 'refund.processed']);
    await after.clock.advance(700, LIMIT_MS);
    await after.webhooks.release();
    expect(events()).toEqual(['refund.processed', 'payment.failed', 'payment.failed']);
    expect(after.razorpay.payment(begun.id)?.status).toBe('failed');
    expect(after.razorpay.refundOf(refund.id)?.status).toBe('processed');
  });

  it('goes on retrying a delivery until its 24 hours are over', async () => {
    const dataDir = newFolder();
    const failing = inProcessReceiver(() => 500);
    const before = await sandbox({ dataDir, ...failing });
    before.clock.freeze(1_700_000_000_000);
    before.razorpay.fail(before.razorpay.createOrder(order).id);
    await before.clock.advance(DAY - 60, LIMIT_MS);
    await before.stop();
    const after = await sandbox({ dataDir, ...failing });
    await after.clock.advance(60, LIMIT_MS);
    expect(after.webhooks.list()[0]?.status).toBe('failed');
    expect(after.webhooks.settings().status).toBe('disabled');
    await after.stop();

    const still = await sandbox({ dataDir, ...failing });
    expect(still.webhooks.settings().status).toBe('disabled');
  });

  it('does not hold its own absence against the receiver, by real time', async () => {
    const dataDir = newFolder();
    const before = await sandbox({ dataDir, webhookReceiver: async () => 500 });
    before.clock.freeze(Date.now() - 3 * DAY * 1000);
    before.razorpay.fail(before.razorpay.createOrder(order).id);
    await before.webhooks.settled();
    before.webhooks.disable();
    before.clock.useReal();
    await before.stop();
    const later = await sandbox({ dataDir, webhookReceiver: async () => 500 });
    expect(later.webhooks.settings().status).toBe('disabled');
    later.webhooks.enable();
    await later.webhooks.settled();
    expect(later.webhooks.list()[0]).toMatchObject({ status: 'pending', attemptCount: 2 });
    expect(later.webhooks.settings().status).toBe('enabled');
  });

  it('delivers what an older version left, which kept no signatures', async () => {
    const dataDir = newFolder();
    const body = '{"event":"payment.failed"}';
    const old = {
      id: 'dlv_1',
      eventId: 'event',
      event: 'payment.failed',
      orderId: null,
      paymentId: null,
      status: 'pending',
      attemptCount: 2,
      attempts: [],
      nextAttemptAt: '2023-11-14T22:13:20.000Z',
      createdAt: '2023-11-14T22:13:00.000Z',
      body,
    };
    const line = JSON.stringify({ kind: 'delivery', value: old });
    writeFileSync(join(dataDir, 'sandbox.jsonl'), `${line}\n`);
    const { webhookReceiver, received } = inProcessReceiver();
    const { webhooks } = await sandbox({ dataDir, webhookReceiver });
    await webhooks.settled();
    const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex');
    expect(received[0]?.headers['x-razorpay-signature']).toBe(signature);
    expect(webhooks.list()[0]).toMatchObject({ status: 'delivered', attemptCount: 3 });
  });

  it('takes another secret from whoever starts it over a rotated one', async () => {
    const dataDir = newFolder();
    const secretOf = async (webhookSecret: string) => {
      const { webhookReceiver, received } = inProcessReceiver();
      const stand = await sandbox({ dataDir, webhookSecret, webhookReceiver });
      stand.razorpay.fail(stand.razorpay.createOrder(order).id);
      await stand.webhooks.settled();
      stand.webhooks.setSecret('rotated');
      stand.razorpay.fail(stand.razorpay.createOrder(order).id);
      await stand.webhooks.settled();
      await stand.stop();
      return received.map(({ body, headers }) =>
        [WEBHOOK_SECRET, 'rotated', 'newer'].find(
          (secret) =>
            createHmac('sha256', secret).update(body).digest('hex') ===
            headers['x-razorpay-signature'],
        ),
      );
    };
    expect(await secretOf(WEBHOOK_SECRET)).toEqual([WEBHOOK_SECRET, 'rotated']);
    expect(await secretOf(WEBHOOK_SECRET)).toEqual(['rotated', 'rotated']);
    expect(await secretOf('newer')).toEqual(['newer', 'rotated']);
  });
});

describe('many stories', () => {
  it('plays more than 200 of them a second', async () => {
    const { webhookReceiver, received } = inProcessReceiver((nth) => (nth % 7 === 0 ? 500 : 200));
    const { clock, razorpay, webhooks } = await sandbox({ webhookReceiver });
    clock.freeze(1_700_000_000_000);
    webhooks.setManner({
      random: { seed: 1, drop: 0.1, duplicate: 0.2, late: 0.3, lateMs: 9_000 },
    });
    const stories = 1_500;
    const before = process.cpuUsage();
    for (let nth = 0; nth < stories; nth += 1) {
      const chance = draw(1, 'story', nth);
      const { id } = razorpay.createOrder({ ...order, receipt: `r${nth}` });
      if (chance < 0.3) razorpay.fail(id);
      const paymentId = razorpay.pay(id).razorpay_payment_id;
      if (chance < 0.6) razorpay.refund(paymentId, { amount: 1_000, afterSeconds: 3 });
      if (chance > 0.8) razorpay.turnDispute(razorpay.dispute(paymentId).id, 'lost');
      await clock.advance(5, LIMIT_MS);
    }
    await clock.advance(3600, LIMIT_MS);
    // By the processor's time: other tests may be running on the same machine.
    const { user, system } = process.cpuUsage(before);
    expect(stories / ((user + system) / 1e6)).toBeGreaterThan(200);
    expect(received.length).toBeGreaterThan(2 * stories);
    expect(webhooks.list({ status: 'pending' })).toEqual([]);
  });

  it('keeps its memory bounded', async () => {
    const { razorpay, pending } = await sandbox();
    const first = razorpay.createOrder(order);
    for (let nth = 0; nth < 20_000; nth += 1) razorpay.fail(razorpay.createOrder(order).id);
    expect(razorpay.order(first.id)).toBeUndefined();
    expect(pending().deliveries.count).toBe(20_000);
    razorpay.fail(razorpay.createOrder(order).id);
    expect(pending().deliveries.count).toBe(20_000);
  });
});
