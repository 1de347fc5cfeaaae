'use client';

import { hourly, type Session } from '@hourly/sdk/react';
import Link from 'next/link';
import { useState } from 'react';
import { count, formatDateTime, formatDuration, formatUsd } from '../../lib/format.ts';
import { endReasonText } from '../../lib/reason-texts.ts';
import { SessionDetailDialog } from '../history/session-detail-dialog.tsx';

/** How the last session went. It stays until the next one starts. */
export function SessionSummary({ watchedId }: { watchedId: string | null }) {
  const sessions = hourly.hourlyUsage.sessions.useQuery({ limit: 1 });
  const [asking, setAsking] = useState(false);
  const last = sessions.data?.items[0];
  if (last?.status !== 'ended') return null;
  return (
    <section
      aria-label="Last session"
      data-testid="session-summary"
      className="rounded-xl bg-sunken px-4 py-3.5 sm:px-5"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-sm font-medium">
          {last.id === watchedId ? 'Session ended' : 'Last session'}
        </h2>
        <div className="flex gap-4">
          <button type="button" onClick={() => setAsking(true)} className={linkClasses}>
            Why was I charged?
          </button>
          <Link
            href={`/hourly-usage/receipts/sessions/${last.id}`}
            data-testid="session-receipt"
            className={linkClasses}
          >
            Receipt
          </Link>
        </div>
      </div>
      <p className="mt-0.5 text-[13px] text-ink-faint text-pretty">
        {last.endReason && `${endReasonText[last.endReason]}, `}
        {last.endedAt && formatDateTime(last.endedAt)}
      </p>
      <dl className="mt-3 grid grid-cols-2 gap-x-8 gap-y-2 text-sm tabular-nums sm:flex">
        {figuresOf(last).map(([name, value]) => (
          <div key={name}>
            <dt className="text-[13px] text-ink-faint">{name}</dt>
            <dd className="font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <SessionDetailDialog id={asking ? last.id : null} onClose={() => setAsking(false)} />
    </section>
  );
}

const linkClasses =
  'text-[13px] text-ink-soft underline decoration-line-strong underline-offset-4 hover:text-ink';

const figuresOf = (session: Session): [string, string][] => [
  ['Charged', count(session.hoursCharged, 'hour')],
  ['Cost', formatUsd(session.costCents)],
  ['Active', formatDuration(session.activeSeconds)],
  ['Generations', session.generationCount.toLocaleString('en-US')],
];
