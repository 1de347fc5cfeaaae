'use client';

import type { Balance, Plan } from '@hourly/sdk/react';
import { useState } from 'react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import type { ChoiceControl } from '../../hooks/use-choice.ts';
import { useOnline } from '../../hooks/use-online.ts';
import { useRegainedFocus } from '../../hooks/use-regained-focus.ts';
import type { CheckoutFlow } from '../../lib/checkout-flow.ts';
import { awaitedSaying, sayingOf } from '../../lib/checkout-saying.ts';
import { parseDollars } from '../../lib/dollars.ts';
import { failureOf } from '../../lib/failure.ts';
import { formatInr, formatTime, formatUsd } from '../../lib/format.ts';
import { awaitedTopup, topupToContinue } from '../../lib/pending-topup.ts';
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
      <fieldset disabled={flow.step === 'opening'} className="grid min-w-0 gap-5">
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
        <PayButton checkout={checkout} plan={plan} amountCents={amount.cents} />
      </fieldset>
    </form>
  );
}

type PayButtonProps = {
  checkout: CheckoutControl;
  plan: Plan;
  /** Null while the amount is none. */
  amountCents: number | null;
};

/** Pays, or goes on with what was begun: it says which. */
function PayButton({ checkout, plan, amountCents }: PayButtonProps) {
  const { flow, topups } = checkout;
  const button = useRegainedFocus<HTMLButtonElement>(flow.step);
  const begun =
    amountCents === null ? null : topupToContinue(topups.topups ?? [], topups.notes, amountCents);
  const opening = flow.step === 'opening';
  return (
    <div>
      <Button
        ref={button}
        type="submit"
        look="primary"
        size="large"
        pending={opening}
        disabled={topups.topups === null}
        data-testid="pay"
        data-first-focus={flow.step === 'choosing' ? undefined : ''}
        className="w-full"
      >
        {amountCents === null
          ? 'Pay'
          : `${wordFor(flow, begun !== null)} ${formatUsd(amountCents)} (${formatInr(begun?.amountInrPaise ?? amountCents * plan.inrPerUsd)})`}
      </Button>
      {begun && !opening && (
        <p className="mt-2 text-center text-[13px] text-ink-faint text-balance">
          Continues your payment from {formatTime(begun.createdAt, Date.now())}. It can’t be paid
          twice.
        </p>
      )}
    </div>
  );
}

function wordFor(flow: CheckoutFlow, isBegun: boolean): string {
  if (flow.step === 'refused') return flow.failure.wayOn === 'retry' ? 'Try again:' : 'Pay';
  if (!isBegun) return 'Pay';
  return flow.step === 'failed' || flow.step === 'unavailable' ? 'Try again:' : 'Continue payment:';
}

/** What keeps the payment from going on. */
function Setback({ checkout }: { checkout: CheckoutControl }) {
  const { flow, topups } = checkout;
  const saying = sayingOf(flow, useOnline());
  if (topups.topups === null && topups.error) {
    return <FailureNotice failure={failureOf(topups.error)} onRetry={topups.refetch} />;
  }
  if (flow.step === 'refused') return <FailureNotice failure={flow.failure} />;
  const awaited = awaitedTopup(topups.topups ?? [], topups.notes);
  if (flow.step === 'choosing' && awaited) return <TopupStatus saying={awaitedSaying(awaited)} />;
  const isQuick = flow.step === 'opening' && !flow.slow;
  if (!saying || isQuick) return null;
  return <TopupStatus saying={saying} data-testid="topup-status" data-step={flow.step} />;
}
