'use client';

import { hourly } from '@hourly/sdk/react';
import { nextLookMs, type ServerClock } from '../lib/session-clock.ts';

/**
 * The open session and the balance, looked at again when something is due, when the window comes back, and every few
 * seconds; with the account's clock as of the answer.
 */
export function useStatus() {
  const query = hourly.hourlyUsage.status.useQuery(undefined, {
    refetchInterval: ({ state }) => (state.data ? nextLookMs(state.data) : 5_000),
    refetchOnWindowFocus: 'always',
    refetchOnReconnect: 'always',
  });
  const clock: ServerClock | null = query.data
    ? {
        serverMs: Date.parse(query.data.serverTime),
        receivedMs: query.dataUpdatedAt,
        frozen: query.data.balance.mode === 'test',
      }
    : null;
  return { status: query.data ?? null, clock, error: query.error, refetch: query.refetch };
}
