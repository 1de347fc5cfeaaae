/** An attempt to pay an order, as the provider reports it. */
export interface ProviderPayment {
  paymentId: string;
  orderId: string | null;
  amountPaise: number;
  currency: string;
  /** The money is ours: captured, and not given back as a whole. */
  isCaptured: boolean;
}

/**
 * The payment provider. Everything that asks it something throws a Refusal PAYMENT_PROVIDER_ERROR when it does not
 * answer in time or not as expected.
 */
export interface PaymentGateway {
  /** The public half of our credentials, which browsers need to pay. */
  readonly keyId: string;
  /** Makes an order in INR that captures its payments by itself. Not idempotent: see {@link findOrder}. */
  createOrder(input: {
    receipt: string;
    amountPaise: number;
    notes: Record<string, string>;
  }): Promise<{ orderId: string }>;
  /** The order that an earlier attempt made with this receipt and amount; null when there is none. */
  findOrder(input: { receipt: string; amountPaise: number }): Promise<{ orderId: string } | null>;
  fetchPayment(paymentId: string): Promise<ProviderPayment>;
  listOrderPayments(orderId: string): Promise<ProviderPayment[]>;
  /** Is this what the checkout signs after a payment of this order? */
  isCheckoutSignature(input: { orderId: string; paymentId: string; signature: string }): boolean;
  /** Is this the provider's signature of these very bytes? */
  isWebhookSignature(input: { rawBody: Uint8Array; signature: string }): boolean;
}
