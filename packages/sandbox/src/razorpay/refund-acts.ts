import { razorpayId } from '../ids.ts';
import type { Notes, Payment, Refund } from './entities.ts';
import { badRequest, conflict } from './errors.ts';
import { withRefunded } from './payment-entity.ts';
import type { Announcing } from './webhooks/manner.ts';
import type { NextRefund, RazorpayWorld } from './world.ts';

/** Most banks take nothing back after half a year (https://razorpay.com/docs/payments/refunds/errors). */
const REFUNDABLE_FOR_SECONDS = 183 * 24 * 3600;

export interface RefundRequest {
  /** Default: all that is left. */
  amount?: number | undefined;
  notes?: Notes | undefined;
  receipt?: string | null | undefined;
  speed?: Refund['speed_requested'] | undefined;
}

/** What is to be given back, or why it can't be. */
function refundable(world: RazorpayWorld, payment: Payment, wanted: number | undefined): number {
  if (!payment.captured) {
    throw badRequest('The payment status should be captured for action to be taken');
  }
  const left = payment.amount - payment.amount_refunded;
  if (left === 0) throw badRequest('The payment has been fully refunded already');
  if (world.clock.seconds() - payment.created_at > REFUNDABLE_FOR_SECONDS) {
    throw badRequest(
      'Refund is not supported by the bank because the payment is more than 6 months old',
    );
  }
  const amount = wanted ?? left;
  if (amount > payment.amount) {
    throw badRequest('The refund amount provided is greater than amount captured', 'amount');
  }
  if (amount > left) {
    throw badRequest('The total refund amount is greater than the refund payment amount', 'amount');
  }
  return amount;
}

function newRefund(
  world: RazorpayWorld,
  payment: Payment,
  request: RefundRequest & { amount: number; status: Refund['status'] },
): Refund {
  return {
    id: razorpayId('rfnd'),
    entity: 'refund',
    amount: request.amount,
    currency: payment.currency,
    payment_id: payment.id,
    notes: request.notes ?? [],
    receipt: request.receipt ?? null,
    acquirer_data: { arn: null },
    created_at: world.clock.seconds(),
    batch_id: null,
    status: request.status,
    speed_processed: 'normal',
    speed_requested: request.speed ?? 'normal',
  };
}

/** Makes a refund that goes as the next one is ordered to go, and announces it. */
export function makeRefund(
  world: RazorpayWorld,
  payment: Payment,
  request: RefundRequest & Announcing,
  next: NextRefund,
): Refund {
  const amount = refundable(world, payment, request.amount);
  if (next.outcome === 'conflict') {
    throw conflict('Another request with the same idempotency key is still in progress');
  }
  if (next.outcome === 'refused') {
    throw badRequest(
      'Your account does not have enough balance to carry out the refund operation. You can add funds to your account from your Razorpay dashboard or capture new payments.',
    );
  }
  const isAtOnce = next.outcome === 'processed' && next.afterSeconds === 0;
  const status = isAtOnce ? 'processed' : 'pending';
  const refund = newRefund(world, payment, { ...request, amount, status });
  const after = world.tables.payments.put(withRefunded(payment, amount));
  world.tables.refunds.put(refund);

  const entities = { refund, payment: after };
  const created = { event: 'refund.created', entities } as const;
  const processed = { event: 'refund.processed', entities } as const;
  world.webhooks.announce(isAtOnce ? [created, processed] : [created], request);
  planOutcome(world, refund, next, request);
  return refund;
}

/** A refund that is pending now and is to end by itself. */
function planOutcome(
  world: RazorpayWorld,
  refund: Refund,
  next: NextRefund,
  announcing: Announcing,
): void {
  if (refund.status !== 'pending' || next.outcome === 'pending') return;
  const hasFailed = next.outcome === 'failed';
  if (next.afterSeconds === 0) {
    settleRefund(world, refund, hasFailed ? 'failed' : 'processed', announcing);
    return;
  }
  const atMs = world.clock.nowMs() + next.afterSeconds * 1000;
  world.agenda.plan(hasFailed ? 'fail_refund' : 'process_refund', refund.id, atMs);
}

/** Ends a pending refund and announces it. A failed one gives the amount back to the payment. */
export function settleRefund(
  world: RazorpayWorld,
  refund: Refund,
  status: 'processed' | 'failed',
  announcing: Announcing = {},
): Refund {
  if (refund.status !== 'pending') throw badRequest(`The refund is ${refund.status} already`);
  const payment = world.tables.payments.get(refund.payment_id);
  if (!payment) throw badRequest('The payment of the refund is forgotten');
  const settled = world.tables.refunds.put({ ...refund, status });
  const after = status === 'failed' ? withRefunded(payment, -refund.amount) : payment;
  world.tables.payments.put(after);
  const entities = { refund: settled, payment: after };
  world.webhooks.announce([{ event: `refund.${status}`, entities }], announcing);
  return settled;
}

/**
 * Razorpay gives back an authorised payment of its own accord: announced like any refund, with a
 * payment that was never `captured` (https://razorpay.com/docs/webhooks/refunds).
 */
export function giveBack(
  world: RazorpayWorld,
  payment: Payment,
  announcing: Announcing = {},
): Payment {
  if (payment.status !== 'authorized') return payment;
  const after = world.tables.payments.put(withRefunded(payment, payment.amount));
  const request = { amount: payment.amount, status: 'processed' as const };
  const refund = world.tables.refunds.put(newRefund(world, payment, request));
  const entities = { refund, payment: after };
  world.webhooks.announce(
    [
      { event: 'refund.created', entities },
      { event: 'refund.processed', entities },
    ],
    announcing,
  );
  return after;
}
