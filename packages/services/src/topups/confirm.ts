import { Refusal, type Topup } from '@hourly/contract';
import {
  addBalance,
  findRequest,
  getTopup,
  getTopupByOrder,
  type Mutation,
  type TopupRecord,
} from '@hourly/db';
import { recordPaymentRefunds } from '../payments/record.ts';
import type { ServiceContext } from '../service-context.ts';
import { presentTopup } from './present-topup.ts';

/**
 * Credits a payment that the customer's browser reports. The browser is believed nothing: the order is looked up in the
 * caller's account, the signature is checked over the order that we stored, and the payment is fetched from the
 * provider. A payment that is not captured yet changes nothing; its capture is announced otherwise.
 *
 * Refuses with NOT_FOUND (no order of this account), INVALID_SIGNATURE or PAYMENT_PROVIDER_ERROR.
 */
export async function confirmTopup(
  ctx: ServiceContext,
  input: Mutation & { orderId: string; paymentId: string; signature: string },
): Promise<Topup> {
  const { accountId, paymentId, signature, request } = input;
  const confirmed = await findConfirmed(ctx, input);
  if (confirmed !== null) return presentTopup(ctx, confirmed);
  const topup = await getTopupByOrder(ctx.db, { accountId, orderId: input.orderId });
  const { orderId } = topup;
  if (orderId === null) throw new Refusal('NOT_FOUND');
  if (!ctx.payments.isCheckoutSignature({ orderId, paymentId, signature })) {
    throw new Refusal('INVALID_SIGNATURE');
  }
  const payment = await ctx.payments.fetchPayment(paymentId);
  if (payment.paymentId !== paymentId || payment.orderId !== orderId) {
    throw new Refusal('INVALID_SIGNATURE');
  }
  if (!payment.wasCaptured) return presentTopup(ctx, topup);
  // An amount or a currency that is not the order's is kept for the operator there, never credited.
  const {
    outcome,
    why,
    topup: credited,
  } = await addBalance(ctx.db, {
    paymentId,
    orderId,
    amountPaise: payment.amountPaise,
    currency: payment.currency,
    source: 'confirmation',
    request,
  });
  if (outcome === 'kept') ctx.log.error({ paymentId, orderId, why }, 'a payment was not credited');
  // Given back before anybody confirmed it: what left has to follow what came.
  if (payment.refundedPaise > 0) {
    await recordPaymentRefunds(ctx, payment);
    return presentTopup(ctx, await getTopup(ctx.db, { accountId, id: topup.id }));
  }
  return presentTopup(ctx, credited ?? topup);
}

/** The top-up that an earlier call with the same key confirmed. */
async function findConfirmed(
  { db }: ServiceContext,
  { accountId, request }: Mutation,
): Promise<TopupRecord | null> {
  if (request === undefined) return null;
  const asked = { accountId, procedure: 'confirmTopup', request };
  const { resourceId } = await findRequest(db, asked);
  return resourceId === null ? null : getTopup(db, { accountId, id: resourceId });
}
