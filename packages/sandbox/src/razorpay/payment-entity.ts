import { randomInt } from 'node:crypto';
import { razorpayId } from '../ids.ts';
import type { Payment, PaymentMethod } from './entities.ts';

const FEE_PERMILLE = 20;
const TAX_PERCENT_OF_FEE = 18;

/** What the person at the payment window entered. */
export interface Payer {
  method?: PaymentMethod | undefined;
  email?: string | undefined;
  contact?: string | undefined;
  description?: string | undefined;
}

/** Why a payment failed: the entity's five `error_` fields. */
export interface Failure {
  description: string;
  source: string;
  step: string;
  reason: string;
}

/** Failures as Razorpay words them (https://razorpay.com/docs/errors/payments). */
export const failures = {
  declined: {
    description:
      "Your payment didn't go through as it was declined by the bank. Try another payment method or contact your bank.",
    source: 'bank',
    step: 'payment_authorization',
    reason: 'payment_failed',
  },
  cancelled: {
    description: 'Your payment has been cancelled. Try again or complete the payment later.',
    source: 'customer',
    step: 'payment_authentication',
    reason: 'payment_cancelled',
  },
  insufficient_funds: {
    description:
      'Your payment could not be completed due to insufficient account balance. Try again with another card or payment method.',
    source: 'customer',
    step: 'payment_authorization',
    reason: 'insufficient_funds',
  },
  timed_out: {
    description: 'Payment was not completed on time.',
    source: 'customer',
    step: 'payment_authentication',
    reason: 'payment_timed_out',
  },
} as const satisfies Record<string, Failure>;
export type FailureName = keyof typeof failures;

/** A payment as it begins: nobody's bank has said anything yet. */
export function newPayment(
  about: { orderId: string | null; amount: number; currency: string; createdAt: number },
  payer: Payer,
): Payment {
  const method = payer.method ?? 'upi';
  const vpa = method === 'upi' ? 'success@razorpay' : null;
  return {
    id: razorpayId('pay'),
    entity: 'payment',
    amount: about.amount,
    currency: about.currency,
    base_amount: about.amount,
    status: 'created',
    order_id: about.orderId,
    invoice_id: null,
    international: false,
    method,
    amount_refunded: 0,
    amount_transferred: 0,
    refund_status: null,
    captured: false,
    description: payer.description ?? null,
    card_id: null,
    bank: method === 'netbanking' ? 'HDFC' : null,
    wallet: null,
    vpa,
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
    acquirer_data: { rrn: null },
    created_at: about.createdAt,
    ...(vpa === null ? {} : { upi: { vpa } }),
  };
}

/** The bank holds the payer's money for us. */
export function authorized(payment: Payment): Payment {
  const wasFailed = payment.status === 'failed';
  return {
    ...payment,
    status: 'authorized',
    error_code: null,
    error_description: null,
    error_source: null,
    error_step: null,
    error_reason: null,
    acquirer_data: { rrn: String(randomInt(100_000_000_000, 999_999_999_999)) },
    ...(wasFailed ? { late_authorized: true as const } : {}),
  };
}

export function captured(payment: Payment): Payment {
  const feeWithoutTax = Math.round((payment.amount * FEE_PERMILLE) / 1000);
  const tax = Math.round((feeWithoutTax * TAX_PERCENT_OF_FEE) / 100);
  return { ...payment, status: 'captured', captured: true, fee: feeWithoutTax + tax, tax };
}

export function failed(payment: Payment, failure: Failure): Payment {
  return {
    ...payment,
    status: 'failed',
    error_code: 'BAD_REQUEST_ERROR',
    error_description: failure.description,
    error_source: failure.source,
    error_step: failure.step,
    error_reason: failure.reason,
  };
}

/** The payment after `amount` more (or, negative, less) of it has been given back. */
export function withRefunded(payment: Payment, amount: number): Payment {
  const refunded = payment.amount_refunded + amount;
  const isFull = refunded === payment.amount;
  const unrefunded = payment.captured ? 'captured' : 'authorized';
  return {
    ...payment,
    amount_refunded: refunded,
    refund_status: isFull ? 'full' : refunded > 0 ? 'partial' : null,
    status: isFull ? 'refunded' : unrefunded,
  };
}
