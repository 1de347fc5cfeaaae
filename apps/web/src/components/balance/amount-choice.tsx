'use client';

import type { Plan } from '@hourly/sdk/react';
import { RadioGroup } from 'radix-ui';
import { parseDollars } from '../../lib/dollars.ts';
import { count, formatInr, formatUsd } from '../../lib/format.ts';
import type { Choice } from '../../lib/kept-choice.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** A tier, or the amount as typed. */
type Amount = Pick<Choice, 'tierCents' | 'typed'>;

type AmountChoiceProps = {
  plan: Plan;
  choice: Amount;
  error: string | null;
  onChange: (choice: Amount) => void;
};

/** The plan's tiers as cards, and any other amount. */
export function AmountChoice({ plan, choice, error, onChange }: AmountChoiceProps) {
  return (
    <div className="grid gap-4">
      <RadioGroup.Root
        aria-label="Amount"
        value={choice.tierCents === null ? '' : String(choice.tierCents)}
        onValueChange={(value) => onChange({ tierCents: Number(value), typed: '' })}
        className="grid grid-cols-3 gap-2.5"
      >
        {plan.topupTiersCents.map((cents) => (
          <RadioGroup.Item
            key={cents}
            value={String(cents)}
            data-testid={`topup-${cents}`}
            className="rounded-xl border border-line-strong p-3 text-left transition-[background-color,border-color,box-shadow] hover:border-ink-faint data-[state=checked]:border-ink data-[state=checked]:bg-sunken data-[state=checked]:shadow-[inset_0_0_0_1px_var(--ink)] sm:p-4"
          >
            <span className="block text-xl font-semibold tracking-tight tabular-nums">
              {formatUsd(cents)}
            </span>
            <span className="mt-1 block text-[13px] text-ink-soft tabular-nums">
              {formatInr(cents * plan.inrPerUsd)}
            </span>
            <span className="block text-[13px] text-ink-faint tabular-nums">
              {count(Math.floor(cents / plan.rateCents), 'hour')}
            </span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <Field
        label="Or another amount"
        error={choice.tierCents === null ? error : null}
        hint={hintFor(plan, choice)}
      >
        {(control) => (
          <div className="relative">
            <span
              aria-hidden
              className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-sm text-ink-faint"
            >
              $
            </span>
            <Input
              {...control}
              inputMode="decimal"
              autoComplete="off"
              placeholder="250"
              className="h-11 pl-7 tabular-nums"
              value={choice.typed}
              data-testid="topup-custom"
              onChange={(event) => onChange({ tierCents: null, typed: event.target.value })}
            />
          </div>
        )}
      </Field>
    </div>
  );
}

function hintFor(plan: Plan, { tierCents, typed }: Amount): string {
  const { cents } = tierCents === null ? parseDollars(typed, plan) : { cents: null };
  if (cents === null) {
    return `From ${formatUsd(plan.minimumTopupCents)} to ${formatUsd(plan.maximumTopupCents)}.`;
  }
  const hours = count(Math.floor(cents / plan.rateCents), 'hour');
  return `${formatInr(cents * plan.inrPerUsd)} for ${hours}.`;
}
