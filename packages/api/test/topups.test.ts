import { createHmac } from 'node:crypto';
import type { Balance, ErrorBody, LedgerEntry, Page, Topup } from '@hourly/contract';
import { reconcileTopups } from '@hourly/services';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  browserOf,
  type Customer,
  lever,
  newUserId,
  pay,
  refusal,
  testCustomer,
} from './support/customer.ts';
import { waitFor } from './support/wait-for.ts';
import { createWorld, secrets, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ paymentTimeoutMs: 400 });
});
afterAll(() => world?.stop());
afterEach(() => fetch(`${world.sandbox.url}/_sandbox/faults`, { method: 'DELETE' }));

const liveCustomer = (): Customer => browserOf(world, newUserId());

async function orderOf(
  customer: Customer,
  amountCents = 10_000,
): Promise<Topup & { orderId: string }> {
  const { body, status } = await customer.post<Topup>('/topup', { amountCents });
  if (status !== 200 || body.checkout === null) throw new Error(JSON.stringify(body));
  return { ...body, orderId: body.checkout.orderId };
}

const balanceOf = async (customer: Customer): Promise<number> =>
  (await customer.get<Balance>('/topup')).body.balanceCents;

const paid = (customer: Customer, id: string): Promise<Topup> =>
  waitFor(async () => {
    const { body } = await customer.get<Topup>(`/topups/${id}`);
    return body.status === 'paid' ? body : null;
  });

/** What Razorpay would send, signed. */
function webhook(
  body: object,
  options: { eventId?: string; secret?: string } = {},
): Promise<Response> {
  const raw = JSON.stringify(body);
  const { eventId, secret = secrets.webhookSecret } = options;
  return fetch(`${world.url}/api/webhooks/razorpay-hourly`, {
    method: 'POST',
    body: raw,
    headers: {
      'content-type': 'application/json',
      'x-razorpay-signature': createHmac('sha256', secret).update(raw).digest('hex'),
      ...(eventId && { 'x-razorpay-event-id': eventId }),
    },
  });
}

const captured = (
  paymentId: string,
  orderId: string | null,
  amount = 830_000,
  currency = 'INR',
) => ({
  entity: 'event',
  event: 'payment.captured',
  contains: ['payment'],
  payload: {
    payment: { entity: { id: paymentId, order_id: orderId, amount, currency, status: 'captured' } },
  },
  created_at: 1_790_000_000,
});

const eventRows = async (eventId: string) =>
  (await world.db.owner.query('select * from hourly_webhook_events where event_id = $1', [eventId]))
    .rows;

describe('a top-up', () => {
  it('is an order in rupees at the locked rate before anybody pays', async () => {
    const customer = liveCustomer();
    const { body } = await customer.post<Topup>('/topup', { amountCents: 10_000 });
    expect(body).toMatchObject({
      status: 'created',
      amountCents: 10_000,
      amountInrPaise: 830_000,
      inrPerUsd: 83,
      paidAt: null,
      checkout: { keyId: secrets.keyId, amount: 830_000, currency: 'INR' },
    });
    expect(body).not.toHaveProperty('accountId');
    expect(body).not.toHaveProperty('orderId');
    expect(await balanceOf(customer)).toBe(0);
    const list = await customer.get<Page<Topup>>('/topups');
    expect(list.body.items).toEqual([body]);
  });

  it('is refused below and above its bounds', async () => {
    const customer = liveCustomer();
    const below = await customer.post('/topup', { amountCents: 9_999 });
    expect([below.status, refusal(below).reason]).toEqual([400, 'AMOUNT_BELOW_MINIMUM']);
    const above = await customer.post('/topup', { amountCents: 1_000_001 });
    expect([above.status, refusal(above).reason]).toEqual([400, 'AMOUNT_ABOVE_MAXIMUM']);
    expect(refusal(await customer.post('/topup', { amountCents: 100.5 })).reason).toBe(
      'INVALID_INPUT',
    );
    expect(refusal(await customer.post('/topup')).reason).toBe('INVALID_INPUT');
  });

  it('is settled in the answer itself in test mode', async () => {
    const customer = testCustomer(world);
    const good = await customer.post<Topup>('/topup', { amountCents: 20_000 });
    expect(good.body).toMatchObject({ status: 'paid', checkout: null });
    const bad = await customer.post<Topup>('/topup', { amountCents: 20_001 });
    expect(bad.body).toMatchObject({ status: 'failed', checkout: null, paidAt: null });
    expect(await balanceOf(customer)).toBe(20_000);
  });
});

