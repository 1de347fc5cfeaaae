'use client';

import { errorOf, hourly, type Topup } from '@hourly/sdk/react';
import { useEffect, useReducer } from 'react';
import { useMode } from '../components/frame/mode.tsx';
import { type CheckoutFlow, checkoutFlow, choosing, topupOf } from '../lib/checkout-flow.ts';
import type { Failure } from '../lib/failure.ts';
import { forgetPayment, type KeptPayment, keepPayment, keptPayment } from '../lib/kept-payment.ts';
import { CheckoutUnavailable, loadCheckout } from '../lib/load-checkout.ts';
import { useAction } from './use-action.ts';

const pollMs = 1_500;
const slowPollMs = 15_000;
const confirmLimitMs = 60_000;

export type CheckoutControl = {
  flow: CheckoutFlow;
  /** Why the top-up could not be made; null when nothing went wrong there. */
  failure: Failure | null;
  /** Pays a new top-up, or the one whose window was closed when it is the same amount. */
  pay: (amountCents: number) => Promise<void>;
  /** Opens the payment of a top-up that exists. */
  payAgain: (topup: Topup) => Promise<void>;
  reset: () => void;
};

/** Leads a payment from the click to the credited balance, across a reload of the page. */
export function useCheckout(checkoutUrl: string): CheckoutControl {
  const [flow, dispatch] = useReducer(checkoutFlow, choosing);
  const { mode } = useMode();
  const utils = hourly.useUtils();
  const topup = hourly.hourlyUsage.topup.useMutation();
  const confirm = hourly.hourlyUsage.confirmTopup.useMutation();
  const create = useAction(topup.mutateAsync);
  const waiting = flow.step === 'confirming' || flow.step === 'delayed';
  const followed = waiting ? flow.topup.id : null;

  const confirmPayment = async ({ payment }: KeptPayment) => {
    try {
      dispatch({ type: 'answered', topup: await confirm.mutateAsync(payment) });
    } catch (error) {
      // Razorpay tells the server too, so polling finds out whatever became of the payment.
      console.warn('The payment could not be confirmed from here.', error);
    }
  };

  const open = async (made: Topup) => {
    if (!made.checkout) return dispatch({ type: 'answered', topup: made });
    try {
      const Checkout = await loadCheckout(checkoutUrl);
      const shown = new Checkout({
        key: made.checkout.keyId,
        order_id: made.checkout.orderId,
        amount: made.checkout.amount,
        currency: made.checkout.currency,
        name: 'Hourly',
        description: 'Prepaid balance',
        theme: { color: '#1b1a18' },
        modal: { ondismiss: () => dispatch({ type: 'dismissed' }), confirm_close: true },
        handler: (payment) => {
          const kept = { mode, topupId: made.id, payment };
          keepPayment(kept);
          dispatch({ type: 'paid_in_browser' });
          void confirmPayment(kept);
        },
      });
      shown.on('payment.failed', ({ error }) =>
        dispatch({ type: 'attempt_failed', problem: error?.description ?? 'It was declined.' }),
      );
      dispatch({ type: 'opened', topup: made });
      shown.open();
    } catch (error) {
      dispatch({ type: 'refused', problem: problemOf(error) });
    }
  };

  const payAgain = async (made: Topup) => {
    dispatch({ type: 'pay' });
    await open(made);
  };

  const pay = async (amountCents: number) => {
    const last = topupOf(flow);
    const reusable = flow.step === 'dismissed' || flow.step === 'failed';
    if (reusable && last?.amountCents === amountCents && last.checkout) return payAgain(last);
    dispatch({ type: 'pay' });
    const made = await create.run({ amountCents });
    if (made) await open(made);
    else dispatch({ type: 'reset' });
  };

  useFollowedTopup(followed, flow.step === 'delayed', (answer) =>
    dispatch({ type: 'answered', topup: answer }),
  );

  // Once for a page: takes up what a reload interrupted.
  useEffect(() => {
    const kept = keptPayment(mode);
    if (!kept) return;
    void utils.hourlyUsage.topupById.fetch({ id: kept.topupId }).then(
      (interrupted) => {
        dispatch({ type: 'resumed', topup: interrupted });
        void confirmPayment(kept);
      },
      (error: unknown) => {
        if (errorOf(error).reason === 'NOT_FOUND') forgetPayment();
      },
    );
  }, []);

  useEffect(() => {
    if (flow.step === 'credited') {
      forgetPayment();
      void utils.invalidate();
    }
    if (flow.step !== 'confirming') return;
    const limit = setTimeout(() => dispatch({ type: 'took_too_long' }), confirmLimitMs);
    return () => clearTimeout(limit);
  }, [flow.step, utils]);

  const reset = () => {
    create.clear();
    dispatch({ type: 'reset' });
  };
  return { flow, failure: create.failure, pay, payAgain, reset };
}

function useFollowedTopup(id: string | null, slowly: boolean, onAnswer: (topup: Topup) => void) {
  const { data } = hourly.hourlyUsage.topupById.useQuery(
    { id: id ?? '' },
    { enabled: id !== null, refetchInterval: slowly ? slowPollMs : pollMs, staleTime: 0 },
  );
  // Each answer is passed on once, when it arrives.
  useEffect(() => {
    if (data && data.id === id) onAnswer(data);
  }, [data, id]);
}

const problemOf = (error: unknown): string =>
  error instanceof CheckoutUnavailable
    ? 'The payment window could not be loaded. Check the connection or an ad blocker, then try again.'
    : 'The payment window could not be opened. Try again.';
