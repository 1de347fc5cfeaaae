'use client';

import { hourly, type Topup } from '@hourly/sdk/react';
import Link from 'next/link';
import { formatDateTime, formatInr, formatUsd } from '../../lib/format.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { buttonClasses } from '../ui/button.tsx';
import { type Column, DataTable } from './data-table.tsx';

const states: Record<Topup['status'], { label: string; tone: Tone }> = {
  created: { label: 'Not paid yet', tone: 'hold' },
  paid: { label: 'Paid', tone: 'live' },
  failed: { label: 'Failed', tone: 'halt' },
  expired: { label: 'Expired', tone: 'plain' },
  refunded: { label: 'Refunded', tone: 'plain' },
};

const columns: Column<Topup>[] = [
  {
    name: 'Made',
    cell: (topup) => <span className="tabular-nums">{formatDateTime(topup.createdAt)}</span>,
  },
  {
    name: 'State',
    cell: (topup) => <Badge tone={states[topup.status].tone}>{states[topup.status].label}</Badge>,
  },
  {
    name: 'Refunded',
    numeric: true,
    wide: true,
    cell: (topup) => (topup.refundedCents > 0 ? formatUsd(topup.refundedCents) : '–'),
  },
  {
    name: 'In rupees',
    numeric: true,
    wide: true,
    cell: (topup) => formatInr(topup.amountInrPaise),
  },
  {
    name: 'Amount',
    numeric: true,
    cell: (topup) => <span className="font-medium">{formatUsd(topup.amountCents)}</span>,
  },
  {
    name: 'Receipt',
    numeric: true,
    cell: (topup) =>
      topup.paidAt === null ? (
        '–'
      ) : (
        <Link
          href={`/hourly-usage/receipts/topups/${topup.id}`}
          aria-label={`Receipt of ${formatUsd(topup.amountCents)}, ${formatDateTime(topup.paidAt)}`}
          data-testid="topup-receipt"
          className={buttonClasses({ look: 'quiet', size: 'small', className: '-my-1.5 -mr-3' })}
        >
          Receipt
        </Link>
      ),
  },
];

/** All top-ups, paid or not. */
export function TopupsTable() {
  const pages = hourly.hourlyUsage.topups.useInfiniteQuery(
    { limit: 20 },
    { getNextPageParam: (page) => page.nextCursor ?? undefined },
  );
  return (
    <DataTable
      label="Top-ups"
      testId="history-topups"
      rowKey={(topup) => topup.id}
      empty="No top-up yet."
      columns={columns}
      pages={pages}
    />
  );
}
