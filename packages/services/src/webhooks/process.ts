import { failTopup } from '@hourly/db';
import {
  disputeOf,
  disputePayload,
  paymentOf,
  paymentPayload,
  refundOf,
  refundPayload,
  webhookEnvelope,
} from '../gateways/razorpay-answers.ts';
import { creditPayment } from '../payments/credit.ts';
import { recordProviderDispute, recordProviderRefund } from '../payments/record.ts';
import type { ServiceContext } from '../service-context.ts';

/**
 * Does what an event of the payment provider asks for; safe to repeat, in any order. Types that mean nothing to us are
 * done at once. Throws when the event cannot be read, or the database or the provider fails.
 *
 * Source of the types: https://razorpay.com/docs/webhooks/payloads
 */
export async function processWebhookEvent(ctx: ServiceContext, body: string): Promise<void> {
  const { event, payload } = webhookEnvelope.parse(JSON.parse(body));
  switch (event) {
    case 'payment.captured':
    case 'order.paid': {
      const { entity } = paymentPayload.parse(payload).payment;
      await creditPayment(ctx, paymentOf(entity), 'webhook');
      return;
    }
    case 'payment.failed': {
      const { entity } = paymentPayload.parse(payload).payment;
      if (entity.order_id == null) return;
      await failTopup(ctx.db, {
        orderId: entity.order_id,
        description: entity.error_description ?? null,
      });
      return;
    }
    case 'refund.created':
    case 'refund.processed':
    case 'refund.failed':
      await recordProviderRefund(ctx, refundOf(refundPayload.parse(payload).refund.entity));
      return;
    case 'payment.dispute.created':
    case 'payment.dispute.under_review':
    case 'payment.dispute.action_required':
    case 'payment.dispute.won':
    case 'payment.dispute.lost':
    case 'payment.dispute.closed':
      await recordProviderDispute(ctx, disputeOf(disputePayload.parse(payload).dispute.entity));
  }
}
