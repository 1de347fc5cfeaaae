import type { CheckoutNote } from '../../lib/checkout-notes.ts';

/** What to quote to support when a payment doesn't arrive. */
export function PaymentReference({ note }: { note: CheckoutNote | undefined }) {
  if (!note?.payment) return null;
  return (
    <p className="mt-2 pl-[30px] text-xs text-ink-soft">
      Reference{' '}
      <code className="font-mono break-all select-all" data-testid="payment-id">
        {note.payment.razorpay_payment_id}
      </code>
    </p>
  );
}
