import type { ReceiptTable as Table } from '@hourly/contract';
import { cn } from '../../lib/cn.ts';

/** A table of a receipt. On phones, what does not fit scrolls sideways within it. */
export function ReceiptTable({ table: { title, columns, rows, totals } }: { table: Table }) {
  return (
    <section aria-label={title} className="mt-9">
      <h2 className="text-base font-semibold">{title}</h2>
      <div className="-mx-5 overflow-x-auto px-5 sm:mx-0 sm:px-0 print:overflow-visible">
        <table aria-label={title} className="mt-2 w-full text-sm">
          <thead>
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
              <tr key={index} className="border-b break-inside-avoid">
                {columns.map(({ name, isNumeric = false }, place) => (
                  <td key={name} className={cn(cell, side(isNumeric))}>
                    {row[place]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
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
