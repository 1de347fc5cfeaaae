import type { Order, Payment } from './entities.ts';
import { badRequest } from './errors.ts';
import { captureSettingsOf } from './orders.ts';
import {
  authorized,
  captured,
  type Failure,
  failed,
  failures,
  newPayment,
  type Payer,
} from './payment-entity.ts';
import { giveBack } from './refund-acts.ts';
import type { Announcement } from './webhooks/delivery.ts';
import type { Announcing } from './webhooks/manner.ts';
import type { RazorpayWorld } from './world.ts';

/** A payment that no bank answers has failed after this time. */
const TIME_OUT_SECONDS = 10 * 60;

export interface Attempt extends Payer {
  /** Lets a second payment begin on an order that is paid or has an authorised one. */
  again?: boolean | undefined;
  /** What is paid instead of the order's amount. The real one never lets that happen. */
  amount?: number | undefined;
  currency?: string | undefined;
}

/** The order may be paid: Razorpay refuses while a payment of it holds money already. */
function refuseSecond(world: RazorpayWorld, order: Order): void {
  const isHeld = [...world.tables.payments.where('order', order.id)].some(
    ({ status }) => status === 'authorized',
  );
  if (order.status === 'paid' || isHeld) throw badRequest('Payment already done for this order.');
}

/**
 * The payer begins to pay; until the bank answers the payment is `created`. Fails by itself after
 * 10 minutes of the clock.
 */
export function beginPayment(world: RazorpayWorld, order: Order, attempt: Attempt): Payment {
  const payment = startPayment(world, order, attempt);
  const atMs = (payment.created_at + TIME_OUT_SECONDS) * 1000;
  world.agenda.plan('time_out', payment.id, atMs);
  return payment;
}

function startPayment(world: RazorpayWorld, order: Order, attempt: Attempt): Payment {
  if (attempt.again !== true) refuseSecond(world, order);
  const payment = newPayment(
    {
      orderId: order.id,
      amount: attempt.amount ?? order.amount,
      currency: attempt.currency ?? order.currency,
      createdAt: world.clock.seconds(),
    },
    attempt,
  );
  const status = order.status === 'paid' ? 'paid' : 'attempted';
  world.tables.orders.put({ ...order, status, attempts: order.attempts + 1 });
  return world.tables.payments.put(payment);
}

/** Captures the money and marks the order: what `payment.captured` and `order.paid` announce. */
function capture(world: RazorpayWorld, payment: Payment): [Payment, Announcement[]] {
  const after = world.tables.payments.put(captured(payment));
  const announcements: Announcement[] = [
    { event: 'payment.captured', entities: { payment: after } },
  ];
  const order = after.order_id === null ? undefined : world.tables.orders.get(after.order_id);
  if (order && order.status !== 'paid') {
    const paid = world.tables.orders.put({
      ...order,
      status: 'paid',
      amount_paid: after.amount,
      amount_due: Math.max(0, order.amount - after.amount),
    });
    announcements.push({ event: 'order.paid', entities: { payment: after, order: paid } });
  }
  return [after, announcements];
}

/** The bank confirms: authorised, and captured at once where `isCaptured`. */
function confirm(
  world: RazorpayWorld,
  payment: Payment,
  options: Announcing & { isCaptured: boolean },
): Payment {
  const held = world.tables.payments.put(authorized(payment));
  const first: Announcement = { event: 'payment.authorized', entities: { payment: held } };
  if (!options.isCaptured) {
    world.webhooks.announce([first], options);
    return held;
  }
  const [after, rest] = capture(world, held);
  world.webhooks.announce([first, ...rest], options);
  return after;
}

/** The payer pays, and all goes well; an order with manual capture waits authorised. */
export function payOrder(
  world: RazorpayWorld,
  order: Order,
  options: Attempt & Announcing,
): Payment {
  const begun = startPayment(world, order, options);
  const { capture: how } = captureSettingsOf(world, order.id);
  const payment = confirm(world, begun, { ...options, isCaptured: how === 'automatic' });
  if (!payment.captured) planGiveBack(world, payment);
  return payment;
}

