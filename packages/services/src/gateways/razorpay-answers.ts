import { z } from 'zod';
import type { ProviderDispute, ProviderPayment, ProviderRefund } from './payment-gateway.ts';

/** The fields we read of Razorpay's entities. Source: https://razorpay.com/docs/api */
const entityId = z.string().regex(/^[A-Za-z0-9_]{1,64}$/);

export const orderAnswer = z.object({
  id: entityId,
  amount: z.int(),
  currency: z.string(),
  receipt: z.string().nullish(),
});

export const orderListAnswer = z.object({ items: z.array(orderAnswer) });

export const paymentEntity = z.object({
  id: entityId,
  order_id: entityId.nullish(),
  amount: z.int().nonnegative(),
  currency: z.string(),
  status: z.string().optional(),
  captured: z.boolean().nullish(),
  amount_refunded: z.int().nonnegative().nullish(),
  error_description: z.string().nullish(),
});

export const paymentListAnswer = z.object({ items: z.array(paymentEntity) });

export const paymentOf = (entity: z.infer<typeof paymentEntity>): ProviderPayment => ({
  paymentId: entity.id,
  orderId: entity.order_id ?? null,
  amountPaise: entity.amount,
  currency: entity.currency,
  isCaptured: entity.status === 'captured',
  // One that was authorised too late is given back by itself and was never captured.
  wasCaptured:
    entity.status === 'captured' || (entity.status === 'refunded' && entity.captured !== false),
  refundedPaise: entity.amount_refunded ?? 0,
});

/** Empty notes arrive as a list. */
const notes = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).nullish();

/** The note in which a refund of ours carries our id. */
export const refundNote = 'hourly_refund';

export const refundEntity = z.object({
  id: entityId,
  payment_id: entityId,
  amount: z.int().positive(),
  currency: z.string(),
  status: z.enum(['pending', 'processed', 'failed']),
  notes,
});

export const refundListAnswer = z.object({ items: z.array(refundEntity) });

export function refundOf(entity: z.infer<typeof refundEntity>): ProviderRefund {
  const note =
    entity.notes && !Array.isArray(entity.notes)
      ? z.guid().safeParse(entity.notes[refundNote])
      : null;
  return {
    providerRefundId: entity.id,
    refundId: note?.success ? note.data : null,
    paymentId: entity.payment_id,
    amountPaise: entity.amount,
    currency: entity.currency,
    status: entity.status,
  };
}

export const disputeEntity = z.object({
  id: entityId,
  payment_id: entityId,
  amount: z.int().positive(),
  currency: z.string(),
  amount_deducted: z.int().nonnegative().nullish(),
  status: z.string(),
  created_at: z.int().optional(),
});

export const disputeListAnswer = z.object({ items: z.array(disputeEntity) });

/** Whatever is not decided yet is open. One that was closed although money had been taken for it is lost. */
export function disputeOf(entity: z.infer<typeof disputeEntity>): ProviderDispute {
  const { status } = entity;
  const isTaken = (entity.amount_deducted ?? 0) > 0;
  return {
    disputeId: entity.id,
    paymentId: entity.payment_id,
    amountPaise: entity.amount,
    currency: entity.currency,
    status:
      status === 'won' || status === 'lost'
        ? status
        : status !== 'closed'
          ? 'open'
          : isTaken
            ? 'lost'
            : 'closed',
  };
}

/** What a webhook carries. Entities are read by whoever knows the event. */
export const webhookEnvelope = z.object({
  event: z.string().min(1).max(100),
  payload: z.record(z.string(), z.unknown()).default({}),
});

export const paymentPayload = z.object({ payment: z.object({ entity: paymentEntity }) });
export const refundPayload = z.object({ refund: z.object({ entity: refundEntity }) });
export const disputePayload = z.object({ dispute: z.object({ entity: disputeEntity }) });
