import type { Call, Reply } from '../http.ts';
import { razorpayId } from '../ids.ts';
import {
  collection,
  type Dispute,
  type DisputePhase,
  type Evidence,
  type Payment,
} from './entities.ts';
import { badRequest, unknownId } from './errors.ts';
import { pageOf, parseExpand, parseId, parsePage } from './input.ts';
import { findPayment } from './payments.ts';
import type { Announcing } from './webhooks/manner.ts';
import type { RazorpayWorld } from './world.ts';

const RESPOND_WITHIN_SECONDS = 7 * 24 * 3600;

export interface DisputeRequest {
  /** Default: the whole payment. */
  amount?: number | undefined;
  /** Default `chargeback`. */
  phase?: DisputePhase | undefined;
}

const noEvidence = (amount: number): Evidence => ({
  amount,
  summary: null,
  shipping_proof: null,
  billing_proof: null,
  cancellation_proof: null,
  customer_communication: null,
  proof_of_service: null,
  explanation_letter: null,
  refund_confirmation: null,
  access_activity_log: null,
  refund_cancellation_policy: null,
  term_and_conditions: null,
  others: null,
  submitted_at: null,
});

/** The payer's bank disputes a captured payment. */
export function openDispute(
  world: RazorpayWorld,
  payment: Payment,
  request: DisputeRequest,
  announcing: Announcing = {},
): Dispute {
  if (!payment.captured) throw badRequest('Only captured payments can be disputed');
  const amount = request.amount ?? payment.amount;
  if (amount > payment.amount) {
    throw badRequest('The amount is greater than the payment', 'amount');
  }
  const now = world.clock.seconds();
  const dispute = world.tables.disputes.put({
    id: razorpayId('disp'),
    entity: 'dispute',
    payment_id: payment.id,
    amount,
    currency: payment.currency,
    amount_deducted: 0,
    reason_code: 'goods_or_services_not_received_or_partially_received',
    reason_description: 'Goods or services not received or partially received',
    respond_by: now + RESPOND_WITHIN_SECONDS,
    status: 'open',
    phase: request.phase ?? 'chargeback',
    created_at: now,
    evidence: noEvidence(amount),
  });
  const entities = { payment, dispute };
  world.webhooks.announce([{ event: 'payment.dispute.created', entities }], announcing);
  return dispute;
}

/**
 * What becomes of a dispute. `under_review`: the merchant has contested it. `action_required`: the
 * evidence doesn't do, and it is open again. The others end it.
 */
export const disputeTurns = ['under_review', 'action_required', 'won', 'lost', 'closed'] as const;
export type DisputeTurn = (typeof disputeTurns)[number];

const LIVING: Record<DisputeTurn, readonly Dispute['status'][]> = {
  under_review: ['open'],
  action_required: ['under_review'],
  won: ['open', 'under_review'],
  lost: ['open', 'under_review'],
  closed: ['open', 'under_review'],
};

/** Turns a dispute; only a lost one deducts money. What has ended stays as it is. */
export function turnDispute(
  world: RazorpayWorld,
  id: string,
  turn: DisputeTurn,
  announcing: Announcing = {},
): Dispute {
  const dispute = findDispute(world, id);
  if (!LIVING[turn].includes(dispute.status)) {
    throw badRequest(`Action not allowed when dispute is in ${dispute.status} status`);
  }
  const payment = findPayment(world, dispute.payment_id);
  const { evidence } = dispute;
  const submitted = { ...evidence, submitted_at: world.clock.seconds() };
  const turned = world.tables.disputes.put({
    ...dispute,
    status: turn === 'action_required' ? 'open' : turn,
    amount_deducted: turn === 'lost' ? dispute.amount : 0,
    evidence: turn === 'under_review' ? submitted : evidence,
  });
  const entities = { payment, dispute: turned };
  world.webhooks.announce([{ event: `payment.dispute.${turn}`, entities }], announcing);
  return turned;
}

function findDispute(world: RazorpayWorld, id: string | undefined): Dispute {
  const dispute = world.tables.disputes.get(parseId(id, 'disp'));
  if (!dispute) throw unknownId();
  return dispute;
}

/** GET /v1/disputes, newest first. */
export function listDisputes(world: RazorpayWorld, call: Call): Reply {
  const items = pageOf(world.tables.disputes.newestFirst(), parsePage(call.query));
  const names = parseExpand(call.query, ['payment']);
  return { status: 200, body: collection(items.map((one) => expanded(world, one, names))) };
}

/** GET /v1/disputes/:id */
export function fetchDispute(world: RazorpayWorld, call: Call): Reply {
  const names = parseExpand(call.query, ['payment']);
  return { status: 200, body: expanded(world, findDispute(world, call.params.id), names) };
}

/** POST /v1/disputes/:id/accept: lost without a fight. */
export function acceptDispute(world: RazorpayWorld, call: Call): Reply {
  const { id, status } = findDispute(world, call.params.id);
  if (status !== 'open') throw badRequest(`Action not allowed when dispute is in ${status} status`);
  return { status: 200, body: turnDispute(world, id, 'lost') };
}

function expanded(world: RazorpayWorld, dispute: Dispute, names: string[]): object {
  if (names.length === 0) return dispute;
  return { ...dispute, payment: world.tables.payments.get(dispute.payment_id) ?? null };
}
