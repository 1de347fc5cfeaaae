import { z } from 'zod';
import type { ProviderPayment } from './payment-gateway.ts';

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
  error_description: z.string().nullish(),
});

export const paymentListAnswer = z.object({ items: z.array(paymentEntity) });

export const paymentOf = (entity: z.infer<typeof paymentEntity>): ProviderPayment => ({
  paymentId: entity.id,
  orderId: entity.order_id ?? null,
  amountPaise: entity.amount,
  currency: entity.currency,
  isCaptured: entity.status === 'captured',
});

/** What a webhook carries. Entities are read by whoever knows the event. */
export const webhookEnvelope = z.object({
  event: z.string().min(1).max(100),
  payload: z.record(z.string(), z.unknown()).default({}),
});

export const paymentPayload = z.object({ payment: z.object({ entity: paymentEntity }) });
