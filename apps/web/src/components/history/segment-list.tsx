import type { Segment } from '@hourly/sdk/react';
import { cn } from '../../lib/cn.ts';
import { formatPreciseClock, formatPreciseTime } from '../../lib/format.ts';

/** Stretches of active time. */
export function SegmentList({ segments, className }: { segments: Segment[]; className?: string }) {
  return (
    <ul className={cn('grid gap-1.5 text-[13px] tabular-nums', className)}>
      {segments.map((segment) => (
        <li key={segment.startedAt} className="flex justify-between gap-4">
          <span className="text-ink-soft">
            {formatPreciseTime(segment.startedAt)} –{' '}
            {segment.endedAt ? formatPreciseTime(segment.endedAt) : 'now'}
          </span>
          <span>{formatPreciseClock(segment.seconds)}</span>
        </li>
      ))}
    </ul>
  );
}
