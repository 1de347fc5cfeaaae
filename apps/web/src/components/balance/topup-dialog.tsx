'use client';

import type { Balance } from '@hourly/sdk/react';
import type { RefObject } from 'react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import type { ChoiceControl } from '../../hooks/use-choice.ts';
import { useDialogFocus } from '../../hooks/use-dialog-focus.ts';
import { Dialog, DialogContent } from '../ui/dialog.tsx';
import { TopupForm } from './topup-form.tsx';
import { TopupProgress } from './topup-progress.tsx';

type TopupDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  balance: Balance;
  checkout: CheckoutControl;
  choosing: ChoiceControl;
  /** Gets the focus in the end when what had it before is gone. */
  fallback: RefObject<HTMLElement | null>;
};

const explanations = {
  live: 'A prepaid balance in US dollars, paid in rupees through Razorpay.',
  test: 'Test mode: paid at once, and none of it is real money. Amounts ending in .01 fail.',
};

/**
 * Chooses an amount and follows its payment. It makes way while Razorpay's window is open, because a modal dialog
 * would keep the keyboard and the pointer from it.
 */
export function TopupDialog(props: TopupDialogProps) {
  const { open, onOpenChange, balance, checkout, choosing, fallback } = props;
  const { step } = checkout.flow;
  const focus = useDialogFocus(step === 'open', fallback);
  const following = step === 'confirming' || step === 'delayed' || step === 'credited';
  return (
    <Dialog open={open && step !== 'open'} onOpenChange={onOpenChange}>
      <DialogContent
        title="Top up"
        description={following ? null : explanations[balance.mode]}
        {...focus}
      >
        {following ? (
          <TopupProgress
            checkout={checkout}
            onChoose={checkout.reset}
            onDone={() => onOpenChange(false)}
          />
        ) : (
          <TopupForm balance={balance} checkout={checkout} choosing={choosing} />
        )}
      </DialogContent>
    </Dialog>
  );
}