describe('money arrives once', () => {
  it('by the webhook', async () => {
    const customer = liveCustomer();
    const { id, orderId } = await orderOf(customer);
    await pay(world, orderId, { webhook: 'duplicate' });
    const topup = await paid(customer, id);
    expect(topup.paidAt).not.toBeNull();
    expect(await balanceOf(customer)).toBe(10_000);
  });

  it('by the confirmation, over REST and tRPC', async () => {
    const customer = liveCustomer();
    const first = await orderOf(customer);
    const success = await pay(world, first.orderId, { webhook: 'drop' });
    const { body } = await customer.post<Topup>('/topup/confirm', success);
    expect(body).toMatchObject({ id: first.id, status: 'paid' });
    const second = await orderOf(customer, 20_000);
    const again = await pay(world, second.orderId, { webhook: 'drop' });
    const topup = await customer.trpc.hourlyUsage.confirmTopup.mutate(again);
    expect(topup).toMatchObject({ id: second.id, status: 'paid' });
    expect(await balanceOf(customer)).toBe(30_000);
  });

  it('by reconciliation, when the webhook was dropped', async () => {
    const customer = liveCustomer();
    const { id, orderId } = await orderOf(customer);
    await pay(world, orderId, { webhook: 'drop' });
    const done = await reconcileTopups(world.ctx, { limit: 100, all: true });
    expect(done).toMatchObject({ credited: 1, failed: 0 });
    expect((await customer.get<Topup>(`/topups/${id}`)).body.status).toBe('paid');
    expect(await balanceOf(customer)).toBe(10_000);
  });

  it('by all of them at once', async () => {
    const customer = liveCustomer();
    const { orderId } = await orderOf(customer);
    const success = await pay(world, orderId, { webhook: 'drop' });
    const event = captured(success.razorpay_payment_id, orderId);
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => customer.post('/topup/confirm', success)),
      ...Array.from({ length: 10 }, (_, n) => webhook(event, { eventId: `evt_race_${n % 3}` })),
      reconcileTopups(world.ctx, { limit: 100, all: true }).then(() => ({ status: 200 })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await balanceOf(customer)).toBe(10_000);
    const ledger = await customer.get<Page<LedgerEntry>>('/transactions');
    expect(ledger.body.items).toHaveLength(1);
  });

  it('after a failed attempt, too', async () => {
    const customer = liveCustomer();
    const { id, orderId } = await orderOf(customer);
    await lever(world, `/orders/${orderId}/fail`, {});
    await waitFor(async () => {
      const { body } = await customer.get<Topup>(`/topups/${id}`);
      return body.status === 'failed' ? body : null;
    });
    await pay(world, orderId);
    await paid(customer, id);
    expect(await balanceOf(customer)).toBe(10_000);
  });
});

