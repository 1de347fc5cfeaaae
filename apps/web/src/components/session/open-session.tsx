'use client';

import type { Balance, Session, StartInput, ToggleInput } from '@hourly/sdk/react';
import { Pause, Play } from 'lucide-react';
import type { Action } from '../../hooks/use-action.ts';
import { count, formatUsd } from '../../lib/format.ts';
import { paidHourAt, type ServerClock, serverNowMs } from '../../lib/session-clock.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { EndSessionDialog } from './end-session-dialog.tsx';
import { Guards } from './guards.tsx';
import { LiveMeter } from './live-meter.tsx';
import { SessionBadge } from './session-badge.tsx';
import { WhatComesNext } from './what-comes-next.tsx';

type OpenSessionProps = {
  session: Session;
  balance: Balance;
  clock: ServerClock;
  starting: Action<StartInput, Session>;
  toggling: Action<ToggleInput, Session>;
  onTopup: () => void;
};

export function OpenSession(props: OpenSessionProps) {
  const { session, balance, clock, starting, toggling, onTopup } = props;
  const active = session.status === 'active';
  const turn = (to: 'active' | 'paused') => {
    starting.clear();
    void toggling.run({ sessionId: session.id, to });
  };
  const leftSeconds = paidHourAt(session, serverNowMs(clock, clock.receivedMs)).leftSeconds;
  const nextHourNow = !active && leftSeconds === 0;
  return (
    <>
      <div className="flex items-center justify-between gap-4">
        <SessionBadge session={session} />
        <Guards session={session} />
      </div>
      <LiveMeter session={session} clock={clock}>
        <WhatComesNext session={session} balance={balance} clock={clock} onTopup={onTopup} />
      </LiveMeter>
      <dl className="mt-8 flex flex-wrap gap-x-10 gap-y-4">
        <Figure name="Charged" value={count(session.hoursCharged, 'hour')} />
        <Figure name="Cost" value={formatUsd(session.costCents)} testId="session-cost" />
        <Figure name="Generations" value={session.generationCount.toLocaleString('en-US')} />
      </dl>
      <FailureNotice
        failure={toggling.failure ?? starting.failure}
        onTopup={onTopup}
        onRetry={toggling.failure ? toggling.retry : undefined}
        className="mt-6"
      />
      <div className="mt-auto flex flex-wrap items-center gap-3 pt-8">
        {active ? (
          <Button
            look="primary"
            size="large"
            pending={toggling.pending}
            data-testid="pause-session"
            onClick={() => turn('paused')}
          >
            <Pause aria-hidden fill="currentColor" />
            Pause
          </Button>
        ) : (
          <Button
            look="primary"
            size="large"
            pending={toggling.pending}
            disabled={balance.frozen}
            data-testid="resume-session"
            onClick={() => turn('active')}
          >
            <Play aria-hidden fill="currentColor" />
            {nextHourNow ? `Resume for ${formatUsd(session.rateCents)}` : 'Resume'}
          </Button>
        )}
        <EndSessionDialog
          session={session}
          clock={clock}
          onPauseInstead={active ? () => turn('paused') : null}
        />
      </div>
    </>
  );
}

function Figure({ name, value, testId }: { name: string; value: string; testId?: string }) {
  return (
    <div>
      <dt className="text-[13px] text-ink-faint">{name}</dt>
      <dd className="mt-0.5 text-lg font-medium tabular-nums" data-testid={testId}>
        {value}
      </dd>
    </div>
  );
}
