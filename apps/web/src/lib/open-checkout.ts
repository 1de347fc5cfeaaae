import type { Topup } from '@hourly/sdk/react';
import { formatUsd } from './format.ts';
import type { Checkout, CheckoutPayment, CheckoutWindow } from './load-checkout.ts';

export type CheckoutListener = {
  onPaid: (payment: CheckoutPayment) => void;
  /** An attempt failed, in Razorpay's words. The window stays open for another one. */
  onAttemptFailed: (problem: string) => void;
  onDismissed: () => void;
};

/** Razorpay's window for the order of a top-up, not open yet. */
export function checkoutWindow(
  Razorpay: Checkout,
  {
    amountCents,
    checkout,
  }: Pick<Topup, 'amountCents'> & { checkout: NonNullable<Topup['checkout']> },
  listener: CheckoutListener,
): CheckoutWindow {
  const shown = new Razorpay({
    key: checkout.keyId,
    order_id: checkout.orderId,
    amount: checkout.amount,
    currency: checkout.currency,
    name: 'Hourly',
    description: `Prepaid balance, ${formatUsd(amountCents)}`,
    theme: { color: '#1b1a18' },
    modal: {
      ondismiss: listener.onDismissed,
      confirm_close: true,
      animation: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    },
    handler: listener.onPaid,
  });
  shown.on('payment.failed', ({ error }) =>
    listener.onAttemptFailed(error?.description ?? 'It was declined.'),
  );
  return shown;
}
