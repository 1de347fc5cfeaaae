import { recordDispute, recordRefund } from '@hourly/db';
import type { ProviderDispute, ProviderRefund } from '../gateways/payment-gateway.ts';
import type { ServiceContext } from '../service-context.ts';
import { creditPayment } from './credit.ts';

/**
 * Enters a refund that the provider reports, ours or not, in any order of arrival.
 * @throws when its payment was never captured, as far as the provider knows
 */
export async function recordProviderRefund(
  ctx: ServiceContext,
  { refundId, ...refund }: ProviderRefund,
): Promise<void> {
  await withKnownPayment(ctx, refund, async () => {
    const { outcome } = await recordRefund(ctx.db, { ...refund, refundId: refundId ?? undefined });
    return outcome;
  });
}

/**
 * Enters a dispute that the provider reports.
 * @throws when its payment was never captured, as far as the provider knows
 */
export async function recordProviderDispute(
  ctx: ServiceContext,
  dispute: ProviderDispute,
): Promise<void> {
  await withKnownPayment(ctx, dispute, async () => (await recordDispute(ctx.db, dispute)).outcome);
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
async function withKnownPayment(
  ctx: ServiceContext,
  { paymentId }: { paymentId: string },
  record: () => Promise<'recorded' | 'duplicate' | 'unmatched'>,
): Promise<void> {
  if ((await record()) !== 'unmatched') return;
  const payment = await ctx.payments.fetchPayment(paymentId);
  if (payment.wasCaptured) await creditPayment(ctx, payment, 'webhook');
  if ((await record()) === 'unmatched') {
    throw new Error(`the payment ${paymentId} is not captured`);
  }
}
