'use client';

import { hourly, type Session } from '@hourly/sdk/react';
import { useState } from 'react';
import { count, formatDateTime, formatDuration, formatUsd } from '../../lib/format.ts';
import { endReasonText } from '../../lib/reason-texts.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { SessionDetailDialog } from './session-detail-dialog.tsx';

const tones = { active: 'live', paused: 'hold', ended: 'plain' } as const;
const labels = { active: 'Active', paused: 'Paused', ended: 'Ended' } as const;

const columns: Column<Session>[] = [
  {
    name: 'Started',
    cell: (session) => (
      <>
        <span className="block tabular-nums">{formatDateTime(session.startedAt)}</span>
        <span className="block text-[13px] text-ink-faint">
          {session.endReason
            ? endReasonText[session.endReason]
            : count(session.generationCount, 'generation')}
        </span>
      </>
    ),
  },
  {
    name: 'State',
    wide: true,
    cell: (session) => <Badge tone={tones[session.status]}>{labels[session.status]}</Badge>,
  },
  {
    name: 'Active',
    numeric: true,
    wide: true,
    // A list doesn't tick, and an old figure of a running session would contradict the timer.
    cell: (session) =>
      session.status === 'active' ? 'running' : formatDuration(session.activeSeconds),
  },
  {
    name: 'Hours',
    numeric: true,
    wide: true,
    cell: (session) => session.hoursCharged,
  },
  { name: 'Cost', numeric: true, cell: (session) => formatUsd(session.costCents) },
];

/** All sessions; each one explains its charges. */
export function SessionsTable() {
  const pages = hourly.hourlyUsage.sessions.useInfiniteQuery(
    { limit: 20 },
    { getNextPageParam: (page) => page.nextCursor ?? undefined },
  );
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <>
      <DataTable
        label="Sessions"
        testId="history-sessions"
        rowKey={(session) => session.id}
        empty="No session yet."
        pages={pages}
        columns={[
          ...columns,
          {
            name: 'Charges',
            numeric: true,
            cell: (session) => (
              <Button
                size="small"
                look="quiet"
                className="-my-1.5 -mr-3"
                aria-label={`Explain why ${formatUsd(session.costCents)} was charged`}
                data-testid="why-charged"
                onClick={() => setAsked(session.id)}
              >
                Explain
              </Button>
            ),
          },
        ]}
      />
      <SessionDetailDialog id={asked} onClose={() => setAsked(null)} />
    </>
  );
}
