import { Refusal } from '@hourly/contract';
import { failRefund, getRefund, type RefundRecord } from '@hourly/db';
import { ProviderRejection } from '../gateways/payment-gateway.ts';
import { recordProviderRefund } from '../payments/record.ts';
import type { ServiceContext } from '../service-context.ts';

/**
 * Tells the provider of a refund that the ledger has been debited for, once: repeated calls find the one that was made.
 * What the provider refuses is credited back. Answers the refund as it is then.
 *
 * Refuses with NOT_FOUND or PAYMENT_PROVIDER_ERROR; then it may be called again.
 */
export async function sendRefund(
  ctx: ServiceContext,
  { refundId }: { refundId: string },
): Promise<RefundRecord> {
  const refund = await getRefund(ctx.db, { refundId });
  if (refund.status !== 'pending' || refund.paymentId === null) return refund;
  const { providerRefundId, paymentId, amountPaise } = refund;
  if (providerRefundId !== null) {
    await recordProviderRefund(ctx, await ctx.payments.fetchRefund(providerRefundId));
    return getRefund(ctx.db, { refundId });
  }
  try {
    const sent = await ctx.payments.createRefund({ refundId, paymentId, amountPaise });
    await recordProviderRefund(ctx, sent);
  } catch (error) {
    if (!(error instanceof Refusal && error.cause instanceof ProviderRejection)) throw error;
    await settleRejected(ctx, { refundId, paymentId }, error.cause);
  }
  return getRefund(ctx.db, { refundId });
}

/** It may have been refused because an earlier call, whose answer was lost, was taken. */
async function settleRejected(
  ctx: ServiceContext,
  { refundId, paymentId }: { refundId: string; paymentId: string },
  rejection: ProviderRejection,
): Promise<void> {
  const made = await ctx.payments.listPaymentRefunds(paymentId);
  const ours = made.find((refund) => refund.refundId === refundId);
  if (ours !== undefined) {
    await recordProviderRefund(ctx, ours);
    return;
  }
  ctx.log.error({ err: rejection, refundId, paymentId }, 'the provider refused a refund');
  await failRefund(ctx.db, { refundId });
}
