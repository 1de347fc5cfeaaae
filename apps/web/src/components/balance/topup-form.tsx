'use client';

import { type Balance, hourly } from '@hourly/sdk/react';
import { useId, useState } from 'react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import { parseDollars } from '../../lib/dollars.ts';
import { formatInr, formatUsd } from '../../lib/format.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { AmountChoice, type Choice } from './amount-choice.tsx';
import { TopupProgress } from './topup-progress.tsx';

type TopupFormProps = {
  balance: Balance;
  checkout: CheckoutControl;
  choice: Choice;
  onChoice: (choice: Choice) => void;
  accepted: boolean;
  onAccept: (accepted: boolean) => void;
};

export function TopupForm(props: TopupFormProps) {
  const { balance, checkout, choice, accepted } = props;
  const { plan } = balance;
  const { flow } = checkout;
  const [tried, setTried] = useState(false);
  const firstPayment = useFirstPayment();
  const amount =
    choice.tierCents === null
      ? parseDollars(choice.typed, plan)
      : { cents: choice.tierCents, error: null };
  const mustAccept = firstPayment !== false && !accepted;

  const pay = () => {
    setTried(true);
    if (amount.cents !== null && !mustAccept) void checkout.pay(amount.cents);
  };
  return (
    <form
      noValidate
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        pay();
      }}
    >
      {(flow.step === 'dismissed' || flow.step === 'failed') && (
        <TopupProgress checkout={checkout} />
      )}
      <FailureNotice failure={checkout.failure} onRetry={pay} />
      <AmountChoice
        plan={plan}
        choice={choice}
        error={tried ? amount.error : null}
        onChange={props.onChoice}
      />
      {firstPayment && (
        <CommitmentStatement
          balance={balance}
          accepted={accepted}
          missing={tried && !accepted}
          onChange={props.onAccept}
        />
      )}
      <Button
        type="submit"
        look="primary"
        size="large"
        pending={flow.step === 'opening'}
        disabled={firstPayment === null}
        data-testid="pay"
        className="w-full"
      >
        {amount.cents === null
          ? 'Pay'
          : `Pay ${formatUsd(amount.cents)} (${formatInr(amount.cents * plan.inrPerUsd)})`}
      </Button>
    </form>
  );
}

type CommitmentStatementProps = {
  balance: Balance;
  accepted: boolean;
  missing: boolean;
  onChange: (accepted: boolean) => void;
};

function CommitmentStatement({ balance, accepted, missing, onChange }: CommitmentStatementProps) {
  const id = useId();
  const { plan } = balance;
  const priceCents = plan.commitmentHours * plan.rateCents;
  return (
    <div className="rounded-xl bg-sunken p-4">
      <p className="text-sm text-pretty">
        <strong className="font-semibold">
          Your first top-up commits you to {plan.commitmentHours} hours ({formatUsd(priceCents)}
          ), once.
        </strong>{' '}
        <span className="text-ink-soft">
          That much stays on the balance to be used and can’t be refunded. It doesn’t make a session
          longer: five minutes still cost {formatUsd(plan.rateCents)}.
        </span>
      </p>
      <div className="mt-3 flex items-center gap-2.5">
        <Checkbox
          id={id}
          checked={accepted}
          aria-invalid={missing || undefined}
          aria-describedby={`${id}-missing`}
          data-testid="accept-commitment"
          onCheckedChange={(checked) => onChange(checked === true)}
        />
        <label htmlFor={id} className="text-sm font-medium">
          I accept the {plan.commitmentHours}-hour commitment
        </label>
      </div>
      <p id={`${id}-missing`} aria-live="polite" className="text-[13px] text-halt-ink">
        {missing && <span className="mt-2 block">Accept the commitment to go on.</span>}
      </p>
    </div>
  );
}

/** Has this account never paid before? Null while that isn't known. */
function useFirstPayment(): boolean | null {
  const topups = hourly.hourlyUsage.topups.useQuery({ limit: 100 });
  return topups.data ? topups.data.items.every((topup) => topup.paidAt === null) : null;
}
