'use client';

import { hourly } from '@hourly/sdk/react';
import { FastForward } from 'lucide-react';
import { useAction } from '../../hooks/use-action.ts';
import { useStatus } from '../../hooks/use-status.ts';
import { formatDateTime } from '../../lib/format.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useMode } from './mode.tsx';

const steps = [
  { seconds: 3_600, label: '+1 h' },
  { seconds: 5_400, label: '+90 min' },
  { seconds: 86_400, label: '+24 h' },
];

/** Shown in test mode only: the account's frozen clock and the buttons that move it. */
export function TestClockBar() {
  const { mode } = useMode();
  return mode === 'test' ? <ClockBar /> : null;
}

function ClockBar() {
  const { status } = useStatus();
  const advance = hourly.hourlyUsage.advanceClock.useMutation();
  const action = useAction(advance.mutateAsync);
  return (
    <section aria-label="Test mode" className="border-b border-hold/30 bg-hold-wash text-hold-ink">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2 sm:gap-x-6 sm:px-6">
        <p className="text-[13px]">
          <strong className="font-semibold">Test mode.</strong>
          <span className="max-sm:sr-only"> Nothing here is real money.</span>
        </p>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 sm:ml-auto">
          <span className="inline-flex items-center gap-1.5 text-[13px]">
            <span className="max-sm:sr-only">Clock stands at</span>
            {status ? (
              <time dateTime={status.serverTime} data-testid="test-clock" className="tabular-nums">
                {formatDateTime(status.serverTime)}
              </time>
            ) : (
              <Skeleton className="h-4 w-32 bg-hold/20" />
            )}
          </span>
          <fieldset className="flex gap-1.5">
            <legend className="sr-only">Move the clock forward</legend>
            <FastForward aria-hidden className="size-4 self-center max-sm:hidden" />
            {steps.map((step) => (
              <Button
                key={step.seconds}
                size="small"
                disabled={action.pending}
                data-testid={`advance-${step.seconds}`}
                onClick={() => void action.run({ advanceSeconds: step.seconds })}
                className="h-7 border-hold/40 bg-surface px-2 text-hold-ink tabular-nums hover:not-disabled:bg-hold-wash"
              >
                {step.label}
              </Button>
            ))}
          </fieldset>
        </div>
        <FailureNotice failure={action.failure} className="w-full" />
      </div>
    </section>
  );
}
