import { createHash } from 'node:crypto';
import type { Call, Reply } from '../http.ts';
import { collection, type Refund } from './entities.ts';
import { badRequest, conflict, unknownId } from './errors.ts';
import {
  pageOf,
  parseAmount,
  parseId,
  parseNotes,
  parsePage,
  parseReceipt,
  readObject,
  refuseUnknown,
} from './input.ts';
import { findPayment } from './payments.ts';
import { makeRefund } from './refund-acts.ts';
import type { NextRefund, RazorpayWorld } from './world.ts';

const KNOWN_FIELDS = ['amount', 'speed', 'notes', 'receipt'] as const;

/** At least 10 letters, digits, hyphens and underscores; null when there is none. */
function idempotencyKey(call: Call): string | null {
  const header = call.request.headers['x-refund-idempotency'];
  if (typeof header !== 'string') return null;
  if (header.length < 10) {
    throw badRequest('The idempotency key must be at least 10 characters long.');
  }
  if (!/^[A-Za-z0-9_-]{10,255}$/.test(header)) {
    throw badRequest(
      'The idempotency key must only contain alphanumeric characters, underscores, and hyphens',
    );
  }
  return header;
}

/** The refund an idempotency key made before, if any; another request under the key is refused. */
function replayed(world: RazorpayWorld, key: string | null, hash: string): Refund | null {
  const seen = key === null ? undefined : world.tables.refundKeys.get(key);
  if (!seen) return null;
  if (seen.hash !== hash) {
    throw conflict('Different request with the same idempotency key has already been processed.');
  }
  return world.tables.refunds.get(seen.refundId) ?? null;
}

const AS_USUAL: NextRefund = { outcome: 'processed', afterSeconds: 0 };

/**
 * POST /v1/payments/:id/refund, whole or part. A header `X-Refund-Idempotency` makes a repetition
 * answer the first refund, as it is now. It is `processed` at once unless the switchboard ordered
 * another outcome for the next ones. Refusals are not remembered.
 */
export async function createRefund(world: RazorpayWorld, call: Call): Promise<Reply> {
  const key = idempotencyKey(call);
  const body = await readObject(call.request);
  refuseUnknown(body, KNOWN_FIELDS);
  const payment = findPayment(world, call.params.id);
  const hash = createHash('sha256')
    .update(`${payment.id} ${JSON.stringify(body)}`)
    .digest('hex');
  const before = replayed(world, key, hash);
  if (before) return { status: 200, body: before };

  if (![undefined, 'normal', 'optimum'].includes(body.speed as string | undefined)) {
    throw badRequest('The selected speed is invalid.', 'speed');
  }
  const request = {
    amount:
      body.amount === undefined || body.amount === null ? undefined : parseAmount(body.amount),
    notes: parseNotes(body.notes),
    receipt: parseReceipt(body.receipt),
    speed: body.speed === 'optimum' ? ('optimum' as const) : ('normal' as const),
  };
  const refund = makeRefund(world, payment, request, world.nextRefunds.shift() ?? AS_USUAL);
  if (key !== null) world.tables.refundKeys.put({ id: key, refundId: refund.id, hash });
  return { status: 200, body: refund };
}

/** The refund, or a refusal in Razorpay's words. */
export function findRefund(world: RazorpayWorld, id: string | undefined): Refund {
  const refund = world.tables.refunds.get(parseId(id, 'rfnd'));
  if (!refund) throw unknownId();
  return refund;
}

/** GET /v1/refunds, newest first. */
export function listRefunds(world: RazorpayWorld, call: Call): Reply {
  const page = parsePage(call.query);
  return { status: 200, body: collection(pageOf(world.tables.refunds.newestFirst(), page)) };
}

/** GET /v1/refunds/:id and GET /v1/payments/:paymentId/refunds/:id */
export function fetchRefund(world: RazorpayWorld, call: Call): Reply {
  const refund = findRefund(world, call.params.id);
  const { paymentId } = call.params;
  if (paymentId !== undefined && paymentId !== refund.payment_id) throw unknownId();
  return { status: 200, body: refund };
}

/** GET /v1/payments/:id/refunds, newest first. */
export function listPaymentRefunds(world: RazorpayWorld, call: Call): Reply {
  const payment = findPayment(world, call.params.id);
  const rows = world.tables.refunds.where('payment', payment.id);
  return { status: 200, body: collection(pageOf(rows, parsePage(call.query))) };
}
