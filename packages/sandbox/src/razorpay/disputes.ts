import { razorpayId } from '../ids.ts';
import { type Dispute, nowSeconds } from './entities.ts';
import { badRequest, unknownId } from './errors.ts';
import type { RazorpayWorld } from './world.ts';

const RESPOND_WITHIN_SECONDS = 7 * 24 * 3600;

/** The payer's bank disputes a captured payment (whole unless `amount` is given). */
export function openDispute(
  world: RazorpayWorld,
  paymentId: string,
  amount: number | undefined,
): Dispute {
  const payment = world.tables.payments.get(paymentId);
  if (!payment) throw unknownId();
  if (!payment.captured) throw badRequest('Only captured payments can be disputed');
  const disputed = amount ?? payment.amount;
  if (disputed > payment.amount) {
    throw badRequest('The amount is greater than the payment', 'amount');
  }
  const now = nowSeconds();
  const dispute = world.tables.disputes.put({
    id: razorpayId('disp'),
    entity: 'dispute',
    payment_id: payment.id,
    amount: disputed,
    currency: payment.currency,
    amount_deducted: 0,
    reason_code: 'goods_or_services_not_received_or_partially_received',
    respond_by: now + RESPOND_WITHIN_SECONDS,
    status: 'open',
    phase: 'chargeback',
    created_at: now,
  });
  world.webhooks.announce({ event: 'payment.dispute.created', entities: { payment, dispute } });
  return dispute;
}

/** The bank decides an open dispute. Only a lost one deducts money. */
export function decideDispute(
  world: RazorpayWorld,
  id: string,
  status: 'won' | 'lost' | 'closed',
): Dispute {
  const dispute = world.tables.disputes.get(id);
  if (!dispute) throw unknownId();
  const payment = world.tables.payments.get(dispute.payment_id);
  if (!payment) throw unknownId();
  if (dispute.status !== 'open') throw badRequest(`The dispute is ${dispute.status} already`);
  const decided = world.tables.disputes.put({
    ...dispute,
    status,
    amount_deducted: status === 'lost' ? dispute.amount : 0,
  });
  world.webhooks.announce({
    event: `payment.dispute.${status}`,
    entities: { payment, dispute: decided },
  });
  return decided;
}
