'use client';

import { hourly, type Topup } from '@hourly/sdk/react';
import { useEffect, useSyncExternalStore } from 'react';
import { type CheckoutNotes, noNotes, readNotes, subscribeToNotes } from '../lib/checkout-notes.ts';
import { isInTheMaking, isPayable } from '../lib/pending-topup.ts';

/** As many as are looked at for one that is still to be paid. */
export const topupsRead = { limit: 20 };

const calmLookMs = 15_000;
const keenLookMs = 4_000;

/** The account's newest top-ups, and what this browser knows of them besides. */
export type Topups = {
  /** Newest first; null while they aren't known. */
  topups: readonly Topup[] | null;
  notes: CheckoutNotes;
  error: unknown;
  refetch: () => void;
};

/**
 * Looks again while one of them is to be paid, often while it is `watched` or in the making, and whenever another tab
 * of this browser has something to say about them.
 */
export function useTopups(watched: boolean): Topups {
  const utils = hourly.useUtils();
  const notes = useSyncExternalStore(subscribeToNotes, readNotes, () => noNotes);
  const query = hourly.hourlyUsage.topups.useQuery(topupsRead, {
    refetchInterval: ({ state }) => nextLookMs(state.data?.items ?? [], watched),
    refetchOnWindowFocus: 'always',
    refetchOnReconnect: 'always',
  });
  useEffect(() => subscribeToNotes(() => void utils.hourlyUsage.topups.invalidate()), [utils]);
  const { data, error, refetch } = query;
  return { topups: data?.items ?? null, notes, error, refetch: () => void refetch() };
}

function nextLookMs(topups: readonly Topup[], watched: boolean): number | false {
  const [newest] = topups;
  if (watched || (newest && isInTheMaking(newest))) return keenLookMs;
  return topups.some(isPayable) && calmLookMs;
}
