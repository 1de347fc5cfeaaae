import { z } from 'zod';
import { cents, id, instant, mutationFields, text } from './common.ts';

export const topupStatus = z.enum(['created', 'paid', 'failed', 'expired', 'refunded']);

/** What a browser hands to Razorpay's checkout. */
export const checkout = z.object({
  keyId: z.string(),
  orderId: z.string(),
  /** Paise. */
  amount: z.int(),
  currency: z.literal('INR'),
});
export type Checkout = z.infer<typeof checkout>;

export const topup = z.object({
  id,
  /** `failed`: the last attempt failed; `expired`: nobody paid in 3 days. A later capture credits both. */
  status: topupStatus,
  amountCents: cents,
  amountInrPaise: z.int(),
  /** The rate that the top-up locked. */
  inrPerUsd: z.int(),
  refundedCents: cents,
  createdAt: instant,
  paidAt: instant.nullable(),
  /** Null in test mode, where nothing is paid. */
  checkout: checkout.nullable(),
});
export type Topup = z.infer<typeof topup>;

export const topupInput = z.strictObject({ amountCents: cents, ...mutationFields });
export type TopupInput = z.infer<typeof topupInput>;

const razorpayId = text.min(1).max(64);

/** What Razorpay's checkout hands back, as it names it. */
export const confirmTopupInput = z.strictObject({
  razorpay_order_id: razorpayId,
  razorpay_payment_id: razorpayId,
  razorpay_signature: text.min(1).max(256),
  ...mutationFields,
});
export type ConfirmTopupInput = z.infer<typeof confirmTopupInput>;
