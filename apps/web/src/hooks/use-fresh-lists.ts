'use client';

import type { Status } from '@hourly/sdk/react';
import { hourly } from '@hourly/sdk/react';
import { useEffect, useRef } from 'react';

/** Reads the lists anew when a look at the status shows that something happened to the account meanwhile. */
export function useFreshLists(status: Status | null): void {
  const utils = hourly.useUtils();
  const lastSeen = useRef<string | null>(null);
  const seen = status && fingerprintOf(status);
  useEffect(() => {
    const before = lastSeen.current;
    lastSeen.current = seen;
    if (before === null || seen === null || before === seen) return;
    void utils.hourlyUsage.sessions.invalidate();
    void utils.hourlyUsage.transactions.invalidate();
    void utils.hourlyUsage.topups.invalidate();
    void utils.hourlyUsage.usage.invalidate();
  }, [seen, utils]);
}

const fingerprintOf = ({ session, balance }: Status): string =>
  [session?.id, session?.status, session?.hoursCharged, balance.balanceCents].join(' ');
