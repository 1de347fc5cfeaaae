import type { ReceiptTable as Table } from '@hourly/contract';
import { cn } from '../../lib/cn.ts';

/** A table with more columns than this is a list of its rows on phones. */
const mostPhoneColumns = 3;

/** A table of a receipt. */
export function ReceiptTable({ table: { title, columns, rows, totals } }: { table: Table }) {
  const isList = columns.length > mostPhoneColumns;
  return (
    <section aria-label={title} className="mt-9">
      <h2 className="text-base font-semibold">{title}</h2>
      <table aria-label={title} className="mt-2 w-full text-sm">
        <thead className={cn(isList && 'max-sm:sr-only')}>
          <tr className="border-b text-left text-[13px] text-ink-faint">
            {columns.map(({ name, isNumeric = false }) => (
              <th key={name} scope="col" className={cn(cell, 'font-normal', side(isNumeric))}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // A receipt does not change while it is shown: its rows are known by their places.
            <tr
              key={index}
              className={cn('border-b break-inside-avoid', isList && 'max-sm:grid max-sm:py-2.5')}
            >
              {columns.map(({ name, isNumeric = false }, place) => (
                <td
                  key={name}
                  data-label={name}
                  className={cn(cell, side(isNumeric), isList && listed)}
                >
                  {row[place]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="mt-3 ml-auto grid max-w-sm gap-1.5 text-sm break-inside-avoid">
        {totals.map(({ name, value }, index) => (
          <div
            key={name}
            className={cn(
              'flex justify-between gap-6',
              index === totals.length - 1 ? 'font-semibold' : 'text-ink-soft',
            )}
          >
            <dt>{name}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const cell = 'py-2.5 pr-5 align-top last:pr-0';
const side = (isNumeric: boolean) =>
  isNumeric ? 'text-right tabular-nums whitespace-pre' : 'tabular-nums whitespace-pre-line';
const listed =
  'max-sm:flex max-sm:justify-between max-sm:gap-6 max-sm:py-0.5 max-sm:pr-0 max-sm:text-right max-sm:empty:hidden max-sm:before:text-ink-faint max-sm:before:content-[attr(data-label)]';
