import { type DisputeRequest, type DisputeTurn, openDispute, turnDispute } from './disputes.ts';
import {
  checkoutSignature,
  type Dispute,
  type Order,
  type Payment,
  type Refund,
} from './entities.ts';
import type { RazorpayError } from './errors.ts';
import { findOrder, makeOrder } from './orders.ts';
import {
  type Attempt,
  type Authorizing,
  authorizePayment,
  beginPayment,
  capturePayment,
  declineOrder,
  failPayment,
  payOrder,
  takePayment,
} from './payment-acts.ts';
import { type FailureName, failures } from './payment-entity.ts';
import { findPayment } from './payments.ts';
import { makeRefund, type RefundRequest, settleRefund } from './refund-acts.ts';
import { findRefund } from './refunds.ts';
import type { Announcing } from './webhooks/manner.ts';
import type { NextRefund, RazorpayWorld, RefundOutcome } from './world.ts';

/** What checkout's handler gets. */
export interface CheckoutSuccess {
  razorpay_payment_id: string;
  razorpay_order_id: string;
  razorpay_signature: string;
}

/** What `POST /v1/orders` takes. */
export interface OrderRequest {
  amount: number;
  currency?: string | undefined;
  receipt?: string | undefined;
  notes?: Record<string, string> | undefined;
  payment?: object | undefined;
}

export interface NextRefunds {
  outcome: RefundOutcome;
  /** How many; 0 takes back what was ordered. Default 1. */
  times?: number | undefined;
  /** By the clock. Default 0. */
  afterSeconds?: number | undefined;
}

export type DashboardRefund = RefundRequest &
  Announcing & { outcome?: RefundOutcome | undefined; afterSeconds?: number | undefined };

/**
 * What payers, banks and the merchant's colleagues do at Razorpay. Each act is done when it returns;
 * its webhooks are on their way. What Razorpay refuses throws a `Problem` with its reply.
 */
export interface RazorpayControls {
  /** An order that another product of the same account made. Currency INR unless said. */
  createOrder(request: OrderRequest): Order;
  /** A captured payment of another product, without an order. */
  takePayment(about: { amount: number; currency?: string | undefined } & Announcing): Payment;
  /** The payer pays: captured (authorised with manual capture) and announced. */
  pay(orderId: string, options?: Attempt & Announcing): CheckoutSuccess;
  /** An attempt the bank refuses. The order stays payable. */
  fail(
    orderId: string,
    options?: Attempt & Announcing & { failure?: FailureName | undefined },
  ): { error: RazorpayError };
  /** The payer begins; no bank has answered yet. Fails by itself after 10 minutes of the clock. */
  begin(orderId: string, options?: Attempt): Payment;
  /** The payer pays, and it stays authorised, unless and until `captureAfterSeconds` have passed. */
  authorize(
    orderId: string,
    options?: Attempt & Announcing & { captureAfterSeconds?: number | null | undefined },
  ): Payment;
  /** The bank confirms a payment that was begun or has failed. */
  authorizePayment(paymentId: string, options?: Authorizing): Payment;
  /** Captured from the dashboard. */
  capturePayment(paymentId: string, options?: Announcing): Payment;
  failPayment(
    paymentId: string,
    options?: Announcing & { failure?: FailureName | undefined },
  ): Payment;
  /** Refunded from the dashboard, whole unless `amount` is given. */
  refund(paymentId: string, options?: DashboardRefund): Refund;
  /** Orders how the next refunds made by the API go. */
  nextRefunds(next: NextRefunds): void;
  settleRefund(refundId: string, status: 'processed' | 'failed', options?: Announcing): Refund;
  dispute(paymentId: string, options?: DisputeRequest & Announcing): Dispute;
  turnDispute(disputeId: string, turn: DisputeTurn, options?: Announcing): Dispute;
  /** What the API would answer now, without asking it. Newest first; undefined when unknown. */
  order(id: string): Order | undefined;
  payment(id: string): Payment | undefined;
  refundOf(id: string): Refund | undefined;
  paymentsOf(orderId: string): Payment[];
  refundsOf(paymentId: string): Refund[];
  disputesOf(paymentId: string): Dispute[];
}

const failureOf = (name: FailureName | undefined) => ({ failure: failures[name ?? 'declined'] });

function describeFailure(payment: Payment): { error: RazorpayError } {
  return {
    error: {
      code: payment.error_code ?? '',
      description: payment.error_description ?? '',
      source: payment.error_source ?? '',
      step: payment.error_step ?? '',
      reason: payment.error_reason ?? '',
      metadata: { order_id: payment.order_id ?? '', payment_id: payment.id },
    },
  };
}

export function createControls(world: RazorpayWorld): RazorpayControls {
  const { tables } = world;
  const order = (id: string) => findOrder(world, id);
  const payment = (id: string) => findPayment(world, id);
  const begin = (orderId: string, options: Attempt = {}) =>
    beginPayment(world, order(orderId), options);
  return {
    createOrder: (request) => makeOrder(world, { currency: 'INR', ...request }),
    takePayment: (about) => takePayment(world, about),
    pay(orderId, options = {}) {
      const paid = payOrder(world, order(orderId), options);
      return {
        razorpay_payment_id: paid.id,
        razorpay_order_id: orderId,
        razorpay_signature: checkoutSignature(orderId, paid.id, world.keySecret),
      };
    },
    fail: (orderId, options = {}) =>
      describeFailure(
        declineOrder(world, order(orderId), { ...options, ...failureOf(options.failure) }),
      ),
    begin,
    authorize(orderId, { captureAfterSeconds = null, ...options } = {}) {
      const begun = begin(orderId, options);
      return authorizePayment(world, begun, { ...options, captureAfterSeconds });
    },
    authorizePayment: (id, options = {}) => authorizePayment(world, payment(id), options),
    capturePayment: (id, options = {}) => capturePayment(world, payment(id), options),
    failPayment: (id, options = {}) =>
      failPayment(world, payment(id), { ...options, ...failureOf(options.failure) }),
    refund(id, { outcome = 'processed', afterSeconds = 0, ...request } = {}) {
      return makeRefund(world, payment(id), request, { outcome, afterSeconds });
    },
    nextRefunds({ outcome, times = 1, afterSeconds = 0 }) {
      const next: NextRefund = { outcome, afterSeconds };
      world.nextRefunds = Array.from({ length: times }, () => next);
    },
    settleRefund: (id, status, options = {}) =>
      settleRefund(world, findRefund(world, id), status, options),
    dispute: (id, options = {}) => openDispute(world, payment(id), options, options),
    turnDispute: (id, turn, options = {}) => turnDispute(world, id, turn, options),
    order: tables.orders.get,
    payment: tables.payments.get,
    refundOf: tables.refunds.get,
    paymentsOf: (orderId) => [...tables.payments.where('order', orderId)],
    refundsOf: (paymentId) => [...tables.refunds.where('payment', paymentId)],
    disputesOf: (paymentId) => [...tables.disputes.where('payment', paymentId)],
  };
}
