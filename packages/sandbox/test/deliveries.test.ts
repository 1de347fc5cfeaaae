import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../src/razorpay/webhooks/receiver.ts';
import { inProcessReceiver, post, sandbox, WEBHOOK_SECRET, webhookReceiver } from './helpers.ts';

const DAY = 24 * 3600;
const order = { amount: 830_000 };
const LIMIT_MS = 10_000;
const signatureOf = (body: string, secret: string) =>
  createHmac('sha256', secret).update(body).digest('hex');

describe('retries', () => {
  it('pauses longer each time, with the same event id, bytes and signature', async () => {
    const { webhookReceiver, received } = inProcessReceiver((nth) => (nth < 6 ? 503 : 200));
    const { clock, razorpay, webhooks } = await sandbox({
      webhookReceiver,
      webhookRetryBaseMs: 1_000,
    });
    clock.freeze(1_700_000_000_000);
    razorpay.fail(razorpay.createOrder(order).id);
    await clock.advance(3600, LIMIT_MS);
    const [delivery] = webhooks.list();
    expect(delivery).toMatchObject({ status: 'delivered', attemptCount: 6 });
    const seconds = delivery?.attempts.map(({ at }) => Date.parse(at) / 1000 - 1_700_000_000);
    expect(seconds).toEqual([0, 1, 3, 7, 15, 31]);
    expect(delivery?.attempts.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503, 200]);
    const sent = received.map(({ body, headers }) => JSON.stringify([body, headers]));
    expect(new Set(sent).size).toBe(1);
  });

  it('gives the receiver its time, and no more', async () => {
    const { webhookReceiver } = inProcessReceiver(() => new Promise(() => {}));
    const { clock, razorpay, webhooks } = await sandbox({ webhookReceiver, webhookTimeoutMs: 30 });
    clock.freeze();
    razorpay.fail(razorpay.createOrder(order).id);
    await clock.advance(0, LIMIT_MS);
    expect(webhooks.list()[0]).toMatchObject({
      status: 'pending',
      attempts: [{ status: null, error: 'no answer in 30 ms' }],
    });
  });

  it('takes a redirect and a dropped connection for failures', async () => {
    const redirecting = await webhookReceiver(() => 302);
    const { clock, razorpay, webhooks } = await sandbox({ webhookUrl: redirecting.url });
    clock.freeze();
    razorpay.fail(razorpay.createOrder(order).id);
    await clock.advance(0, LIMIT_MS);
    webhooks.setUrl('http://127.0.0.1:9');
    await clock.advance(1, LIMIT_MS);
    const [delivery] = webhooks.list();
    expect(delivery?.attempts[0]).toMatchObject({ status: 302 });
    expect(delivery?.attempts.at(-1)).toMatchObject({ status: null, error: expect.any(String) });
  });

  it('fails after 24 hours and disables the webhook until it is enabled', async () => {
    let status = 500;
    const { webhookReceiver, received, events } = inProcessReceiver(() => status);
    const { clock, razorpay, webhooks } = await sandbox({ webhookReceiver });
    clock.freeze(1_700_000_000_000);
    razorpay.fail(razorpay.createOrder(order).id);
    await clock.advance(DAY - 1, LIMIT_MS);
    expect(webhooks.settings().status).toBe('enabled');
    await clock.advance(1, LIMIT_MS);
    const [failed] = webhooks.list();
    expect(failed).toMatchObject({ status: 'failed', nextAttemptAt: null });
    expect(failed?.attempts.at(-1)?.at).toBe('2023-11-15T22:13:20.000Z');
    expect(webhooks.settings()).toMatchObject({
      status: 'disabled',
      disabledAt: '2023-11-15T22:13:20.000Z',
      disabledBy: failed?.id,
    });

    status = 200;
    const tried = received.length;
    const missed = razorpay.createOrder(order).id;
    razorpay.pay(missed);
    await clock.advance(DAY, LIMIT_MS);
    expect(received).toHaveLength(tried);
    expect(webhooks.list({ orderId: missed }).map((one) => one.status)).toEqual([
      'skipped',
      'skipped',
    ]);
    webhooks.enable();
    razorpay.pay(razorpay.createOrder(order).id);
    await clock.advance(0, LIMIT_MS);
    expect(events().slice(tried)).toEqual(['payment.captured', 'order.paid']);
  });

  it('goes on after being enabled with what still has time, and fails the rest quietly', async () => {
    let status = 500;
    const { webhookReceiver, received } = inProcessReceiver(() => status);
    const { clock, razorpay, webhooks } = await sandbox({ webhookReceiver });
    clock.freeze();
    const early = razorpay.createOrder(order).id;
    const late = razorpay.createOrder(order).id;
    razorpay.fail(early);
    await clock.advance(DAY / 2, LIMIT_MS);
    razorpay.fail(late);
    await clock.advance(1, LIMIT_MS);
    webhooks.disable();
    const tried = received.length;
    await clock.advance(DAY - 3600, LIMIT_MS);
    status = 200;
    webhooks.enable();
    await clock.advance(0, LIMIT_MS);
    expect(webhooks.list({ orderId: early })[0]?.status).toBe('failed');
    expect(webhooks.list({ orderId: late })[0]?.status).toBe('delivered');
    expect(received).toHaveLength(tried + 1);
    expect(webhooks.settings().status).toBe('enabled');
  });
});

