import { addBalance, failTopup } from '@hourly/db';
import { paymentOf, paymentPayload, webhookEnvelope } from '../gateways/razorpay-answers.ts';
import type { ServiceContext } from '../service-context.ts';

/**
 * Does what an event of the payment provider asks for; safe to repeat, in any order. Types that mean nothing to us are
 * done at once. Throws when the event cannot be read or the database fails.
 */
export async function processWebhookEvent(ctx: ServiceContext, body: string): Promise<void> {
  const { event, payload } = webhookEnvelope.parse(JSON.parse(body));
  switch (event) {
    case 'payment.captured':
    case 'order.paid':
      return creditPayment(ctx, payload);
    case 'payment.failed': {
      const { entity } = paymentPayload.parse(payload).payment;
      if (entity.order_id == null) return;
      await failTopup(ctx.db, {
        orderId: entity.order_id,
        description: entity.error_description ?? null,
      });
    }
  }
}

async function creditPayment(ctx: ServiceContext, payload: unknown): Promise<void> {
  const payment = paymentOf(paymentPayload.parse(payload).payment.entity);
  const { paymentId, orderId, amountPaise, currency } = payment;
  const { outcome, why } = await addBalance(ctx.db, {
    paymentId,
    orderId,
    amountPaise,
    currency,
    source: 'webhook',
  });
  if (outcome === 'kept') ctx.log.error({ paymentId, orderId, why }, 'a payment was not credited');
}
