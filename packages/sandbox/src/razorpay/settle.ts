import { checkoutSignature } from './entities.ts';
import type { RazorpayError } from './errors.ts';
import { capturePayment, failPayment, type Payer } from './payments.ts';
import type { WebhookMode } from './webhooks.ts';
import type { RazorpayWorld } from './world.ts';

/** What happens to the webhooks of a payment. */
export interface Announcing {
  webhook?: WebhookMode | undefined;
  lateMs?: number | undefined;
}

export interface CheckoutSuccess {
  razorpay_payment_id: string;
  razorpay_order_id: string;
  razorpay_signature: string;
}

/** The payer pays: captured, announced, and signed as checkout's handler gets it. */
export function payOrder(
  world: RazorpayWorld,
  orderId: string,
  options: Payer & Announcing & { again?: boolean | undefined },
): CheckoutSuccess {
  const { order, payment, isFirst } = capturePayment(world.tables, orderId, options);
  const announcing = { mode: options.webhook, lateMs: options.lateMs };
  world.webhooks.announce({ event: 'payment.captured', entities: { payment }, ...announcing });
  if (isFirst) {
    world.webhooks.announce({ event: 'order.paid', entities: { payment, order }, ...announcing });
  }
  return {
    razorpay_payment_id: payment.id,
    razorpay_order_id: order.id,
    razorpay_signature: checkoutSignature(order.id, payment.id, world.keySecret),
  };
}

/** The payer's bank declines: announced, and worded as checkout's `payment.failed` gets it. */
export function declineOrder(
  world: RazorpayWorld,
  orderId: string,
  options: Payer & Announcing,
): { error: RazorpayError } {
  const { payment, error } = failPayment(world.tables, orderId, options);
  world.webhooks.announce({
    event: 'payment.failed',
    entities: { payment },
    mode: options.webhook,
    lateMs: options.lateMs,
  });
  return { error };
}