describe('the webhook’s settings', () => {
  it('signs what happened with the secret of that time, however late it is sent', async () => {
    const { webhookReceiver, received } = inProcessReceiver();
    const { url, clock, razorpay, webhooks } = await sandbox({ webhookReceiver });
    razorpay.fail(razorpay.createOrder(order).id, { webhook: 'hold' });
    await post(`${url}/_sandbox/webhooks/secret`, { secret: 'rotated' });
    razorpay.fail(razorpay.createOrder(order).id);
    clock.freeze();
    await webhooks.release();
    const secrets = received.map(({ body, headers }) =>
      [WEBHOOK_SECRET, 'rotated'].find(
        (secret) => signatureOf(body, secret) === headers['x-razorpay-signature'],
      ),
    );
    expect(secrets.sort()).toEqual(['rotated', WEBHOOK_SECRET]);
    const settings = await fetch(`${url}/_sandbox/webhooks/settings`);
    expect(await settings.text()).not.toContain('rotated');
  });

  it('announces the active events only; `payment.authorized` when asked for', async () => {
    const { webhookReceiver, events, received } = inProcessReceiver();
    const { clock, razorpay, webhooks } = await sandbox({ webhookReceiver });
    clock.freeze();
    webhooks.setEvents(['payment.authorized', 'payment.captured']);
    razorpay.pay(razorpay.createOrder(order).id);
    await webhooks.settled();
    expect(events()).toEqual(['payment.authorized', 'payment.captured']);
    const [first] = received.map(({ body }) => JSON.parse(body).payload.payment.entity);
    expect(first).toMatchObject({ status: 'authorized', captured: false, fee: null });
    webhooks.setEvents(null);
    razorpay.pay(razorpay.createOrder(order).id);
    await webhooks.settled();
    expect(events().slice(2)).toEqual(['payment.captured', 'order.paid']);
  });
});

