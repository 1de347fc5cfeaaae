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
  modal: { ondismiss: () => void; confirm_close: boolean };
  handler: (payment: CheckoutPayment) => void;
};

type CheckoutWindow = {
  open(): void;
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

/** The checkout's script could not be loaded: blocked, offline, or too slow. */
export class CheckoutUnavailable extends Error {
  constructor() {
    super('The payment window could not be loaded.');
    this.name = 'CheckoutUnavailable';
  }
}

/**
 * Loads Razorpay's checkout once, when it is first needed. A failed load leaves nothing behind, so it can be tried
 * again.
 *
 * @throws CheckoutUnavailable
 * @see https://razorpay.com/docs/payments/payment-gateway/web-integration/standard/
 */
export function loadCheckout(url: string, timeoutMs = 15_000): Promise<Checkout> {
  if (window.Razorpay) return Promise.resolve(window.Razorpay);
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const settle = () => {
      clearTimeout(limit);
      if (window.Razorpay) return resolve(window.Razorpay);
      script.remove();
      reject(new CheckoutUnavailable());
    };
    const limit = setTimeout(settle, timeoutMs);
    script.src = url;
    script.async = true;
    script.onload = settle;
    script.onerror = settle;
    document.head.append(script);
  });
}
