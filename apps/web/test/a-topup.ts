import type { Topup } from '@hourly/sdk/react';

/** A top-up of $100 that can be paid. */
export const aTopup = (differing: Partial<Topup> = {}): Topup => ({
  id: 'top_1',
  status: 'created',
  amountCents: 10_000,
  amountInrPaise: 830_000,
  inrPerUsd: 83,
  refundedCents: 0,
  createdAt: '2026-01-31T10:00:00.000Z',
  paidAt: null,
  checkout: { keyId: 'key', orderId: 'order_1', amount: 830_000, currency: 'INR' },
  ...differing,
});

/** What Razorpay's window hands over. */
export const aPayment = {
  razorpay_order_id: 'order_1',
  razorpay_payment_id: 'pay_1',
  razorpay_signature: 'abc',
};
