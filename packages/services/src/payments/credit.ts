import { addBalance, type CapturedPayment, type Credit } from '@hourly/db';
import type { ProviderPayment } from '../gateways/payment-gateway.ts';
import type { ServiceContext } from '../service-context.ts';

/** Credits a captured payment, whoever reports it how often. What does not fit is kept, and the operator is told. */
export async function creditPayment(
  ctx: ServiceContext,
  { paymentId, orderId, amountPaise, currency }: Omit<CapturedPayment, 'source'>,
  source: CapturedPayment['source'],
): Promise<Credit> {
  const credit = await addBalance(ctx.db, { paymentId, orderId, amountPaise, currency, source });
  if (credit.outcome === 'kept') {
    ctx.log.error({ paymentId, orderId, why: credit.why }, 'a payment was not credited');
  }
  return credit;
}

/** Of an order's attempts those whose money reached us, also when it was given back since. */
export const captured = (payments: readonly ProviderPayment[]): ProviderPayment[] =>
  payments.filter(({ wasCaptured }) => wasCaptured);
