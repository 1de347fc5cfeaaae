import type { Balance } from '@hourly/sdk/react';
import { cn } from '../../lib/cn.ts';
import { formatUsd } from '../../lib/format.ts';

/** How far the once-only commitment is used up, an hour a segment. */
export function Commitment({ balance }: { balance: Balance }) {
  const { hours, hoursUsed } = balance.commitment;
  const used = Math.min(hours, hoursUsed);
  const segments = Array.from({ length: hours }, (_, hour) => hour);
  return (
    <div className="mt-5 border-t pt-5">
      <div
        role="progressbar"
        aria-label="Commitment"
        aria-valuemin={0}
        aria-valuemax={hours}
        aria-valuenow={used}
        className="flex gap-1"
      >
        {segments.map((hour) => (
          <span
            key={hour}
            className={cn('h-1.5 flex-1 rounded-full', hour < used ? 'bg-live' : 'bg-line')}
          />
        ))}
      </div>
      <p className="mt-2.5 text-[13px] text-ink-soft" data-testid="commitment">
        {used} of {hours} committed hours used
      </p>
      <p className="mt-0.5 text-[13px] text-ink-faint text-pretty">{explanation(balance)}</p>
    </div>
  );
}

function explanation({ balanceCents, commitment }: Balance): string {
  const { hoursUsed, remainingCents } = commitment;
  if (remainingCents === 0)
    return 'The commitment is met. What is left of your payments is refundable.';
  const committed = formatUsd(remainingCents);
  if (hoursUsed === 0 && balanceCents === 0)
    return `Begins with your first top-up: ${committed}, once.`;
  return `${committed} stays here to be used.`;
}
