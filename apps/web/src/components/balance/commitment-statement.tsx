'use client';

import type { Plan } from '@hourly/sdk/react';
import { useId } from 'react';
import { formatUsd } from '../../lib/format.ts';
import { Checkbox } from '../ui/checkbox.tsx';

type CommitmentStatementProps = {
  plan: Plan;
  accepted: boolean;
  /** Somebody tried to pay without accepting it. */
  missing: boolean;
  onChange: (accepted: boolean) => void;
};

/** What the first payment commits to, said before it is made. */
export function CommitmentStatement(props: CommitmentStatementProps) {
  const { plan, accepted, missing, onChange } = props;
  const id = useId();
  const priceCents = plan.commitmentHours * plan.rateCents;
  return (
    <div className="rounded-xl bg-sunken p-4 pb-2">
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
      <div className="mt-1 flex items-center gap-2.5">
        <Checkbox
          id={id}
          checked={accepted}
          aria-invalid={missing || undefined}
          aria-describedby={`${id}-missing`}
          data-testid="accept-commitment"
          onCheckedChange={(checked) => onChange(checked === true)}
        />
        <label htmlFor={id} className="flex min-h-11 flex-1 items-center text-sm font-medium">
          I accept the {plan.commitmentHours}-hour commitment
        </label>
      </div>
      <p id={`${id}-missing`} aria-live="polite" className="text-[13px] text-halt-ink">
        {missing && <span className="block pb-2">Accept the commitment to go on.</span>}
      </p>
    </div>
  );
}
