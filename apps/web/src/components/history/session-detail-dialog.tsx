'use client';

import { hourly, type SessionDetail } from '@hourly/sdk/react';
import Link from 'next/link';
import { failureOf } from '../../lib/failure.ts';
import { count, formatDateTime, formatPreciseClock, formatUsd } from '../../lib/format.ts';
import { endReasonText, pauseReasonText } from '../../lib/reason-texts.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Dialog, DialogContent } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ChargeCard } from './charge-card.tsx';
import { SegmentList } from './segment-list.tsx';

type SessionDetailDialogProps = { id: string | null; onClose: () => void };

/** “Why was I charged?”: each hour with its instant, its cause, the balances and the active time it paid for. */
export function SessionDetailDialog({ id, onClose }: SessionDetailDialogProps) {
  const detail = hourly.hourlyUsage.session.useQuery({ id: id ?? '' }, { enabled: id !== null });
  return (
    <Dialog open={id !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        shape="drawer"
        title="Why was I charged?"
        description="Every started hour of active time costs one hour; pauses cost nothing."
        data-testid="session-detail"
      >
        {detail.error && (
          <FailureNotice failure={failureOf(detail.error)} onRetry={() => void detail.refetch()} />
        )}
        {!detail.data && !detail.error && (
          <div role="status" aria-label="Loading the session" className="grid gap-3">
            <Skeleton className="h-20 rounded-xl" />
            <Skeleton className="h-40 rounded-xl" />
            <Skeleton className="h-40 rounded-xl" />
          </div>
        )}
        {detail.data && <Explanation session={detail.data} />}
      </DialogContent>
    </Dialog>
  );
}

function Explanation({ session }: { session: SessionDetail }) {
  return (
    <>
      <dl className="grid grid-cols-3 gap-4 rounded-xl bg-sunken p-4">
        <Figure name="Active" value={formatPreciseClock(session.activeSeconds)} />
        <Figure name="Charged" value={count(session.hoursCharged, 'hour')} />
        <Figure name="Cost" value={formatUsd(session.costCents)} />
      </dl>
      <p className="mt-4 text-sm text-ink-soft text-pretty">
        Started {formatDateTime(session.startedAt)} at {formatUsd(session.rateCents)} an hour.
        {session.endedAt &&
          session.endReason &&
          ` Ended ${formatDateTime(session.endedAt)}: ${lowerFirst(endReasonText[session.endReason])}.`}
        {session.pauseReason && ` Paused: ${lowerFirst(pauseReasonText[session.pauseReason])}.`}
      </p>
      <h3 className="mt-7 text-sm font-semibold">Charges</h3>
      <ol className="mt-3 grid gap-3">
        {session.charges.map((charge) => (
          <ChargeCard key={charge.hour} charge={charge} />
        ))}
      </ol>
      <h3 className="mt-7 text-sm font-semibold">Active time</h3>
      <SegmentList segments={session.segments} className="mt-3" />
      <p className="mt-6 text-[13px] text-ink-faint">
        Session <code className="font-mono select-all">{session.id}</code>
      </p>
      <p className="mt-2 text-[13px]">
        <Link
          href={`/hourly-usage/receipts/sessions/${session.id}`}
          className="text-ink-soft underline decoration-line-strong underline-offset-4 hover:text-ink"
        >
          {session.endedAt === null ? 'Receipt so far' : 'Receipt'}
        </Link>
      </p>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-[13px] text-ink-faint">{name}</dt>
      <dd className="mt-0.5 font-medium tabular-nums">{value}</dd>
    </div>
  );
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
