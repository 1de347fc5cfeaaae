'use client';

import { hourly, type Topup } from '@hourly/sdk/react';
import { useEffect } from 'react';
import type { CheckoutEvent, CheckoutFlow } from '../lib/checkout-flow.ts';
import { readNotes } from '../lib/checkout-notes.ts';
import { confirmPayment } from '../lib/confirm-payment.ts';
import { untilOnline, wait } from '../lib/wait.ts';

/** Reports the payment to the server for as long as the flow is `confirming`. */
export function useConfirmation(
  flow: CheckoutFlow,
  dispatch: (event: CheckoutEvent) => void,
  onCredited: (topup: Topup) => void,
): void {
  const { client } = hourly.useUtils();
  const topupId = flow.step === 'confirming' ? flow.topup.id : null;
  useEffect(() => {
    const payment = topupId === null ? null : readNotes().get(topupId)?.payment;
    // Without it, another tab has seen the credit; the list of top-ups will tell.
    if (!payment) return;
    const stopped = new AbortController();
    const { signal } = stopped;
    // The payment's own key: however often and from whichever tab it is reported, it is one report.
    const input = { ...payment, idempotencyKey: `confirm:${payment.razorpay_payment_id}` };
    const confirmation = confirmPayment({
      confirm: () => client.hourlyUsage.confirmTopup.mutate(input, { signal }),
      pause: async (ms) => {
        await wait(ms, signal);
        await untilOnline(signal);
      },
      onSlow: () => dispatch({ type: 'takes_long' }),
    });
    void confirmation.then(
      (known) => {
        if (signal.aborted) return;
        if (known.outcome === 'credited') onCredited(known.topup);
        else dispatch({ type: 'unconfirmed', failure: known.failure });
      },
      (error: unknown) => {
        // Nobody wants to know any more.
        if (!signal.aborted) throw error;
      },
    );
    return () => stopped.abort();
  }, [topupId]);
}
