/** What Razorpay's checkout hands back when the payment went through in the browser. */
export type CheckoutPayment = {
  razorpay_order_id: string;
  razorpay_payment_id: string;
  razorpay_signature: string;
};

type CheckoutOptions = {
  key: string;
  order_id: string;
  amount: number;
  currency: string;
  name: string;
  description: string;
  theme: { color: string };
  modal: { ondismiss: () => void; confirm_close: boolean; animation: boolean };
  handler: (payment: CheckoutPayment) => void;
};

export type CheckoutWindow = {
  open(): void;
  close(): void;
  on(
    event: 'payment.failed',
    listener: (failure: { error?: { description?: string } }) => void,
  ): void;
};

export type Checkout = new (options: CheckoutOptions) => CheckoutWindow;

declare global {
  interface Window {
    Razorpay?: Checkout;
  }
}

/**
 * Loads Razorpay's checkout once, when it is first needed. A failed load leaves nothing behind, so it can be tried
 * again. Null when it is not to be had: blocked, offline, or too slow.
 *
 * @see https://razorpay.com/docs/payments/payment-gateway/web-integration/standard/
 */
export function loadCheckout(url: string, timeoutMs = 15_000): Promise<Checkout | null> {
  if (window.Razorpay) return Promise.resolve(window.Razorpay);
  return new Promise((resolve) => {
    const script = document.createElement('script');
    const settle = () => {
      clearTimeout(limit);
      if (!window.Razorpay) script.remove();
      resolve(window.Razorpay ?? null);
    };
    const limit = setTimeout(settle, timeoutMs);
    script.src = url;
    script.async = true;
    script.onload = settle;
    script.onerror = settle;
    document.head.append(script);
  });
}
