import { describe, expect, it } from 'vitest';
import { inProcessReceiver, post, sandbox } from './helpers.ts';

const DAY = 24 * 3600;
const order = { amount: 830_000 };

describe('the clock', () => {
  it('is real until it is moved, then stands, and goes on with real time when told to', async () => {
    const { url, clock, razorpay } = await sandbox();
    const real = Math.floor(Date.now() / 1000);
    expect(razorpay.createOrder(order).created_at).toBeGreaterThanOrEqual(real);
    const moved = await post(`${url}/_sandbox/clock`, { advanceSeconds: 10 * DAY });
    expect(moved.body).toMatchObject({ mode: 'manual' });
    const { now } = clock.view();
    expect(now - real).toBeGreaterThanOrEqual(10 * DAY);
    expect(razorpay.createOrder(order).created_at).toBe(now);
    await clock.advance(0.5, 1_000);
    await clock.advance(0.5, 1_000);
    expect(clock.view().now).toBe(now + 1);

    await post(`${url}/_sandbox/clock`, { mode: 'manual', at: 1_700_000_000 });
    expect(razorpay.createOrder(order).created_at).toBe(1_700_000_000);
    await post(`${url}/_sandbox/clock`, { mode: 'real' });
    expect(clock.view()).toMatchObject({ mode: 'real' });
    expect(Math.abs(clock.view().now - Date.now() / 1000)).toBeLessThan(5);
    expect((await post(`${url}/_sandbox/clock`, { advanceSeconds: -1 })).status).toBe(400);
    expect((await post(`${url}/_sandbox/clock`, { advanceSeconds: 401 * DAY })).status).toBe(400);
  });

  it('does what came due in its order, each at its own instant', async () => {
    const { webhookReceiver, received, events } = inProcessReceiver();
    const { clock, razorpay } = await sandbox({ webhookReceiver });
    clock.freeze(1_700_000_000_000);
    const begun = razorpay.begin(razorpay.createOrder(order).id);
    razorpay.pay(razorpay.createOrder(order).id, { webhook: 'late', lateMs: 900_000 });
    razorpay.fail(razorpay.createOrder(order).id, { webhook: 'late', lateMs: 300_000 });
    await clock.advance(1_000, 5_000);
    expect(events()).toEqual([
      'payment.failed',
      'payment.failed',
      'payment.captured',
      'order.paid',
    ]);
    const timedOut = JSON.parse(received[1]?.body ?? '');
    expect(timedOut).toMatchObject({
      created_at: 1_700_000_600,
      payload: {
        payment: { entity: { id: begun.id, status: 'failed', error_reason: 'payment_timed_out' } },
      },
    });
  });

  it('answers once all is delivered, one after another', async () => {
    let open = 0;
    let most = 0;
    const { webhookReceiver, received } = inProcessReceiver(async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return 200;
    });
    const { clock, razorpay } = await sandbox({ webhookReceiver });
    clock.freeze();
    for (let i = 0; i < 50; i += 1) {
      razorpay.pay(razorpay.createOrder(order).id, { webhook: 'late', lateMs: 1_000 });
    }
    await Promise.all([clock.advance(0.5, 5_000), clock.advance(0.5, 5_000)]);
    expect(received).toHaveLength(100);
    expect(most).toBe(1);
  });

  it('has a limit, and stands where it came to', async () => {
    const { webhookReceiver } = inProcessReceiver(() => new Promise(() => {}));
    const { clock, razorpay } = await sandbox({ webhookReceiver });
    clock.freeze(1_700_000_000_000);
    razorpay.fail(razorpay.createOrder(order).id, { webhook: 'late', lateMs: 60_000 });
    await expect(clock.advance(DAY, 50)).rejects.toMatchObject({ reply: { status: 504 } });
    expect(clock.view().now).toBe(1_700_000_060);
  });

  it('keeps its limit where each webhook causes another one', async () => {
    const { webhookReceiver, received } = inProcessReceiver(() => {
      again();
      return 200;
    });
    const { clock, razorpay } = await sandbox({ webhookReceiver });
    const { id } = razorpay.createOrder(order);
    const again = () => void razorpay.fail(id);
    clock.freeze();
    again();
    await expect(clock.advance(0, 50)).rejects.toMatchObject({ reply: { status: 504 } });
    expect(received.length).toBeGreaterThan(100);
  });

  it('tells what is still to come', async () => {
    const { url, clock, razorpay, pending } = await sandbox();
    clock.freeze(1_700_000_000_000);
    const { id } = razorpay.begin(razorpay.createOrder(order).id);
    razorpay.fail(razorpay.createOrder(order).id, { webhook: 'late', lateMs: 60_000 });
    razorpay.fail(razorpay.createOrder(order).id, { webhook: 'hold' });
    const view = await (await fetch(`${url}/_sandbox/pending`)).json();
    expect(view).toEqual(JSON.parse(JSON.stringify(pending())));
    expect(view).toMatchObject({
      clock: { mode: 'manual', now: 1_700_000_000 },
      inFlight: 0,
      deliveries: { count: 1, items: [{ nextAttemptAt: '2023-11-14T22:14:20.000Z' }] },
      held: { count: 1, items: [{ event: 'payment.failed', nextAttemptAt: null }] },
      appointments: {
        count: 1,
        items: [{ act: 'time_out', target: id, at: '2023-11-14T22:23:20.000Z' }],
      },
    });
  });
});