describe('a confirmation is believed nothing', () => {
  it('refuses a wrong signature', async () => {
    const customer = liveCustomer();
    const { orderId } = await orderOf(customer);
    const success = await pay(world, orderId, { webhook: 'drop' });
    for (const razorpay_signature of [
      '0'.repeat(64),
      'short',
      success.razorpay_signature.slice(1),
    ]) {
      const answer = await customer.post('/topup/confirm', { ...success, razorpay_signature });
      expect([answer.status, refusal(answer).reason]).toEqual([400, 'INVALID_SIGNATURE']);
    }
    expect(await balanceOf(customer)).toBe(0);
  });

  it("does not know another account's order", async () => {
    const owner = liveCustomer();
    const { orderId } = await orderOf(owner);
    const success = await pay(world, orderId, { webhook: 'drop' });
    for (const stranger of [liveCustomer(), testCustomer(world)]) {
      const answer = await stranger.post('/topup/confirm', success);
      expect([answer.status, refusal(answer).reason]).toEqual([404, 'NOT_FOUND']);
      expect(await balanceOf(stranger)).toBe(0);
    }
    expect((await owner.post('/topup/confirm', success)).status).toBe(200);
  });

  it('answers 502 while the provider is down, and credits when it is back', async () => {
    const customer = liveCustomer();
    const { orderId } = await orderOf(customer);
    const success = await pay(world, orderId, { webhook: 'drop' });
    await lever(world, '/faults', { razorpay: { status: 503 } });
    const answer = await customer.post('/topup/confirm', success);
    expect([answer.status, refusal(answer).reason]).toEqual([502, 'PAYMENT_PROVIDER_ERROR']);
    expect((await customer.post('/topup/confirm', success)).status).toBe(200);
    expect(await balanceOf(customer)).toBe(10_000);
  });

  it('replays by its key without asking the provider, and refuses the key for another', async () => {
    const customer = liveCustomer();
    const { id, orderId } = await orderOf(customer);
    const success = await pay(world, orderId, { webhook: 'drop' });
    const key = { 'idempotency-key': 'confirm-once' };
    expect((await customer.post('/topup/confirm', success, key)).status).toBe(200);
    await lever(world, '/faults', { razorpay: { status: 500, times: 5 } });
    const replay = await customer.post<Topup>('/topup/confirm', success, key);
    expect(replay.body).toMatchObject({ id, status: 'paid' });
    const other = { ...success, razorpay_payment_id: 'pay_other' };
    const reused = await customer.post('/topup/confirm', other, key);
    expect([reused.status, refusal(reused).reason]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });
});

describe('webhooks', () => {
  it('are refused without a valid signature, and nothing is stored', async () => {
    const customer = liveCustomer();
    const { orderId } = await orderOf(customer);
    const forged = captured('pay_forged', orderId);
    const answer = await webhook(forged, { eventId: 'evt_forged', secret: 'another secret' });
    expect([answer.status, ((await answer.json()) as ErrorBody).reason]).toEqual([
      400,
      'INVALID_SIGNATURE',
    ]);
    const unsigned = await fetch(`${world.url}/api/webhooks/razorpay-hourly`, {
      method: 'POST',
      body: JSON.stringify(forged),
      headers: { 'x-razorpay-event-id': 'evt_forged' },
    });
    expect(unsigned.status).toBe(400);
    expect(await eventRows('evt_forged')).toEqual([]);
    expect(await balanceOf(customer)).toBe(0);
  });

  it('of unknown types are stored and done', async () => {
    const answer = await webhook(
      { event: 'invoice.paid', payload: {} },
      { eventId: 'evt_invoice' },
    );
    expect(answer.status).toBe(200);
    expect(await eventRows('evt_invoice')).toMatchObject([
      { type: 'invoice.paid', processed_at: expect.any(Date) },
    ]);
  });

  it('keep what they cannot credit for the operator', async () => {
    const customer = liveCustomer();
    const { orderId } = await orderOf(customer);
    const events = [
      captured('pay_unknown', 'order_unknown'),
      captured('pay_orderless', null),
      captured('pay_toolittle', orderId, 829_999),
      captured('pay_dollars', orderId, 830_000, 'USD'),
    ];
    for (const [n, event] of events.entries()) {
      expect((await webhook(event, { eventId: `evt_kept_${n}` })).status).toBe(200);
    }
    expect(await balanceOf(customer)).toBe(0);
    const kept = await world.db.owner.query(
      "select payment_id from hourly_payments where status = 'kept' order by 1",
    );
    expect(kept.rows.map((row) => row.payment_id)).toEqual(
      expect.arrayContaining(['pay_dollars', 'pay_orderless', 'pay_toolittle', 'pay_unknown']),
    );
  });

  it('are stored though they cannot be read, and answered 200', async () => {
    const answer = await webhook(
      { event: 'payment.captured', payload: {} },
      { eventId: 'evt_bad' },
    );
    expect(answer.status).toBe(200);
    expect(await eventRows('evt_bad')).toMatchObject([{ processed_at: null, attempts: 1 }]);
  });

  it('are known by their body where they have no id', async () => {
    const event = { event: 'invoice.expired', payload: { n: 1 } };
    expect(await (await webhook(event)).json()).toEqual({ received: true, duplicate: false });
    expect(await (await webhook(event)).json()).toEqual({ received: true, duplicate: true });
  });

  it('are refused when too long, and by other methods', async () => {
    const long = await webhook({ event: 'x', payload: { text: 'x'.repeat(1_000_001) } });
    expect(long.status).toBe(413);
    const got = await fetch(`${world.url}/api/webhooks/razorpay-hourly`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('a provider that fails makes no second order', () => {
  const ordersOf = async (topupId: string): Promise<unknown[]> => {
    const response = await fetch(`${world.sandbox.url}/v1/orders?receipt=${topupId}`, {
      headers: { authorization: `Basic ${btoa(`${secrets.keyId}:${secrets.keySecret}`)}` },
    });
    return ((await response.json()) as { items: unknown[] }).items;
  };

  it.each([
    ['a 500', { status: 500 }],
    ['a 502 in HTML', { status: 502 }],
    ['a 400', { status: 400 }],
    ['a dropped connection', { mode: 'reset' }],
    ['a timeout', { mode: 'hang', hangMs: 2_000 }],
    ['an answer that is lost after the order was made', { mode: 'lose_answer' }],
  ])('%s', async (_name, fault) => {
    const customer = liveCustomer();
    const key = { 'idempotency-key': 'order-once' };
    await lever(world, '/faults', { razorpay: { ...fault, match: 'POST /v1/orders' } });
    const failed = await customer.post('/topup', { amountCents: 10_000 }, key);
    expect([failed.status, refusal(failed).reason]).toEqual([502, 'PAYMENT_PROVIDER_ERROR']);
    expect(refusal(failed).message).not.toMatch(/500|socket|timeout|razorpay/i);

    const retried = await customer.post<Topup>('/topup', { amountCents: 10_000 }, key);
    expect(retried.status).toBe(200);
    const list = await customer.get<Page<Topup>>('/topups');
    expect(list.body.items.map(({ id }) => id)).toEqual([retried.body.id]);
    expect(await ordersOf(retried.body.id)).toHaveLength(1);
  });

  it('and neither do calls at the same time', async () => {
    const customer = liveCustomer();
    const key = { 'idempotency-key': 'order-race' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => customer.post<Topup>('/topup', { amountCents: 10_000 }, key)),
    );
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect([answer.status, refusal(answer).reason]).toEqual([409, 'REQUEST_IN_PROGRESS']);
    }
    expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
    expect(await ordersOf(done[0]?.body.id ?? '')).toHaveLength(1);
  });

  it('and reconciliation finds the order that was lost', async () => {
    const customer = liveCustomer();
    await lever(world, '/faults', { razorpay: { mode: 'lose_answer', match: 'POST /v1/orders' } });
    await customer.post('/topup', { amountCents: 10_000 });
    const list = await customer.get<Page<Topup>>('/topups');
    expect(list.body.items).toMatchObject([{ status: 'created', checkout: null }]);
    await reconcileTopups(world.ctx, { limit: 100, all: true });
    const [topup] = (await customer.get<Page<Topup>>('/topups')).body.items;
    expect(topup?.checkout?.orderId).toMatch(/^order_/);
  });
});
