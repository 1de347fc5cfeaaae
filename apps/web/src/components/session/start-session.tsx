'use client';

import type { Balance, Session, StartInput, ToggleInput } from '@hourly/sdk/react';
import { Play } from 'lucide-react';
import { useState } from 'react';
import type { Action } from '../../hooks/use-action.ts';
import { formatUsd } from '../../lib/format.ts';
import { noGuards, readGuards } from '../../lib/guards.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { SessionSummary } from './session-summary.tsx';
import { StartGuards } from './start-guards.tsx';

type StartSessionProps = {
  balance: Balance;
  /** The session that was open while this page watched; null when there was none. */
  watchedId: string | null;
  starting: Action<StartInput, Session>;
  toggling: Action<ToggleInput, Session>;
  onTopup: () => void;
};

/** No session is open: what starting costs, the guards, and how the last one went. */
export function StartSession(props: StartSessionProps) {
  const { balance, watchedId, starting, toggling, onTopup } = props;
  const [typed, setTyped] = useState(noGuards);
  const { plan } = balance;
  const firstChargeCents = plan.rateCents * plan.sessionMinimumHours;
  const neededCents = Math.max(firstChargeCents, plan.minimumStartBalanceCents);
  const affordable = !balance.frozen && balance.balanceCents >= neededCents;
  const guards = readGuards(typed);
  const begin = () => {
    toggling.clear();
    if (guards.input) void starting.run(guards.input);
  };
  return (
    <>
      <SessionSummary watchedId={watchedId} />
      <div className="my-auto py-6">
        <p className="flex items-baseline gap-2">
          <span className="text-[3.5rem] leading-none font-semibold tracking-[-0.045em] sm:text-[5.25rem]">
            {formatUsd(plan.rateCents)}
          </span>
          <span className="text-lg text-ink-faint">an hour</span>
        </p>
        <p className="mt-5 max-w-[46ch] text-[15px] leading-relaxed text-ink-soft text-pretty">
          Starting charges {formatUsd(firstChargeCents)} now for the first hour; every started hour
          of active time costs {formatUsd(plan.rateCents)}. Generate as much as you like. Pausing is
          free and keeps the minutes you paid for.
        </p>
      </div>
      <Disclosure summary="Guards: hours cap, pause at the hour’s end, pause when idle">
        <StartGuards typed={typed} errors={guards.errors} onChange={setTyped} />
      </Disclosure>
      <FailureNotice
        failure={starting.failure ?? toggling.failure}
        onRetry={starting.failure ? starting.retry : undefined}
        onTopup={onTopup}
        className="mt-6"
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 pt-6">
        <Button
          look={affordable ? 'primary' : 'secondary'}
          size="large"
          pending={starting.pending}
          disabled={!affordable || guards.input === null}
          data-testid="start-session"
          onClick={begin}
        >
          <Play aria-hidden fill="currentColor" />
          Start session
        </Button>
        {!affordable && (
          <>
            <Button look="primary" size="large" onClick={onTopup}>
              Top up
            </Button>
            <p className="basis-full text-[13px] text-ink-faint">
              {balance.frozen
                ? 'The balance is below zero. A top-up that lifts it to zero or more unfreezes the account.'
                : `Starting needs a balance of ${formatUsd(neededCents)}. Top up first.`}
            </p>
          </>
        )}
      </div>
    </>
  );
}
