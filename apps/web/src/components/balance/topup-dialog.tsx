'use client';

import type { Balance } from '@hourly/sdk/react';
import { useState } from 'react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import { Dialog, DialogContent } from '../ui/dialog.tsx';
import type { Choice } from './amount-choice.tsx';
import { TopupForm } from './topup-form.tsx';
import { TopupProgress } from './topup-progress.tsx';

type TopupDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  balance: Balance;
  checkout: CheckoutControl;
};

const explanations = {
  live: 'A prepaid balance in US dollars, paid in rupees through Razorpay.',
  test: 'Test mode: paid at once, and none of it is real money. Amounts ending in .01 fail.',
};

/**
 * Chooses an amount and follows its payment. It makes way while Razorpay's window is open, because a modal dialog
 * would keep the keyboard and the pointer from it.
 */
export function TopupDialog({ open, onOpenChange, balance, checkout }: TopupDialogProps) {
  const { step } = checkout.flow;
  // Kept here, so that they outlive the form while Razorpay's window takes its place.
  const [choice, setChoice] = useState<Choice>({
    tierCents: balance.plan.topupTiersCents[0] ?? null,
    typed: '',
  });
  const [accepted, setAccepted] = useState(false);
  const following = step === 'confirming' || step === 'delayed' || step === 'credited';
  return (
    <Dialog open={open && step !== 'open'} onOpenChange={onOpenChange}>
      <DialogContent title="Top up" description={following ? null : explanations[balance.mode]}>
        {following ? (
          <TopupProgress checkout={checkout} onDone={() => onOpenChange(false)} />
        ) : (
          <TopupForm
            balance={balance}
            checkout={checkout}
            choice={choice}
            onChoice={setChoice}
            accepted={accepted}
            onAccept={setAccepted}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}
