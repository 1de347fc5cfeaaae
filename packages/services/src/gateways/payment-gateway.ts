/** An attempt to pay an order, as the provider reports it. */
export interface ProviderPayment {
  paymentId: string;
  orderId: string | null;
  amountPaise: number;
  currency: string;
  /** The money is ours: captured, and not given back as a whole. */
  isCaptured: boolean;
  /** The money was ours: captured, whatever was given back since. */
  wasCaptured: boolean;
  refundedPaise: number;
}

/** A refund, as the provider reports it. */
export interface ProviderRefund {
  providerRefundId: string;
  /** Our own id of it; null when somebody else made it. */
  refundId: string | null;
  paymentId: string;
  amountPaise: number;
  currency: string;
  status: 'pending' | 'processed' | 'failed';
}

/** A dispute, as the provider reports it. `closed`: without a decision, the money stays with us. */
export interface ProviderDispute {
  disputeId: string;
  paymentId: string;
  amountPaise: number;
  currency: string;
  status: 'open' | 'won' | 'lost' | 'closed';
}

/** A part of a list of what was created between two instants, `from` included, in whole seconds. */
export interface ListWindow {
  from: Date;
  to: Date;
  /** How many of the list were read before. */
  skip: number;
}

/** The provider understood a request and refused it: asking again would not help. */
export class ProviderRejection extends Error {
  override name = 'ProviderRejection';
}

/** The longest page that the provider gives. Fewer rows than that are the last ones. */
export const listPageSize = 100;

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
  /**
   * Pays back a part of a payment. The provider takes repeated calls with the same `refundId` for one.
   * @throws ProviderRejection when it refuses, for example because less than that is left
   */
  createRefund(input: {
    refundId: string;
    paymentId: string;
    amountPaise: number;
  }): Promise<ProviderRefund>;
  fetchRefund(providerRefundId: string): Promise<ProviderRefund>;
  listPaymentRefunds(paymentId: string): Promise<ProviderRefund[]>;
  fetchDispute(disputeId: string): Promise<ProviderDispute>;
  /** At most {@link listPageSize} each. */
  listPayments(window: ListWindow): Promise<ProviderPayment[]>;
  listRefunds(window: ListWindow): Promise<ProviderRefund[]>;
  listDisputes(window: ListWindow): Promise<ProviderDispute[]>;
  /** Is this what the checkout signs after a payment of this order? */
  isCheckoutSignature(input: { orderId: string; paymentId: string; signature: string }): boolean;
  /** Is this the provider's signature of these very bytes? */
  isWebhookSignature(input: { rawBody: Uint8Array; signature: string }): boolean;
}
