import { createHmac } from 'node:crypto';
import { Refusal } from '@hourly/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRazorpayGateway, type PaymentGateway } from '../src/index.ts';
import { type Answer, json, startProvider } from './support/provider.ts';

let provider: Awaited<ReturnType<typeof startProvider>>;
let gateway: PaymentGateway;
const secrets = { keyId: 'rzp_test_x', keySecret: 'key secret', webhookSecret: 'hook secret' };

beforeAll(async () => {
  provider = await startProvider();
  gateway = createRazorpayGateway({ ...secrets, apiUrl: `${provider.url}/`, timeoutMs: 300 });
});
afterAll(() => provider?.stop());

const order = { id: 'order_1', amount: 830_000, currency: 'INR', receipt: 'r1', notes: [] };
const payment = { id: 'pay_1', order_id: 'order_1', amount: 830_000, currency: 'INR' };

describe('a provider that fails is one kind of refusal', () => {
  const failures: [string, Answer][] = [
    ['its own error', json({ error: { code: 'BAD_REQUEST_ERROR', description: 'no' } }, 400)],
    ['wrong credentials', json({ error: { code: 'BAD_REQUEST_ERROR' } }, 401)],
    ['an error without words', json({}, 500)],
    [
      'a page of a proxy',
      (_request, response) => {
        response.writeHead(502, { 'content-type': 'text/html' });
        response.end('<h1>Bad Gateway</h1>');
      },
    ],
    ['a dropped connection', (request) => request.socket.destroy()],
    ['silence', () => {}],
    [
      'an answer that never ends',
      (_request, response) => {
        const drip = setInterval(() => response.write(' '), 50);
        response.once('close', () => clearInterval(drip));
      },
    ],
    ['an answer that is no JSON', (_request, response) => void response.end('fine')],
    ['an answer that is nothing of the kind', json({ id: 7 })],
    [
      'a redirect',
      (_request, response) => void response.writeHead(302, { location: '/v1/elsewhere' }).end(),
    ],
  ];
  it.each(failures)('%s', async (_name, answer) => {
    provider.answerWith(answer);
    const refusal = await gateway.fetchPayment('pay_1').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).reason).toBe('PAYMENT_PROVIDER_ERROR');
    expect((refusal as Refusal).cause).toBeInstanceOf(Error);
    expect(String((refusal as Refusal).cause)).not.toMatch(/reading 'status'/);
  });
});

describe('orders', () => {
  it('capture their payments by themselves and carry our id', async () => {
    let sent: unknown;
    provider.answerWith((request, response) => {
      request.on('data', (chunk) => {
        sent = JSON.parse(String(chunk));
        json(order)(request, response);
      });
    });
    const made = await gateway.createOrder({
      receipt: 'r1',
      amountPaise: 830_000,
      notes: { a: 'b' },
    });
    expect(made).toEqual({ orderId: 'order_1' });
    expect(sent).toMatchObject({
      amount: 830_000,
      currency: 'INR',
      receipt: 'r1',
      notes: { a: 'b' },
      payment: { capture: 'automatic' },
    });
  });

  it('are found by receipt and amount, whatever else is listed', async () => {
    const listed = [
      { ...order, id: 'order_a', receipt: 'r2' },
      { ...order, id: 'order_b', amount: 1 },
    ];
    provider.answerWith(json({ items: [...listed, order] }));
    expect(await gateway.findOrder({ receipt: 'r1', amountPaise: 830_000 })).toEqual({
      orderId: 'order_1',
    });
    provider.answerWith(json({ items: listed }));
    expect(await gateway.findOrder({ receipt: 'r1', amountPaise: 830_000 })).toBeNull();
    expect(provider.calls.at(-1)).toContain('receipt=r1');
  });
});

describe('payments', () => {
  it('are captured by their status alone', async () => {
    for (const [status, isCaptured] of [
      ['captured', true],
      ['authorized', false],
      ['created', false],
      ['failed', false],
      ['refunded', false],
    ] as const) {
      provider.answerWith(json({ ...payment, status, captured: true }));
      expect(await gateway.fetchPayment('pay_1')).toMatchObject({ isCaptured, orderId: 'order_1' });
    }
  });

  it('are asked for by their id and nothing else', async () => {
    provider.answerWith(json(payment));
    await gateway.fetchPayment('../orders?x=1');
    expect(provider.calls.at(-1)).toBe('GET /v1/payments/..%2Forders%3Fx%3D1');
  });
});

describe('signatures', () => {
  const hmac = (secret: string, message: string) =>
    createHmac('sha256', secret).update(message).digest('hex');

  it('of the checkout cover order and payment', () => {
    const named = { orderId: 'order_1', paymentId: 'pay_1' };
    const signature = hmac(secrets.keySecret, 'order_1|pay_1');
    expect(gateway.isCheckoutSignature({ ...named, signature })).toBe(true);
    expect(gateway.isCheckoutSignature({ ...named, paymentId: 'pay_2', signature })).toBe(false);
    expect(gateway.isCheckoutSignature({ ...named, signature: signature.slice(0, 63) })).toBe(
      false,
    );
    expect(gateway.isCheckoutSignature({ ...named, signature: 'ü'.repeat(64) })).toBe(false);
    expect(gateway.isCheckoutSignature({ ...named, signature: hmac('', 'order_1|pay_1') })).toBe(
      false,
    );
  });

  it('of webhooks cover the raw bytes', () => {
    const rawBody = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    const signature = createHmac('sha256', secrets.webhookSecret).update(rawBody).digest('hex');
    expect(gateway.isWebhookSignature({ rawBody, signature })).toBe(true);
    const other = Buffer.from(rawBody.toString('utf8'));
    expect(gateway.isWebhookSignature({ rawBody: other, signature })).toBe(false);
  });
});

it.each(['keyId', 'keySecret', 'webhookSecret'])('refuses an empty %s', (name) => {
  expect(() => createRazorpayGateway({ ...secrets, [name]: '' })).toThrow(name);
});
