import {
  type DisputeRecord,
  type Recorded,
  type RefundRecord,
  recordDispute,
  recordRefund,
} from '@hourly/db';
import type { ProviderDispute, ProviderRefund } from '../gateways/payment-gateway.ts';
import type { ServiceContext } from '../service-context.ts';
import { creditPayment } from './credit.ts';

/**
 * Enters a refund that the provider reports, ours or not, in any order of arrival. Null for one of a payment that never
 * reached us: authorised too late, it was given back by itself and is none of our books'.
 */
export async function recordProviderRefund(
  ctx: ServiceContext,
  { refundId, ...refund }: ProviderRefund,
): Promise<RefundRecord | null> {
  const recorded = await withKnownPayment(ctx, refund, () =>
    recordRefund(ctx.db, { ...refund, refundId: refundId ?? undefined }),
  );
  return recorded?.refund ?? null;
}

/** Enters a dispute that the provider reports. Null for one of a payment that never reached us. */
export async function recordProviderDispute(
  ctx: ServiceContext,
  dispute: ProviderDispute,
): Promise<DisputeRecord | null> {
  const recorded = await withKnownPayment(ctx, dispute, () => recordDispute(ctx.db, dispute));
  return recorded?.dispute ?? null;
}

/** Enters all refunds of a payment. */
export async function recordPaymentRefunds(
  ctx: ServiceContext,
  { paymentId }: { paymentId: string },
): Promise<void> {
  for (const refund of await ctx.payments.listPaymentRefunds(paymentId)) {
    await recordProviderRefund(ctx, refund);
  }
}

/** A report may come before the one of its payment, which is then asked for and credited first. */
async function withKnownPayment<Answer extends { outcome: Recorded }>(
  ctx: ServiceContext,
  { paymentId }: { paymentId: string },
  record: () => Promise<Answer>,
): Promise<Answer | null> {
  const first = await record();
  if (first.outcome !== 'unmatched') return first;
  const payment = await ctx.payments.fetchPayment(paymentId);
  if (!payment.wasCaptured) return null;
  await creditPayment(ctx, payment, 'webhook');
  const second = await record();
  if (second.outcome === 'unmatched') throw new Error(`the payment ${paymentId} was not stored`);
  return second;
}
