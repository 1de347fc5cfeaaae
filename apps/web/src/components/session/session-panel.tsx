'use client';

import { hourly, type Status } from '@hourly/sdk/react';
import { useEffect, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import type { ServerClock } from '../../lib/session-clock.ts';
import { Card } from '../ui/card.tsx';
import { OpenSession } from './open-session.tsx';
import { SessionPanelSkeleton } from './session-panel-skeleton.tsx';
import { StartSession } from './start-session.tsx';

type SessionPanelProps = {
  status: Status | null;
  clock: ServerClock | null;
  onTopup: () => void;
};

/** The session that is open, or the way to start one. */
export function SessionPanel({ status, clock, onTopup }: SessionPanelProps) {
  const start = hourly.hourlyUsage.start.useMutation();
  const toggle = hourly.hourlyUsage.toggle.useMutation();
  // Here, because a refusal often comes together with the other half of this panel and has to outlive the swap.
  const starting = useAction(start.mutateAsync);
  const toggling = useAction(toggle.mutateAsync);
  const openId = status?.session?.id ?? null;
  const [seenId, setSeenId] = useState<string | null>(null);
  // Remembered, so that a session that ends while this page watches is summed up as such.
  if (openId !== null && openId !== seenId) setSeenId(openId);
  const { forget } = starting;
  // A start whose answer got lost may have happened. Once a session is seen, the next start is another one.
  useEffect(() => {
    if (openId !== null) forget();
  }, [openId, forget]);
  return (
    <Card aria-label="Session" className="flex min-h-[27rem] flex-col p-5 sm:p-8">
      {!status || !clock ? (
        <SessionPanelSkeleton />
      ) : status.session ? (
        <OpenSession
          session={status.session}
          balance={status.balance}
          clock={clock}
          starting={starting}
          toggling={toggling}
          onTopup={onTopup}
        />
      ) : (
        <StartSession
          balance={status.balance}
          watchedId={seenId}
          starting={starting}
          toggling={toggling}
          onTopup={onTopup}
        />
      )}
    </Card>
  );
}
