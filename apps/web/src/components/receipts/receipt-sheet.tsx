import type { ReceiptDocument, ReceiptParty } from '@hourly/contract';
import { ReceiptTable } from './receipt-table.tsx';
import './receipt-print.css';

/** A receipt as a sheet of paper: in the dashboard's colours on the screen, black on white in print. */
export function ReceiptSheet({ document }: { document: ReceiptDocument }) {
  const { title, number, mark, seller, customer, facts, tables, notes, signatory } = document;
  return (
    <article
      data-receipt
      data-testid="receipt"
      className="rounded-2xl border bg-surface p-5 shadow-card sm:p-10"
    >
      {mark && (
        <p
          data-receipt-mark
          data-testid="receipt-mark"
          className="mb-6 rounded-lg bg-hold-wash px-4 py-2.5 text-sm font-semibold text-hold-ink"
        >
          {mark}
        </p>
      )}
      <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 border-b pb-5">
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {number && (
          <p data-testid="receipt-number" className="font-medium tabular-nums">
            {number}
          </p>
        )}
      </header>
      <div className="mt-6 grid gap-6 sm:grid-cols-2 print:grid-cols-2">
        <Party label="From" party={seller} />
        <Party label="To" party={customer} />
      </div>
      <dl className="mt-7 grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[10rem_1fr] print:grid-cols-[10rem_1fr]">
        {facts.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="text-ink-faint max-sm:-mb-1.5">{name}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {tables.map((table) => (
        <ReceiptTable key={table.title} table={table} />
      ))}
      <div className="mt-8 grid gap-1 text-[13px] text-ink-faint text-pretty">
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
      {signatory && (
        <div className="mt-8 text-right text-sm">
          <p>For {signatory}</p>
          <p className="mt-12 text-ink-faint">Authorised signatory</p>
        </div>
      )}
    </article>
  );
}

function Party({ label, party }: { label: string; party: ReceiptParty }) {
  return (
    <section aria-label={label} className="min-w-0 text-sm">
      <p className="text-[13px] text-ink-faint">{label}</p>
      <p className="mt-1 font-semibold break-words">{party.name}</p>
      {party.lines.map((line) => (
        <p key={line} className="mt-0.5 break-words text-ink-soft">
          {line}
        </p>
      ))}
    </section>
  );
}
