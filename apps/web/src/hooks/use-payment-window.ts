'use client';

import { hourly, type Topup } from '@hourly/sdk/react';
import { useEffect, useRef } from 'react';
import { useMode } from '../components/frame/mode.tsx';
import type { CheckoutEvent } from '../lib/checkout-flow.ts';
import { note } from '../lib/checkout-notes.ts';
import { failureOf } from '../lib/failure.ts';
import { type Checkout, type CheckoutWindow, loadCheckout } from '../lib/load-checkout.ts';
import { checkoutWindow } from '../lib/open-checkout.ts';
import { isCredited } from '../lib/pending-topup.ts';

const slowAfterMs = 4_000;

/** From the click on, and as long as Razorpay's window is open. */
type Attempt = {
  controller: AbortController;
  topupId: string | null;
  window: CheckoutWindow | null;
};

type PaymentWindowOptions = {
  checkoutUrl: string;
  dispatch: (event: CheckoutEvent) => void;
  /** The top-up turned out to be paid already; in test mode it always is. */
  onCredited: (topup: Topup) => void;
};

/** Opens Razorpay's window for a top-up, one at a time. */
export function usePaymentWindow({ checkoutUrl, dispatch, onCredited }: PaymentWindowOptions) {
  const { mode } = useMode();
  const utils = hourly.useUtils();
  const attempt = useRef<Attempt | null>(null);

  /** Gives up what is being opened and closes what is open. */
  const close = () => {
    const ended = attempt.current;
    attempt.current = null;
    ended?.controller.abort();
    ended?.window?.close();
  };
  useEffect(() => close, []);

  const end = (mine: Attempt) => {
    if (attempt.current === mine) attempt.current = null;
  };

  /** Does nothing while an attempt is under way: two clicks can come before a button is drawn as busy. */
  const open = async (amountCents: number, find: (signal: AbortSignal) => Promise<Topup>) => {
    if (attempt.current) return;
    const mine: Attempt = { controller: new AbortController(), topupId: null, window: null };
    const { signal } = mine.controller;
    attempt.current = mine;
    dispatch({ type: 'pay', amountCents });
    const slow = setTimeout(() => dispatch({ type: 'takes_long' }), slowAfterMs);
    try {
      // Both at once. Test accounts pay nothing.
      const script = mode === 'live' ? loadCheckout(checkoutUrl) : Promise.resolve(null);
      const topup = await find(signal);
      const Razorpay = await script;
      if (!signal.aborted) show(mine, topup, Razorpay);
    } catch (error) {
      if (signal.aborted) return;
      end(mine);
      dispatch({ type: 'refused', failure: failureOf(error) });
    } finally {
      clearTimeout(slow);
      void utils.hourlyUsage.topups.invalidate();
    }
  };

  const show = (mine: Attempt, topup: Topup, Razorpay: Checkout | null) => {
    const { checkout } = topup;
    if (isCredited(topup) || topup.status === 'expired' || !checkout || !Razorpay) {
      end(mine);
      if (isCredited(topup)) return onCredited(topup);
      const isPayable = topup.status !== 'expired' && checkout;
      return dispatch({ type: isPayable ? 'unavailable' : 'not_payable', topup });
    }
    mine.topupId = topup.id;
    mine.window = checkoutWindow(
      Razorpay,
      { ...topup, checkout },
      {
        onPaid: (payment) => {
          note(topup.id, { payment });
          attempt.current = null;
          dispatch({ type: 'paid_in_browser' });
        },
        onAttemptFailed: (problem) => {
          note(topup.id, { problem });
          dispatch({ type: 'attempt_failed', problem });
        },
        onDismissed: () => {
          attempt.current = null;
          dispatch({ type: 'dismissed' });
        },
      },
    );
    // Tells the other tabs, too, that there is one to be paid.
    note(topup.id, {});
    dispatch({ type: 'opened', topup });
    mine.window.open();
  };

  /** Closes the window if it is open for this top-up. */
  const closeFor = (topupId: string) => {
    if (attempt.current?.topupId === topupId) close();
  };
  return { open, close, closeFor };
}
