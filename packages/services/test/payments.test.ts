import { createHmac } from 'node:crypto';
import { ensureAccount, getBalance } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confirmTopup,
  createTopup,
  type PaymentGateway,
  type ProviderPayment,
  receiveWebhook,
  reconcileTopups,
  retryWebhookEvent,
  type ServiceContext,
} from '../src/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const sign = (body: string) => createHmac('sha256', 'hook').update(body).digest('hex');

const unasked = () => Promise.reject(new Error('not asked here'));

/** A provider whose word is what the test says; our side of it is the real one. */
function provide(payments: ProviderPayment[] = []): ServiceContext & { orders: string[] } {
  const orders: string[] = [];
  const gateway: PaymentGateway = {
    keyId: 'rzp_test_x',
    async createOrder({ receipt }) {
      orders.push(receipt);
      return { orderId: `order_${receipt.replaceAll('-', '')}` };
    },
    findOrder: async () => null,
    async fetchPayment(paymentId) {
      const found = payments.find((payment) => payment.paymentId === paymentId);
      if (!found) throw new Error(`no ${paymentId}`);
      return found;
    },
    listOrderPayments: async (orderId) => payments.filter((payment) => payment.orderId === orderId),
    createRefund: unasked,
    fetchRefund: unasked,
    listPaymentRefunds: unasked,
    listPayments: unasked,
    listRefunds: unasked,
    fetchDispute: unasked,
    listDisputes: unasked,
    isCheckoutSignature: ({ signature }) => signature === 'good',
    isWebhookSignature: ({ rawBody, signature }) =>
      signature === sign(Buffer.from(rawBody).toString()),
  };
  return { db, payments: gateway, generator: {} as never, models: ['m'], log: silent, orders };
}

/** The real pool, whose calls of one function fail. */
const brokenFor = (name: string): TestDatabase['pool'] =>
  new Proxy(db.pool, {
    get: (pool, property) => {
      const value = Reflect.get(pool, property, pool);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        String(args[0]).includes(name)
          ? Promise.reject(new Error('the database is down'))
          : value.apply(pool, args);
    },
  });

let users = 0;
async function customer(ctx: ServiceContext) {
  const { accountId } = await ensureAccount(db, { userId: `payer_${++users}`, mode: 'live' });
  const topup = await createTopup(ctx, { accountId, amountCents: 10_000 });
  const orderId = topup.checkout?.orderId ?? '';
  const balance = async () => (await getBalance(db, { accountId })).balanceCents;
  return { accountId, topup, orderId, balance };
}

const payment = (orderId: string, change: Partial<ProviderPayment> = {}): ProviderPayment => ({
  paymentId: `pay_${++users}`,
  orderId,
  amountPaise: 830_000,
  currency: 'INR',
  isCaptured: true,
  wasCaptured: change.isCaptured ?? true,
  refundedPaise: 0,
  ...change,
});

