import { describe, expect, it } from 'vitest';
import { post, RUNPOD_KEY, razorpayClient, sandbox } from './helpers.ts';

const newOrder = { amount: 830_000, currency: 'INR' };
const basic = { authorization: `Basic ${btoa('rzp_test_sandboxkey01:key-secret')}` };

describe('faults ordered one by one', () => {
  it('fails the next calls by status, then recovers', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    await post(`${url}/_sandbox/faults`, { razorpay: { status: 429, times: 2 } });
    for (let i = 0; i < 2; i += 1) {
      await expect(client.orders.create(newOrder)).rejects.toMatchObject({ statusCode: 429 });
    }
    await client.orders.create(newOrder);
    await post(`${url}/_sandbox/faults`, { razorpay: { status: 502 } });
    await expect(client.orders.create(newOrder)).rejects.toMatchObject({ statusCode: 502 });
  });

  it('drops the connection before or after the work', async () => {
    const { url } = await sandbox();
    const client = razorpayClient(url);
    const lost = { mode: 'lose_answer', match: 'POST /v1/orders' };
    await post(`${url}/_sandbox/faults`, { razorpay: lost });
    await expect(client.orders.create({ ...newOrder, receipt: 'lost' })).rejects.toThrow();
    expect((await client.orders.all({ receipt: 'lost' })).count).toBe(1);
    await post(`${url}/_sandbox/faults`, { razorpay: { mode: 'reset' } });
    await expect(client.orders.create({ ...newOrder, receipt: 'none' })).rejects.toThrow();
    expect((await client.orders.all({ receipt: 'none' })).count).toBe(0);
  });

  it('drops the connection after a refusal too', async () => {
    const { url, faults } = await sandbox();
    faults.set({ razorpay: { mode: 'lose_answer' } });
    const refused = fetch(`${url}/v1/orders`, { method: 'POST', headers: basic, body: '{}' });
    await expect(refused).rejects.toThrow();
  });

  it('hangs, for RunPod too', async () => {
    const { url } = await sandbox();
    await post(`${url}/_sandbox/faults`, { runpod: { mode: 'hang', hangMs: 30_000 } });
    const headers = { authorization: `Bearer ${RUNPOD_KEY}` };
    const signal = AbortSignal.timeout(50);
    await expect(fetch(`${url}/v2/x/health`, { headers, signal })).rejects.toThrow('timeout');
    expect((await fetch(`${url}/v2/x/health`, { headers })).status).toBe(200);
  });

  it('answers late, having done the work at once', async () => {
    const { url, faults } = await sandbox();
    faults.set({ razorpay: { mode: 'slow', slowMs: 30_000, match: 'POST /v1/orders$' } });
    const body = JSON.stringify({ ...newOrder, receipt: 'slow' });
    const signal = AbortSignal.timeout(200);
    const slow = fetch(`${url}/v1/orders`, { method: 'POST', headers: basic, body, signal });
    await expect(slow).rejects.toThrow('timeout');
    expect((await razorpayClient(url).orders.all({ receipt: 'slow' })).count).toBe(1);

    faults.set({ razorpay: { mode: 'slow', slowMs: 60 } });
    const startedAt = performance.now();
    await razorpayClient(url).orders.all({});
    expect(performance.now() - startedAt).toBeGreaterThan(55);
  });

  it.each([
    ['a proxy’s page', { status: 504 }, 504, 'text/html', /<h1>504<\/h1>/],
    ['a gateway’s JSON', { status: 503, body: 'json' }, 503, 'application/json', /SERVER_ERROR/],
    ['an empty 500', { status: 500, body: 'empty' }, 500, 'text/plain', /^$/],
    ['wrong credentials', { status: 401 }, 401, 'application/json', /Authentication failed/],
    ['half of the JSON', { mode: 'malformed' }, 200, 'application/json', /^\{"entity":"coll[^}]*$/],
  ] as const)('answers %s', async (_name, fault, status, type, text) => {
    const { url, faults } = await sandbox();
    faults.set({ razorpay: fault });
    const response = await fetch(`${url}/v1/orders`, { headers: basic });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain(type);
    expect(await response.text()).toMatch(text);
    expect((await fetch(`${url}/v1/orders`, { headers: basic })).status).toBe(200);
  });

  it('limits with and without Retry-After', async () => {
    const { url, faults } = await sandbox();
    const retryAfter = async () => {
      const response = await fetch(`${url}/v1/orders`, { headers: basic });
      expect(response.status).toBe(429);
      return response.headers.get('retry-after');
    };
    faults.set({ razorpay: { status: 429 } });
    expect(await retryAfter()).toBe('1');
    faults.set({ razorpay: { status: 429, retryAfterSeconds: 7 } });
    expect(await retryAfter()).toBe('7');
    faults.set({ razorpay: { status: 429, retryAfterSeconds: null } });
    expect(await retryAfter()).toBeNull();
  });

  it('takes several, per route, after some calls, with the work done before', async () => {
    const { url, faults, razorpay } = await sandbox();
    const client = razorpayClient(url);
    faults.set({
      razorpay: [
        { status: 504, afterWork: true, match: 'POST /v1/payments/*/refund' },
        { status: 500, skip: 1, times: 2, match: 'GET /v1/payments/*' },
      ],
    });
    const { id } = await client.orders.create(newOrder);
    const { razorpay_payment_id: paymentId } = razorpay.pay(id);
    await expect(client.payments.refund(paymentId, {})).rejects.toMatchObject({ statusCode: 504 });
    expect(razorpay.payment(paymentId)).toMatchObject({ status: 'refunded' });
    await client.payments.fetch(paymentId);
    for (let i = 0; i < 2; i += 1) {
      await expect(client.payments.fetch(paymentId)).rejects.toMatchObject({ statusCode: 500 });
    }
    await client.payments.fetch(paymentId);
    expect(faults.view()).toMatchObject({ razorpay: [], runpod: [], hits: { razorpay: 3 } });
  });
});

describe('faults by chance', () => {
  const plan = { seed: 7, server_error: 0.2, bad_gateway: 0.1, rate_limited: 0.1, reset: 0.1 };

  /** What 60 calls to each of two routes came to. */
  async function outcomes(random: object): Promise<(number | 'dropped')[]> {
    const { url } = await sandbox();
    await post(`${url}/_sandbox/faults`, { random });
    const found: (number | 'dropped')[] = [];
    for (let i = 0; i < 60; i += 1) {
      for (const path of ['/v1/orders', '/v1/payments']) {
        const call = fetch(`${url}${path}`, { headers: basic });
        found.push(await call.then(({ status }) => status).catch(() => 'dropped' as const));
      }
    }
    return found;
  }

  it('are the same for the same seed, others for another, and as frequent as ordered', async () => {
    const first = await outcomes(plan);
    expect(await outcomes(plan)).toEqual(first);
    expect(await outcomes({ ...plan, seed: 8 })).not.toEqual(first);
    const share = (outcome: number | 'dropped') =>
      first.filter((one) => one === outcome).length / first.length;
    expect(share(200)).toBeGreaterThan(0.35);
    expect(share(200)).toBeLessThan(0.65);
    for (const outcome of [500, 502, 429, 'dropped'] as const) {
      expect(share(outcome)).toBeGreaterThan(0.02);
    }
  });

  it('stay on their route, within their number, and end', async () => {
    const { url, faults } = await sandbox();
    const status = async (path: string) =>
      (await fetch(`${url}${path}`, { headers: basic })).status;
    faults.set({
      random: { seed: 1, match: 'GET /v1/refunds', server_error: 1, faultsMaximum: 2 },
    });
    expect(await status('/v1/orders')).toBe(200);
    expect([await status('/v1/refunds'), await status('/v1/refunds')]).toEqual([500, 500]);
    expect(await status('/v1/refunds')).toBe(200);
    faults.set({ random: { seed: 1, server_error: 1 } });
    expect(await status('/v1/orders')).toBe(500);
    faults.set({ random: null });
    expect(await status('/v1/orders')).toBe(200);
  });

  it('are refused when their shares are more than all', async () => {
    const { url } = await sandbox();
    const wrong = { random: { seed: 1, slow: 0.6, hang: 0.6 } };
    expect((await post(`${url}/_sandbox/faults`, wrong)).status).toBe(400);
  });
});
