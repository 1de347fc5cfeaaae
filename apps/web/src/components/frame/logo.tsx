import { cn } from '../../lib/cn.ts';

/** Four strokes of a tally: two used, two to come. */
export function Logo({ className }: { className?: string }) {
  return (
    <span className={cn('inline-flex items-center gap-2.5', className)}>
      <svg viewBox="0 0 18 18" className="size-[18px]" fill="none" aria-hidden>
        <g strokeWidth="2" strokeLinecap="round">
          <path d="M2 3v12M6.67 3v12" className="stroke-live" />
          <path d="M11.33 3v12M16 3v12" className="stroke-line-strong" />
        </g>
      </svg>
      <span className="text-[15px] font-semibold tracking-tight">Hourly</span>
    </span>
  );
}