describe('what happens on the way', () => {
  it('holds, and releases in the order given, made, reversed, or random', async () => {
    const { webhookReceiver, received } = inProcessReceiver();
    const { url, razorpay, webhooks } = await sandbox({ webhookReceiver });
    webhooks.setManner({ mode: 'hold' });
    const hold = () =>
      Array.from({ length: 8 }, () => {
        const { id } = razorpay.createOrder(order);
        razorpay.fail(id);
        return webhooks.list({ orderId: id })[0]?.id ?? '';
      });
    const order_ = () => received.splice(0).map(({ headers }) => headers['x-razorpay-event-id']);
    const eventIds = (ids: string[]) =>
      ids.map((id) => webhooks.list().find((one) => one.id === id)?.eventId);

    const given = hold();
    const wanted = [given[3], given[0], given[7]] as string[];
    const some = await post(`${url}/_sandbox/webhooks/release`, { ids: wanted });
    expect(some.body).toEqual({ released: wanted });
    expect(order_()).toEqual(eventIds(wanted));
    const rest = given.filter((id) => !wanted.includes(id));
    expect(await webhooks.release({ order: 'reverse' })).toEqual([...rest].reverse());
    expect(order_()).toEqual(eventIds([...rest].reverse()));

    const shuffledOnce = hold();
    const byChance = await webhooks.release({ order: 'random', seed: 3 });
    expect(order_()).toEqual(eventIds(byChance));
    expect(byChance).not.toEqual(shuffledOnce);
    expect([...byChance].sort()).toEqual([...shuffledOnce].sort());
    const positions = byChance.map((id) => shuffledOnce.indexOf(id));
    const again = hold();
    const secondTime = await webhooks.release({ order: 'random', seed: 3 });
    expect(secondTime.map((id) => again.indexOf(id))).toEqual(positions);
    expect(await webhooks.release()).toEqual([]);
  });

  it('releases one after another by real time as well, past failures', async () => {
    const ended: (string | undefined)[] = [];
    const webhookReceiver = async ({ headers }: WebhookRequest) => {
      const nth = ended.length;
      // The first takes longest: whatever didn't wait for it would overtake it.
      await new Promise((resolve) => setTimeout(resolve, nth === 0 ? 20 : 1));
      ended.push(headers['x-razorpay-event-id']);
      return nth === 1 ? 500 : 200;
    };
    const { razorpay, webhooks } = await sandbox({ webhookReceiver, webhookRetryBaseMs: 60_000 });
    for (let i = 0; i < 4; i += 1) {
      razorpay.fail(razorpay.createOrder(order).id, { webhook: 'hold' });
    }
    const released = await webhooks.release({ order: 'reverse' });
    const all = webhooks.list();
    expect(ended).toEqual(released.map((id) => all.find((one) => one.id === id)?.eventId));
    expect(webhooks.list({ status: 'pending' })).toHaveLength(1);
  });

  it('turns the events of one act round', async () => {
    const { webhookReceiver, events } = inProcessReceiver();
    const { razorpay, webhooks } = await sandbox({ webhookReceiver });
    razorpay.pay(razorpay.createOrder(order).id, { webhook: 'reorder' });
    await webhooks.settled();
    expect(events()).toEqual(['order.paid', 'payment.captured']);
  });

  it('sends a duplicate’s copy later when asked to', async () => {
    const { webhookReceiver, received } = inProcessReceiver();
    const { clock, razorpay } = await sandbox({ webhookReceiver });
    clock.freeze();
    razorpay.fail(razorpay.createOrder(order).id, { webhook: 'duplicate', lateMs: 60_000 });
    await clock.advance(59, LIMIT_MS);
    expect(received).toHaveLength(1);
    await clock.advance(1, LIMIT_MS);
    expect(received).toHaveLength(2);
    expect(received[1]).toEqual(received[0]);
  });

  it('applies the standing way to acts of the API, unless an act says otherwise', async () => {
    const { webhookReceiver, events } = inProcessReceiver();
    const { url, razorpay, webhooks } = await sandbox({ webhookReceiver });
    await post(`${url}/_sandbox/webhooks/mode`, { mode: 'drop' });
    const { id } = razorpay.createOrder(order);
    const { razorpay_payment_id: paymentId } = razorpay.pay(id, { webhook: 'send' });
    const basic = { authorization: `Basic ${btoa('rzp_test_sandboxkey01:key-secret')}` };
    await post(`${url}/v1/payments/${paymentId}/refund`, {}, basic);
    await webhooks.settled();
    expect(events().sort()).toEqual(['order.paid', 'payment.captured']);
    expect(webhooks.list({ paymentId, status: 'dropped' })).toHaveLength(2);
  });

  it('draws by chance, the same for the same seed', async () => {
    const play = async (seed: number) => {
      const { webhookReceiver, received } = inProcessReceiver();
      const { clock, razorpay, webhooks } = await sandbox({ webhookReceiver });
      clock.freeze(1_700_000_000_000);
      const random = { seed, drop: 0.2, duplicate: 0.2, late: 0.2, hold: 0.1, reorder: 0.2 };
      webhooks.setManner({ random: { ...random, lateMs: 5_000 } });
      const orders = Array.from({ length: 40 }, () => razorpay.createOrder(order).id);
      for (const id of orders) razorpay.pay(id);
      await clock.advance(10, LIMIT_MS);
      await webhooks.release({ order: 'random', seed });
      return received.map(({ body }) => {
        const { event, payload } = JSON.parse(body);
        return `${event} ${orders.indexOf(payload.payment.entity.order_id)}`;
      });
    };
    const first = await play(1);
    expect(await play(1)).toEqual(first);
    expect(await play(2)).not.toEqual(first);
    expect(new Set(first).size).toBeLessThan(80);
    expect(first.length).toBeGreaterThan(new Set(first).size);
    expect(first).not.toEqual([...first].sort());
  });

  it('lists page by page', async () => {
    const { url, razorpay } = await sandbox();
    for (let i = 0; i < 7; i += 1) razorpay.fail(razorpay.createOrder(order).id);
    const page = async (query: string) => {
      const response = await fetch(`${url}/_sandbox/webhooks?${query}`);
      return (await response.json()) as { items: { id: string }[]; hasMore: boolean };
    };
    const first = await page('count=4');
    const second = await page('count=4&skip=4');
    expect([first.items.length, first.hasMore]).toEqual([4, true]);
    expect([second.items.length, second.hasMore]).toEqual([3, false]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(7);
    expect((await fetch(`${url}/_sandbox/webhooks?count=501`)).status).toBe(400);
  });
});
