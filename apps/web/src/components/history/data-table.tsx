import type { ReactNode } from 'react';
import { cn } from '../../lib/cn.ts';
import { failureOf } from '../../lib/failure.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { LoadMore } from './load-more.tsx';

export type Column<Row> = {
  name: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right edge. */
  numeric?: boolean;
  /** Left out on phones. */
  wide?: boolean;
};

type DataTableProps<Row> = {
  label: string;
  testId: string;
  columns: Column<Row>[];
  rowKey: (row: Row) => string | number;
  empty: string;
  pages: {
    data: { pages: { items: Row[] }[] } | undefined;
    error: unknown;
    refetch: () => Promise<unknown>;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
};

/** A list of the account page by page, with its loading, empty and failed states. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, testId, columns, rowKey, empty, pages } = props;
  const rows = pages.data?.pages.flatMap((page) => page.items);
  if (pages.error && !rows) {
    return (
      <FailureNotice
        failure={failureOf(pages.error)}
        onRetry={() => void pages.refetch()}
        className="mt-5"
      />
    );
  }
  if (!rows) return <TableSkeleton label={label} />;
  if (rows.length === 0) {
    return <p className="py-12 text-center text-sm text-ink-faint">{empty}</p>;
  }
  return (
    <>
      <table aria-label={label} data-testid={testId} className="w-full text-sm">
        <thead>
          <tr className="border-b text-left text-[13px] text-ink-faint">
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                className={cn('py-3 pr-4 font-normal last:pr-0', alignment(column))}
              >
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b last:border-b-0 hover:bg-sunken/50">
              {columns.map((column) => (
                <td
                  key={column.name}
                  className={cn('py-3 pr-4 align-top last:pr-0', alignment(column))}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <LoadMore pages={pages} />
    </>
  );
}

const alignment = (column: { numeric?: boolean; wide?: boolean }) =>
  cn(
    column.numeric && 'text-right tabular-nums whitespace-nowrap',
    column.wide && 'hidden sm:table-cell',
  );

function TableSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={`Loading ${label}`} className="grid gap-3 py-4">
      {['a', 'b', 'c', 'd'].map((place) => (
        <Skeleton key={place} className="h-8" />
      ))}
    </div>
  );
}
