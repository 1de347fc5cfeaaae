'use client';

import type { Plan, Topup } from '@hourly/sdk/react';
import { useState } from 'react';
import { useMode } from '../components/frame/mode.tsx';
import { typedDollars } from '../lib/dollars.ts';
import { type Choice, keepChoice, keptChoice } from '../lib/kept-choice.ts';
import { isInTheMaking, isPayable } from '../lib/pending-topup.ts';

export type ChoiceControl = {
  choice: Choice;
  setChoice: (choice: Choice) => void;
  setAmount: (amountCents: number) => void;
};

/**
 * The amount that is chosen: in this tab, also before a reload; else that of the newest top-up if it is still to be
 * paid; else the smallest.
 *
 * @param topups newest first; null while they aren't known
 */
export function useChoice(plan: Plan, topups: readonly Topup[] | null): ChoiceControl {
  const { mode } = useMode();
  const [chosen, setChosen] = useState(() => keptChoice(mode));
  const newest = topups?.[0];
  const begun = newest && (isPayable(newest) || isInTheMaking(newest)) ? newest : null;
  const choice = chosen ?? {
    ...amountChoice(begun?.amountCents ?? plan.minimumTopupCents, plan),
    accepted: false,
  };
  const setChoice = (next: Choice) => {
    keepChoice(mode, next);
    setChosen(next);
  };
  const setAmount = (amountCents: number) =>
    setChoice({ ...choice, ...amountChoice(amountCents, plan) });
  return { choice, setChoice, setAmount };
}

const amountChoice = (amountCents: number, { topupTiersCents }: Plan) =>
  topupTiersCents.includes(amountCents)
    ? { tierCents: amountCents, typed: '' }
    : { tierCents: null, typed: typedDollars(amountCents) };
