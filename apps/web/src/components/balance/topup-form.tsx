'use client';

import type { Balance } from '@hourly/sdk/react';
import { useState } from 'react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import type { ChoiceControl } from '../../hooks/use-choice.ts';
import { useOnline } from '../../hooks/use-online.ts';
import { useRegainedFocus } from '../../hooks/use-regained-focus.ts';
import { sayingOf } from '../../lib/checkout-saying.ts';
import { parseDollars } from '../../lib/dollars.ts';
import { failureOf } from '../../lib/failure.ts';
import { formatInr, formatTime, formatUsd } from '../../lib/format.ts';
import { topupToContinue } from '../../lib/pending-topup.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { AmountChoice } from './amount-choice.tsx';
import { CommitmentStatement } from './commitment-statement.tsx';
import { TopupStatus } from './topup-status.tsx';

type TopupFormProps = {
  balance: Balance;
  checkout: CheckoutControl;
  choosing: ChoiceControl;
};

/** The amount and, before the first payment, the commitment. What went wrong stands above it, with the choice kept. */
export function TopupForm({ balance, checkout, choosing }: TopupFormProps) {
  const { plan } = balance;
  const { flow, topups } = checkout;
  const { choice, setChoice } = choosing;
  const [tried, setTried] = useState(false);
  const known = topups.topups;
  const isFirstPayment = known?.every((topup) => topup.paidAt === null) ?? false;
  const amount =
    choice.tierCents === null
      ? parseDollars(choice.typed, plan)
      : { cents: choice.tierCents, error: null };
  const begun =
    amount.cents === null ? null : topupToContinue(known ?? [], topups.notes, amount.cents);
  const opening = flow.step === 'opening';
  const payButton = useRegainedFocus<HTMLButtonElement>(flow.step);

  const pay = () => {
    setTried(true);
    if (amount.cents !== null && (choice.accepted || !isFirstPayment)) checkout.pay(amount.cents);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        pay();
      }}
    >
      <fieldset disabled={opening} className="grid min-w-0 gap-5">
        <Setback checkout={checkout} />
        <AmountChoice
          plan={plan}
          choice={choice}
          error={tried ? amount.error : null}
          onChange={(chosen) => setChoice({ ...choice, ...chosen })}
        />
        {isFirstPayment && (
          <CommitmentStatement
            plan={plan}
            accepted={choice.accepted}
            missing={tried && !choice.accepted}
            onChange={(accepted) => setChoice({ ...choice, accepted })}
          />
        )}
        <div>
          <Button
            ref={payButton}
            type="submit"
            look="primary"
            size="large"
            pending={opening}
            disabled={known === null}
            data-testid="pay"
            data-first-focus={flow.step === 'choosing' ? undefined : ''}
            className="w-full"
          >
            {amount.cents === null
              ? 'Pay'
              : `${wordFor(checkout, begun !== null)} ${formatUsd(amount.cents)} (${formatInr(begun?.amountInrPaise ?? amount.cents * plan.inrPerUsd)})`}
          </Button>
          {begun && !opening && (
            <p className="mt-2 text-center text-[13px] text-ink-faint text-pretty">
              Continues what you began at {formatTime(begun.createdAt, Date.now())}, so you can’t
              pay it twice.
            </p>
          )}
        </div>
      </fieldset>
    </form>
  );
}

/** What keeps the payment from going on. */
function Setback({ checkout }: { checkout: CheckoutControl }) {
  const { flow, topups } = checkout;
  const saying = sayingOf(flow, useOnline());
  if (topups.topups === null && topups.error) {
    return <FailureNotice failure={failureOf(topups.error)} onRetry={topups.refetch} />;
  }
  if (flow.step === 'refused') return <FailureNotice failure={flow.failure} />;
  const isQuick = flow.step === 'opening' && !flow.slow;
  if (!saying || isQuick) return null;
  return <TopupStatus saying={saying} data-testid="topup-status" data-step={flow.step} />;
}

function wordFor({ flow }: CheckoutControl, isBegun: boolean): string {
  if (flow.step === 'refused') return flow.failure.wayOn === 'retry' ? 'Try again:' : 'Pay';
  if (!isBegun) return 'Pay';
  return flow.step === 'failed' || flow.step === 'unavailable' ? 'Try again:' : 'Continue payment:';
}
