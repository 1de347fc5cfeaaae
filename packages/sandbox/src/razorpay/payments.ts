import { randomInt } from 'node:crypto';
import type { Call, Reply } from '../http.ts';
import { razorpayId } from '../ids.ts';
import {
  collection,
  nowSeconds,
  type Order,
  type Payment,
  type PaymentMethod,
  type RazorpayTables,
} from './entities.ts';
import { badRequest, type RazorpayError, unknownId } from './errors.ts';
import { pageOf, parsePage } from './input.ts';

const FEE_PERMILLE = 20;
const TAX_PERCENT_OF_FEE = 18;

/** What the person at the payment window entered. */
export interface Payer {
  method?: PaymentMethod | undefined;
  email?: string | undefined;
  contact?: string | undefined;
  description?: string | undefined;
}

function newPayment(order: Order, payer: Payer): Payment {
  const method = payer.method ?? 'upi';
  return {
    id: razorpayId('pay'),
    entity: 'payment',
    amount: order.amount,
    currency: order.currency,
    status: 'failed',
    order_id: order.id,
    invoice_id: null,
    international: false,
    method,
    amount_refunded: 0,
    refund_status: null,
    captured: false,
    description: payer.description ?? null,
    card_id: null,
    bank: method === 'netbanking' ? 'HDFC' : null,
    wallet: null,
    vpa: method === 'upi' ? 'success@razorpay' : null,
    email: payer.email ?? 'void@razorpay.com',
    contact: payer.contact ?? '+919999999999',
    notes: [],
    fee: null,
    tax: null,
    error_code: null,
    error_description: null,
    error_source: null,
    error_step: null,
    error_reason: null,
    acquirer_data: {},
    created_at: nowSeconds(),
  };
}

function orderToPay(tables: RazorpayTables, orderId: string): Order {
  const order = tables.orders.get(orderId);
  if (!order) throw unknownId();
  return order;
}

/**
 * A payment that succeeds and is captured at once. Razorpay refuses a second one on a paid order,
 * but lets two that began together both through: `again` does that.
 */
export function capturePayment(
  tables: RazorpayTables,
  orderId: string,
  payer: Payer & { again?: boolean | undefined },
): { order: Order; payment: Payment; isFirst: boolean } {
  const order = orderToPay(tables, orderId);
  const isFirst = order.status !== 'paid';
  if (!isFirst && payer.again !== true) {
    throw badRequest('Payment already done for this order.');
  }
  const feeWithoutTax = Math.round((order.amount * FEE_PERMILLE) / 1000);
  const tax = Math.round((feeWithoutTax * TAX_PERCENT_OF_FEE) / 100);
  const payment = tables.payments.put({
    ...newPayment(order, payer),
    status: 'captured',
    captured: true,
    fee: feeWithoutTax + tax,
    tax,
    acquirer_data: { rrn: String(randomInt(100_000_000_000, 999_999_999_999)) },
  });
  const paid = tables.orders.put({
    ...order,
    status: 'paid',
    attempts: order.attempts + 1,
    amount_paid: order.amount,
    amount_due: 0,
  });
  return { order: paid, payment, isFirst };
}

/** An attempt the bank refuses. The order stays payable. */
export function failPayment(
  tables: RazorpayTables,
  orderId: string,
  payer: Payer,
): { order: Order; payment: Payment; error: RazorpayError } {
  const order = orderToPay(tables, orderId);
  if (order.status === 'paid') throw badRequest('Payment already done for this order.');
  const description =
    "Your payment didn't go through as it was declined by the bank. Try another payment method or contact your bank.";
  const payment = tables.payments.put({
    ...newPayment(order, payer),
    error_code: 'BAD_REQUEST_ERROR',
    error_description: description,
    error_source: 'bank',
    error_step: 'payment_authorization',
    error_reason: 'payment_failed',
  });
  const attempted = tables.orders.put({
    ...order,
    status: 'attempted',
    attempts: order.attempts + 1,
  });
  const error: RazorpayError = {
    code: 'BAD_REQUEST_ERROR',
    description,
    source: 'bank',
    step: 'payment_authorization',
    reason: 'payment_failed',
    metadata: { order_id: order.id, payment_id: payment.id },
  };
  return { order: attempted, payment, error };
}

/** GET /v1/payments, newest first. */
export function listPayments(tables: RazorpayTables, call: Call): Reply {
  const page = parsePage(call.query);
  return { status: 200, body: collection(pageOf(tables.payments.newestFirst(), page)) };
}

/** GET /v1/payments/:id */
export function fetchPayment(tables: RazorpayTables, call: Call): Reply {
  const payment = tables.payments.get(call.params.id ?? '');
  if (!payment) throw unknownId();
  return { status: 200, body: payment };
}

/** POST /v1/payments/:id/capture: every payment here is captured by itself already. */
export function recapturePayment(tables: RazorpayTables, call: Call): Reply {
  const payment = tables.payments.get(call.params.id ?? '');
  if (!payment) throw unknownId();
  throw badRequest(
    payment.captured
      ? 'This payment has already been captured'
      : 'Only payments which have been authorized and not yet captured can be captured',
  );
}