/** A payment without an order, captured at once: another product of the account took it. */
export function takePayment(
  world: RazorpayWorld,
  about: { amount: number; currency?: string | undefined } & Payer & Announcing,
): Payment {
  const { amount, currency = 'INR' } = about;
  const createdAt = world.clock.seconds();
  const begun = newPayment({ orderId: null, amount, currency, createdAt }, about);
  return confirm(world, begun, { ...about, isCaptured: true });
}

/** An authorised payment that nobody captures goes back when its time is over. */
function planGiveBack(world: RazorpayWorld, payment: Payment): void {
  const { manualForSeconds } = captureSettingsOf(world, payment.order_id ?? '');
  world.agenda.plan('give_back', payment.id, (payment.created_at + manualForSeconds) * 1000);
}

export interface Authorizing extends Announcing {
  /** Captured by itself only after this time, or (null) not by itself. Default: as the order says. */
  captureAfterSeconds?: number | null | undefined;
}

/**
 * The bank confirms a payment that was begun or had failed, days later even. It is captured at once
 * while the order's time for that runs; later it waits to be captured or given back. Where another
 * payment has paid the order meanwhile, the money goes back immediately.
 * https://razorpay.com/docs/payments/payments/late-authorisation
 */
export function authorizePayment(
  world: RazorpayWorld,
  payment: Payment,
  options: Authorizing,
): Payment {
  if (payment.status !== 'created' && payment.status !== 'failed') {
    throw badRequest(`The payment is ${payment.status} already`);
  }
  const order = world.tables.orders.get(payment.order_id ?? '');
  if (order?.status === 'paid') {
    const held = confirm(world, payment, { ...options, isCaptured: false });
    return giveBack(world, held, options);
  }
  const { capture: how, automaticForSeconds } = captureSettingsOf(world, order?.id ?? '');
  const ageSeconds = world.clock.seconds() - payment.created_at;
  const { captureAfterSeconds } = options;
  const isCaptured =
    captureAfterSeconds === undefined && how === 'automatic' && ageSeconds <= automaticForSeconds;
  const after = confirm(world, payment, { ...options, isCaptured });
  if (isCaptured) return after;
  planGiveBack(world, after);
  if (typeof captureAfterSeconds === 'number') {
    const atMs = world.clock.nowMs() + captureAfterSeconds * 1000;
    world.agenda.plan('capture', payment.id, atMs);
  }
  return world.tables.payments.get(payment.id) ?? after;
}

/** Captures an authorised payment, as the API and the dashboard do. */
export function capturePayment(
  world: RazorpayWorld,
  payment: Payment,
  options: Announcing & { amount?: number; currency?: string } = {},
): Payment {
  if (payment.captured) throw badRequest('This payment has already been captured');
  if (payment.status !== 'authorized') {
    throw badRequest(
      'Only payments which have been authorized and not yet captured can be captured',
    );
  }
  const { amount = payment.amount, currency = payment.currency } = options;
  if (amount !== payment.amount || currency !== payment.currency) {
    throw badRequest('Capture amount must be equal to the amount authorized', 'amount');
  }
  const [after, announcements] = capture(world, payment);
  world.webhooks.announce(announcements, options);
  return after;
}

/** The bank says no, or nobody answers. The order stays payable. */
export function failPayment(
  world: RazorpayWorld,
  payment: Payment,
  options: Announcing & { failure?: Failure },
): Payment {
  if (payment.status !== 'created') throw badRequest(`The payment is ${payment.status} already`);
  const after = world.tables.payments.put(failed(payment, options.failure ?? failures.declined));
  world.webhooks.announce([{ event: 'payment.failed', entities: { payment: after } }], options);
  return after;
}

/** An attempt that fails at once. */
export function declineOrder(
  world: RazorpayWorld,
  order: Order,
  options: Attempt & Announcing & { failure?: Failure },
): Payment {
  return failPayment(world, startPayment(world, order, options), options);
}
