import { createHash } from 'node:crypto';
import type { Call, Reply } from '../http.ts';
import { razorpayId } from '../ids.ts';
import { collection, nowSeconds, type Payment, type Refund } from './entities.ts';
import { badRequest, unknownId } from './errors.ts';
import {
  pageOf,
  parseAmount,
  parseNotes,
  parsePage,
  parseReceipt,
  readObject,
  refuseUnknown,
} from './input.ts';
import type { RazorpayWorld } from './world.ts';

const KNOWN_FIELDS = ['amount', 'speed', 'notes', 'receipt'] as const;
const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{10,255}$/;

/** The payment after `amount` more (or, negative, less) of it has been given back. */
function withRefunded(payment: Payment, amount: number): Payment {
  const refunded = payment.amount_refunded + amount;
  const isFull = refunded === payment.amount;
  return {
    ...payment,
    amount_refunded: refunded,
    refund_status: isFull ? 'full' : refunded > 0 ? 'partial' : null,
    status: isFull ? 'refunded' : 'captured',
  };
}

function refundAmount(payment: Payment, value: unknown): number {
  if (!payment.captured) {
    throw badRequest('The payment status should be captured for action to be taken');
  }
  const left = payment.amount - payment.amount_refunded;
  if (left === 0) throw badRequest('The payment has been fully refunded already');
  const amount = value === undefined || value === null ? left : parseAmount(value, 100);
  if (amount > left) {
    throw badRequest('The total refund amount is greater than the refund payment amount', 'amount');
  }
  return amount;
}

/** The refund an idempotency key made before, if any; another body under the key is refused. */
function replayed(world: RazorpayWorld, key: string | null, hash: string): Refund | null {
  if (key === null) return null;
  const seen = world.tables.refundKeys.get(key);
  if (!seen) return null;
  if (seen.hash !== hash) {
    throw badRequest('Different request body sent with the same idempotency key');
  }
  return world.tables.refunds.get(seen.refundId) ?? null;
}

/**
 * POST /v1/payments/:id/refund, whole or part. A header `X-Refund-Idempotency` makes a repetition
 * answer the first refund. The outcome is `processed` unless the switchboard ordered another.
 */
export async function createRefund(world: RazorpayWorld, call: Call): Promise<Reply> {
  const body = await readObject(call.request);
  refuseUnknown(body, KNOWN_FIELDS);
  const payment = world.tables.payments.get(call.params.id ?? '');
  if (!payment) throw unknownId();

  const header = call.request.headers['x-refund-idempotency'];
  const key = typeof header === 'string' ? header : null;
  if (key !== null && !IDEMPOTENCY_KEY.test(key)) {
    throw badRequest('The idempotency key must have at least 10 characters of [A-Za-z0-9_-].');
  }
  const hash = createHash('sha256')
    .update(`${payment.id} ${JSON.stringify(body)}`)
    .digest('hex');
  const before = replayed(world, key, hash);
  if (before) return { status: 200, body: before };

  const outcome = world.refundOutcomes.shift() ?? 'processed';
  const refund: Refund = {
    id: razorpayId('rfnd'),
    entity: 'refund',
    amount: refundAmount(payment, body.amount),
    currency: payment.currency,
    payment_id: payment.id,
    notes: parseNotes(body.notes),
    receipt: parseReceipt(body.receipt),
    acquirer_data: { arn: null },
    created_at: nowSeconds(),
    batch_id: null,
    status: outcome === 'processed' ? 'processed' : 'pending',
    speed_processed: 'normal',
    speed_requested: body.speed === 'optimum' ? 'optimum' : 'normal',
  };
  const refunded = withRefunded(payment, refund.amount);
  world.tables.payments.put(refunded);
  world.tables.refunds.put(refund);
  if (key !== null) world.tables.refundKeys.put({ id: key, refundId: refund.id, hash });

  const entities = { refund, payment: refunded };
  world.webhooks.announce({ event: 'refund.created', entities });
  if (outcome === 'processed') world.webhooks.announce({ event: 'refund.processed', entities });
  if (outcome === 'failed') settleRefund(world, refund.id, 'failed');
  return { status: 200, body: refund };
}

/** Ends a pending refund and announces it. A failed one gives the amount back to the payment. */
export function settleRefund(
  world: RazorpayWorld,
  id: string,
  status: 'processed' | 'failed',
): Refund {
  const refund = world.tables.refunds.get(id);
  if (!refund) throw unknownId();
  const payment = world.tables.payments.get(refund.payment_id);
  if (!payment) throw unknownId();
  if (refund.status !== 'pending') throw badRequest(`The refund is ${refund.status} already`);

  const settled = world.tables.refunds.put({ ...refund, status });
  const after = status === 'failed' ? withRefunded(payment, -refund.amount) : payment;
  world.tables.payments.put(after);
  const entities = { refund: settled, payment: after };
  world.webhooks.announce({ event: `refund.${status}`, entities });
  return settled;
}

/** GET /v1/refunds, newest first. */
export function listRefunds(world: RazorpayWorld, call: Call): Reply {
  const page = parsePage(call.query);
  return { status: 200, body: collection(pageOf(world.tables.refunds.newestFirst(), page)) };
}

/** GET /v1/refunds/:id and GET /v1/payments/:paymentId/refunds/:id */
export function fetchRefund(world: RazorpayWorld, call: Call): Reply {
  const refund = world.tables.refunds.get(call.params.id ?? '');
  const isOfPayment = [undefined, refund?.payment_id].includes(call.params.paymentId);
  if (!refund || !isOfPayment) throw unknownId();
  return { status: 200, body: refund };
}

/** GET /v1/payments/:id/refunds, newest first. */
export function listPaymentRefunds(world: RazorpayWorld, call: Call): Reply {
  const payment = world.tables.payments.get(call.params.id ?? '');
  if (!payment) throw unknownId();
  const page = parsePage(call.query);
  const rows = world.tables.refunds
    .newestFirst()
    .filter((refund) => refund.payment_id === payment.id);
  return { status: 200, body: collection(pageOf(rows, page)) };
}
