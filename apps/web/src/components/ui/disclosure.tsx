import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** The browser's own disclosure: a summary that opens what belongs to it. */
export function Disclosure({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  return (
    <details className="group">
      <summary className="inline-flex list-none items-center gap-1.5 rounded-md text-[13px] font-medium text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        {summary}
      </summary>
      <div className="pt-4">{children}</div>
    </details>
  );
}
