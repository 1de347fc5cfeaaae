import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readEnv } from '../src/env.ts';
import { KEY_ID, post, razorpayClient, sandbox } from './helpers.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-journal-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const newOrder = { amount: 830_000, currency: 'INR' };

describe('journal', () => {
  it('remembers orders and payments, ignores a torn last line, and compacts', async () => {
    const before = await sandbox({ dataDir });
    const { id } = await razorpayClient(before.url).orders.create(newOrder);
    const paid = await post(`${before.url}/_sandbox/orders/${id}/pay`, { webhook: 'drop' });
    await before.stop();
    const file = join(dataDir, 'sandbox.jsonl');
    appendFileSync(file, '{"kind":"order","value":{"id":"order_to');

    const after = await sandbox({ dataDir });
    const client = razorpayClient(after.url);
    expect(await client.orders.fetch(id)).toMatchObject({ status: 'paid' });
    const payment = await client.payments.fetch(paid.body.razorpay_payment_id);
    expect(payment).toMatchObject({ status: 'captured' });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.filter((line) => line.includes('"kind":"order"'))).toHaveLength(1);
    expect(lines.map((line) => typeof JSON.parse(line)).every((type) => type === 'object')).toBe(
      true,
    );
  });
});

describe('the rest of the server', () => {
  it('answers 404, 405 and 413 in JSON', async () => {
    const { url } = await sandbox();
    const nothing = await fetch(`${url}/_sandbox/nothing`);
    expect(nothing.status).toBe(404);
    expect(await nothing.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
    const unknown = await fetch(`${url}/v1/nothing`);
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({
      error: { description: 'The requested URL was not found on the server.' },
    });
    const wrong = await fetch(`${url}/_sandbox/faults`, { method: 'PUT' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE']);
    const large = await post(`${url}/_sandbox/faults`, { razorpay: 'x'.repeat(300_000) });
    expect(large.status).toBe(413);
    expect((await fetch(`${url}/%E0%A4%A`)).status).toBe(400);
  });

  it('opens checkout to pages, by the public key, and nothing else', async () => {
    const { url } = await sandbox();
    const { id } = await razorpayClient(url).orders.create(newOrder);
    const page = { origin: 'http://localhost:3000' };
    const preflight = await fetch(`${url}/_checkout/orders/${id}`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    const wrongKey = { key: 'rzp_test_other', outcome: 'success' };
    expect((await post(`${url}/_checkout/orders/${id}`, wrongKey, page)).status).toBe(401);
    const paid = await post(
      `${url}/_checkout/orders/${id}`,
      { key: KEY_ID, outcome: 'success' },
      page,
    );
    expect(paid.body.razorpay_order_id).toBe(id);

    const switchboard = await fetch(`${url}/_sandbox/webhooks`, { headers: page });
    expect(switchboard.status).toBe(403);
    expect(switchboard.headers.get('access-control-allow-origin')).toBeNull();
    const script = await fetch(`${url}/v1/checkout.js`);
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(await script.text()).toContain('window.Razorpay');
  });

  it('starts neither with live keys, empty secrets, nor open to the network', async () => {
    await expect(sandbox({ keyId: 'rzp_live_x' })).rejects.toThrow('live');
    await expect(sandbox({ webhookSecret: '' })).rejects.toThrow('webhookSecret');
    const env = {
      SANDBOX_PORT: '3001',
      RAZORPAY_KEY_ID: KEY_ID,
      RAZORPAY_KEY_SECRET: 'a',
      RAZORPAY_WEBHOOK_SECRET: 'b',
      RUNPOD_API_KEY: 'c',
    };
    expect(readEnv(env)).toMatchObject({ SANDBOX_HOST: '127.0.0.1', SANDBOX_GENERATION_MS: 2500 });
    expect(() => readEnv({ ...env, SANDBOX_HOST: '0.0.0.0' })).toThrow('loopback');
    expect(readEnv({ ...env, SANDBOX_HOST: '0.0.0.0', HOURLY_DEMO: '1' }).SANDBOX_HOST).toBe(
      '0.0.0.0',
    );
    expect(() => readEnv({ ...env, RUNPOD_API_KEY: '' })).toThrow('RUNPOD_API_KEY');
  });
});
