'use client';

import { hourly, type Topup } from '@hourly/sdk/react';
import { useEffect, useReducer, useRef } from 'react';
import { useMode } from '../components/frame/mode.tsx';
import { beginTopup } from '../lib/begin-topup.ts';
import { type CheckoutFlow, checkoutFlow, choosing, isUnderWay } from '../lib/checkout-flow.ts';
import { forgetNote, readNotes } from '../lib/checkout-notes.ts';
import { forgetChoice } from '../lib/kept-choice.ts';
import { awaitedTopup, isInTheMaking } from '../lib/pending-topup.ts';
import { wait } from '../lib/wait.ts';
import { useConfirmation } from './use-confirmation.ts';
import { useCreditWatch } from './use-credit-watch.ts';
import { usePaymentWindow } from './use-payment-window.ts';
import { type Topups, topupsRead, useTopups } from './use-topups.ts';

const balanceLimitMs = 5_000;

export type CheckoutControl = {
  flow: CheckoutFlow;
  topups: Topups;
  /** Pays the top-up of this amount that is still to be paid, else a new one. */
  pay: (amountCents: number) => void;
  /** Opens the payment of a top-up that exists. */
  payAgain: (topup: Topup) => void;
  /** Asks once more about a payment that this browser made. */
  checkAgain: (topup: Topup) => void;
  /** Back to the choice. What is being opened is given up; its order stays payable. */
  reset: () => void;
};

/**
 * Leads a payment from the click to the credited balance. What is true comes from the server's list of top-ups, so
 * that it goes on after a reload and in another tab.
 */
export function useCheckout(checkoutUrl: string): CheckoutControl {
  const [flow, dispatch] = useReducer(checkoutFlow, choosing);
  const { mode } = useMode();
  const utils = hourly.useUtils();
  const { client } = utils;
  const topups = useTopups(isUnderWay(flow) || flow.step === 'delayed');
  const credited = useRef(new Set<string>());
  const resumed = useRef(new Set<string>());

  const credit = async (topup: Topup, noticed: boolean) => {
    if (credited.current.has(topup.id)) return;
    credited.current.add(topup.id);
    forgetNote(topup.id);
    if (!noticed) forgetChoice(mode);
    // The words and the figure appear together.
    const balanceCents = await Promise.race([freshBalance(), afterLimit()]);
    dispatch({ type: 'credited', topup, balanceCents, noticed });
    paymentWindow.closeFor(topup.id);
    void utils.invalidate();
  };
  const freshBalance = () =>
    utils.hourlyUsage.status.fetch(undefined, { staleTime: 0 }).then(
      ({ balance }) => balance.balanceCents,
      // The money is there all the same, and the panel goes on asking for the figure.
      () => null,
    );

  const onCredited = (topup: Topup) => void credit(topup, false);
  const paymentWindow = usePaymentWindow({ checkoutUrl, dispatch, onCredited });
  useConfirmation(flow, dispatch, onCredited);
  useCreditWatch(topups, (topup) => void credit(topup, true));

  const awaited = awaitedTopup(topups.topups ?? [], topups.notes);
  // Once for each and page: paid before a reload, or in another tab.
  useEffect(() => {
    if (flow.step === 'confirming') resumed.current.add(flow.topup.id);
    if (!awaited || resumed.current.has(awaited.id)) return;
    const isOpenHere = flow.step === 'open' && flow.topup.id === awaited.id;
    if (isUnderWay(flow) && !isOpenHere) return;
    dispatch({ type: 'resumed', topup: awaited });
    paymentWindow.closeFor(awaited.id);
  }, [awaited, flow]);

  const pay = (amountCents: number) => {
    if (isUnderWay(flow)) return;
    void paymentWindow.open(amountCents, (signal) =>
      beginTopup({
        amountCents,
        notes: readNotes(),
        list: async () => (await client.hourlyUsage.topups.query(topupsRead, { signal })).items,
        create: (input) => client.hourlyUsage.topup.mutate(input, { signal }),
        pause: (ms) => wait(ms, signal),
      }),
    );
  };
  const payAgain = (topup: Topup) => {
    if (isUnderWay(flow)) return;
    if (isInTheMaking(topup)) return pay(topup.amountCents);
    void paymentWindow.open(topup.amountCents, (signal) =>
      client.hourlyUsage.topupById.query({ id: topup.id }, { signal }),
    );
  };
  const checkAgain = (topup: Topup) => dispatch({ type: 'resumed', topup });
  const reset = () => {
    paymentWindow.close();
    dispatch({ type: 'reset' });
  };
  return { flow, topups, pay, payAgain, checkAgain, reset };
}

const afterLimit = () => new Promise<null>((resolve) => setTimeout(resolve, balanceLimitMs, null));
