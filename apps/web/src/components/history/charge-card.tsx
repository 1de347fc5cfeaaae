import type { Charge } from '@hourly/sdk/react';
import { formatDateTime, formatUsd } from '../../lib/format.ts';
import { chargeTriggerText } from '../../lib/reason-texts.ts';
import { SegmentList } from './segment-list.tsx';

/** One charged hour and the evidence for it. */
export function ChargeCard({ charge }: { charge: Charge }) {
  return (
    <li className="rounded-xl border p-4" data-testid="charge">
      <div className="flex items-baseline justify-between gap-4">
        <p className="text-sm font-medium">Hour {charge.hour}</p>
        <p className="text-sm font-medium tabular-nums">{formatUsd(charge.amountCents)}</p>
      </div>
      <p className="mt-1 text-[13px] text-ink-soft text-pretty tabular-nums">
        Due {formatDateTime(charge.dueAt)}: {chargeTriggerText[charge.trigger]}.
      </p>
      <p className="mt-1 text-[13px] text-ink-faint tabular-nums">
        Balance {formatUsd(charge.balanceBeforeCents)} → {formatUsd(charge.balanceAfterCents)},
        entry {charge.entryNo}
      </p>
      {charge.segments.length > 0 && (
        <SegmentList segments={charge.segments} className="mt-3 border-t pt-3" />
      )}
    </li>
  );
}
