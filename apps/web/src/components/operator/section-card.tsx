import type { ReactNode } from 'react';
import { Card } from '../ui/card.tsx';

type SectionCardProps = {
  title: string;
  /** What it is and what to do about it, in one sentence. */
  hint: ReactNode;
  action?: ReactNode;
  children: ReactNode;
};

/** One subject of the operator's page. */
export function SectionCard({ title, hint, action, children }: SectionCardProps) {
  return (
    <Card aria-label={title} className="p-5 sm:p-6">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 className="text-base font-semibold">{title}</h2>
          <p className="mt-1 text-sm text-ink-soft text-pretty">{hint}</p>
        </div>
        {action}
      </div>
      {children}
    </Card>
  );
}

/** Rows that scroll sideways rather than squeeze. */
export function PlainTable({
  label,
  head,
  children,
}: {
  label: string;
  head: string[];
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
    <section className="mt-4 overflow-x-auto" aria-label={label} tabIndex={0}>
      <table className="w-full min-w-[40rem] text-sm [&_td]:py-2.5 [&_td]:pr-4 [&_td]:align-top [&_tr]:border-b [&_tr:last-child]:border-b-0">
        <thead>
          <tr className="text-left text-[13px] text-ink-faint">
            {head.map((name) => (
              <th key={name} scope="col" className="py-2 pr-4 font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** An instant as operators compare it with other systems' logs. */
export const Instant = ({ at }: { at: Date | string }) => {
  const iso = (typeof at === 'string' ? new Date(at) : at).toISOString();
  return (
    <time dateTime={iso} className="tabular-nums whitespace-nowrap text-ink-soft">
      {iso.slice(0, 19).replace('T', ' ')} UTC
    </time>
  );
};

export const Mono = ({ children }: { children: ReactNode }) => (
  <code className="font-mono text-[13px] break-all">{children}</code>
);
