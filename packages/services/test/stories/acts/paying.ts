import { createHmac } from 'node:crypto';
import { confirmTopup } from '../../../src/index.ts';
import { type Cast, type Customer, pick, Wrong } from '../cast.ts';
import type { ActOf } from '../chapter.ts';
import { attempt, paymentsOf, topupsOf } from './look-up.ts';
import { run } from './run.ts';

const wholeDayPaise = 830_000;

/** A customer pays an order, or tries to. */
export async function pay(cast: Cast, customer: Customer, act: ActOf<'pay'>): Promise<boolean> {
  const { razorpay } = cast.stage.provider;
  if (act.order === 'none') {
    cast.foreignPayments.unshift(razorpay.takePayment({ amount: 50_000 + act.nth }).id);
    return true;
  }
  const orderId = await orderToPay(cast, customer, act);
  if (orderId === undefined) return false;
  const done = attempt(() => {
    switch (act.payment) {
      case 'right':
        return razorpay.pay(orderId);
      case 'second':
        return razorpay.pay(orderId, { again: true });
      case 'short':
        return razorpay.pay(orderId, { again: true, amount: wholeDayPaise - 1 - act.nth });
      case 'in dollars':
        return razorpay.pay(orderId, { again: true, currency: 'USD' });
      case 'fails':
        return razorpay.fail(orderId);
      case 'begins':
        return razorpay.begin(orderId, { again: act.nth % 2 === 1 });
      case 'is held':
        return razorpay.authorize(orderId, { again: act.nth % 2 === 1 });
    }
  });
  return done !== null;
}

async function orderToPay(
  cast: Cast,
  customer: Customer,
  { order, nth }: ActOf<'pay'>,
): Promise<string | undefined> {
  const { provider, list } = cast.stage;
  if (order === 'foreign') {
    const known = nth % 2 === 1 ? pick(cast.foreignOrders, nth) : undefined;
    if (known !== undefined) return known;
    const { id } = provider.razorpay.createOrder({ amount: wholeDayPaise });
    cast.foreignOrders.unshift(id);
    return id;
  }
  const topups = await topupsOf(cast, customer);
  if (order === 'shown') {
    return pick(
      topups.flatMap(({ orderId }) => orderId ?? []),
      nth,
    );
  }
  const orphans = topups.filter(({ orderId }) => orderId === null);
  if (orphans.length === 0) return undefined;
  const orders = await list<{ id: string; receipt: string | null }>('orders');
  const lost = orders.filter((one) => orphans.some(({ topupId }) => topupId === one.receipt));
  const orderId = pick(lost, nth)?.id;
  if (orderId !== undefined && !customer.lostOrders.includes(orderId)) {
    customer.lostOrders.unshift(orderId);
  }
  return orderId;
}

/** What nobody has answered yet, has failed, or is held, goes through after all. */
export async function confirmLate(
  cast: Cast,
  customer: Customer,
  { nth, by, captureAfterSeconds }: ActOf<'confirmLate'>,
): Promise<boolean> {
  const { razorpay } = cast.stage.provider;
  const payments = await paymentsOf(cast, customer);
  const wanted = by === 'bank' ? ['created', 'failed'] : ['authorized'];
  const payment = pick(
    payments.filter(({ status }) => wanted.includes(status)),
    nth,
  );
  if (payment === undefined) return false;
  const done = attempt(() =>
    by === 'bank'
      ? razorpay.authorizePayment(payment.id, {
          ...(captureAfterSeconds !== null && { captureAfterSeconds }),
        })
      : razorpay.capturePayment(payment.id),
  );
  return done !== null;
}

/** A browser reports a payment: its customer's, or a stranger's who would like to have it. */
export async function confirm(
  cast: Cast,
  customer: Customer,
  act: ActOf<'confirm'>,
): Promise<boolean> {
  const payment = await paymentToConfirm(cast, customer, act);
  if (payment === undefined) return false;
  const { orderId, paymentId } = payment;
  const stranger = cast.customers.find((other) => other !== customer);
  const isStranger = act.by === 'stranger' && stranger !== undefined;
  const isForged = act.signature === 'forged';
  const secret = isForged ? 'a guess' : 'the key';
  const signature = createHmac('sha256', secret).update(`${orderId}|${paymentId}`).digest('hex');
  const expected = isStranger ? 'NOT_FOUND' : isForged ? 'INVALID_SIGNATURE' : null;
  const allowed = expected === null ? [] : [expected as 'NOT_FOUND'];
  const { accountId } = isStranger ? stranger : customer;
  const input = { accountId, orderId, paymentId, signature };
  const request = { key: `${isForged} ${paymentId}`, inputHash: signature };

  const part = { role: 'web', accident: act.accident, allowed } as const;
  const outcome = await run(cast, act, part, (ctx) => confirmTopup(ctx, { ...input, request }));
  if (outcome.is !== 'done') return true;
  if (expected !== null) throw new Wrong(`a confirmation that had to be refused: ${expected}`);
  const { status } = outcome.result;
  if (payment.isRight && status !== 'paid' && status !== 'refunded') {
    throw new Wrong(`a confirmed payment, and the top-up is ${status}`);
  }
  return true;
}

async function paymentToConfirm(
  cast: Cast,
  customer: Customer,
  { nth }: ActOf<'confirm'>,
): Promise<{ orderId: string; paymentId: string; isRight: boolean } | undefined> {
  const topups = (await topupsOf(cast, customer)).filter(({ orderId }) => orderId !== null);
  const topup = pick(topups, nth);
  const orderId = topup?.orderId;
  if (topup === undefined || orderId == null) return undefined;
  const payment = pick(cast.stage.provider.razorpay.paymentsOf(orderId), nth);
  if (payment === undefined) return undefined;
  const { amount, currency, status } = payment;
  const isRight = status === 'captured' && amount === topup.amountCents * 83 && currency === 'INR';
  return { orderId, paymentId: payment.id, isRight };
}
