'use client';

import type { Topup } from '@hourly/sdk/react';
import { useEffect, useRef } from 'react';
import { isCredited } from '../lib/pending-topup.ts';
import type { Topups } from './use-topups.ts';

/**
 * Notices the credit of a top-up that this page has seen unpaid, or that was paid in this browser, wherever it comes
 * from: the webhook, reconciliation, another tab. Whoever comes back after a closed tab is told, too.
 */
export function useCreditWatch(
  { topups, notes }: Pick<Topups, 'topups' | 'notes'>,
  onNoticed: (topup: Topup) => void,
): void {
  const seenUnpaid = useRef(new Set<string>());
  useEffect(() => {
    for (const topup of topups ?? []) {
      if (!isCredited(topup)) seenUnpaid.current.add(topup.id);
      else if (seenUnpaid.current.delete(topup.id) || notes.get(topup.id)?.payment)
        onNoticed(topup);
    }
  }, [topups, notes]);
}