describe('a confirmation', () => {
  it('of a payment that is only authorised changes nothing', async () => {
    const known: ProviderPayment[] = [];
    const ctx = provide(known);
    const { accountId, topup, orderId, balance } = await customer(ctx);
    known.push(payment(orderId, { paymentId: 'pay_authorised', isCaptured: false }));
    const input = { accountId, orderId, paymentId: 'pay_authorised', signature: 'good' };
    expect(await confirmTopup(ctx, input)).toEqual(topup);
    expect(await balance()).toBe(0);
    known[0] = payment(orderId, { paymentId: 'pay_authorised' });
    expect((await confirmTopup(ctx, input)).status).toBe('paid');
    expect(await balance()).toBe(10_000);
  });

  it.each([
    ['another amount', { amountPaise: 829_999 }],
    ['another currency', { currency: 'USD' }],
  ])('of %s is kept for the operator', async (_name, change) => {
    const known: ProviderPayment[] = [];
    const ctx = provide(known);
    const { accountId, orderId, balance } = await customer(ctx);
    const odd = payment(orderId, change);
    known.push(odd);
    const input = { accountId, orderId, paymentId: odd.paymentId, signature: 'good' };
    expect((await confirmTopup(ctx, input)).status).toBe('created');
    expect(await balance()).toBe(0);
    const { rows } = await db.owner.query(
      'select status, why from hourly_payments where payment_id = $1',
      [odd.paymentId],
    );
    expect(rows).toEqual([{ status: 'kept', why: 'amount_mismatch' }]);
  });

  it('of a payment of another order is refused', async () => {
    const known: ProviderPayment[] = [];
    const ctx = provide(known);
    const mine = await customer(ctx);
    const other = await customer(ctx);
    known.push(payment(other.orderId, { paymentId: 'pay_of_other' }));
    const { accountId, orderId } = mine;
    const input = { accountId, orderId, paymentId: 'pay_of_other', signature: 'good' };
    await expect(confirmTopup(ctx, input)).rejects.toMatchObject({ reason: 'INVALID_SIGNATURE' });
    expect([await mine.balance(), await other.balance()]).toEqual([0, 0]);
  });
});

describe('reconciliation', () => {
  it('credits one payment of an order, keeps the second, and goes on when one fails', async () => {
    const known: ProviderPayment[] = [];
    const ctx = provide(known);
    const twice = await customer(ctx);
    const broken = await customer(ctx);
    const unpaid = await customer(ctx);
    known.push(
      payment(twice.orderId),
      payment(twice.orderId),
      payment(unpaid.orderId, { isCaptured: false }),
    );
    const { listOrderPayments } = ctx.payments;
    const failing: ServiceContext = {
      ...ctx,
      payments: {
        ...ctx.payments,
        listOrderPayments: (orderId) =>
          orderId === broken.orderId
            ? Promise.reject(new Error('down'))
            : listOrderPayments(orderId),
      },
    };
    const done = await reconcileTopups(failing, { limit: 1000, all: true });
    expect(done).toMatchObject({ credited: 1, failed: 1 });
    expect(await twice.balance()).toBe(10_000);
    expect([await broken.balance(), await unpaid.balance()]).toEqual([0, 0]);
    const { rows } = await db.owner.query(
      'select status from hourly_payments where order_id = $1 order by 1',
      [twice.orderId],
    );
    expect(rows.map(({ status }) => status)).toEqual(['credited', 'kept']);
  });

  it('does nothing more once it is told to stop', async () => {
    const ctx = provide();
    await customer(ctx);
    const done = await reconcileTopups(ctx, { limit: 10, all: true, signal: AbortSignal.abort() });
    expect(done).toEqual({ checked: 0, credited: 0, failed: 0 });
  });
});

describe('a webhook', () => {
  it('that could not be processed is stored, answered, and retried', async () => {
    const ctx = provide();
    const { orderId, balance } = await customer(ctx);
    const entity = { id: 'pay_retried', order_id: orderId, amount: 830_000, currency: 'INR' };
    const body = JSON.stringify({ event: 'order.paid', payload: { payment: { entity } } });
    const failing = { ...ctx, db: { ...db, pool: brokenFor('add_hourly_balance') } };
    const input = { rawBody: Buffer.from(body), signature: sign(body), eventId: 'evt_retried' };
    await expect(receiveWebhook(failing, input)).resolves.toMatchObject({ isNew: true });
    expect(await balance()).toBe(0);

    const event = { eventId: 'evt_retried' };
    await expect(retryWebhookEvent(failing, event)).rejects.toThrow('evt_retried');
    await retryWebhookEvent(ctx, event);
    await retryWebhookEvent(failing, event);
    expect(await balance()).toBe(10_000);
    await expect(receiveWebhook(ctx, input)).resolves.toMatchObject({ isNew: false });
    expect(await balance()).toBe(10_000);
  });
});
