'use client';

import { hourly, type LedgerEntry } from '@hourly/sdk/react';
import { cn } from '../../lib/cn.ts';
import { formatDateTime, formatSignedUsd, formatUsd } from '../../lib/format.ts';
import { type Column, DataTable } from './data-table.tsx';

const columns: Column<LedgerEntry>[] = [
  {
    name: 'No.',
    wide: true,
    cell: (entry) => <span className="text-ink-faint tabular-nums">{entry.entryNo}</span>,
  },
  {
    name: 'What',
    cell: (entry) => (
      <>
        <span className="block">{entry.description}</span>
        <span className="block text-[13px] text-ink-faint tabular-nums">
          {formatDateTime(entry.effectiveAt)}
        </span>
      </>
    ),
  },
  {
    name: 'Amount',
    numeric: true,
    cell: (entry) => (
      <span className={cn(entry.amountCents > 0 && 'text-live-ink')}>
        {formatSignedUsd(entry.amountCents)}
      </span>
    ),
  },
  {
    name: 'Balance',
    numeric: true,
    cell: (entry) => <span className="font-medium">{formatUsd(entry.balanceAfterCents)}</span>,
  },
];

/** Every row of the account's ledger with the balance after it. */
export function TransactionsTable() {
  const pages = hourly.hourlyUsage.transactions.useInfiniteQuery(
    { limit: 20 },
    { getNextPageParam: (page) => page.nextCursor ?? undefined },
  );
  return (
    <DataTable
      label="Transactions"
      testId="history-transactions"
      rowKey={(entry) => entry.entryNo}
      empty="No transaction yet."
      columns={columns}
      pages={pages}
    />
  );
}
