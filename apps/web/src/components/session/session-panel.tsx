'use client';

import type { Status } from '@hourly/sdk/react';
import { useState } from 'react';
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
  const openId = status?.session?.id ?? null;
  const [seenId, setSeenId] = useState<string | null>(null);
  // Remembered, so that a session that ends while this page watches is summed up as such.
  if (openId !== null && openId !== seenId) setSeenId(openId);
  return (
    <Card aria-label="Session" className="flex min-h-[27rem] flex-col p-5 sm:p-8">
      {!status || !clock ? (
        <SessionPanelSkeleton />
      ) : status.session ? (
        <OpenSession
          session={status.session}
          balance={status.balance}
          clock={clock}
          onTopup={onTopup}
        />
      ) : (
        <StartSession balance={status.balance} watchedId={seenId} onTopup={onTopup} />
      )}
    </Card>
  );
}
