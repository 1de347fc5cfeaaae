'use client';

import { hourly } from '@hourly/sdk/react';
import { cn } from '../../lib/cn.ts';
import { count, formatUsd } from '../../lib/format.ts';
import { Skeleton } from '../ui/skeleton.tsx';

/** The last thirty days in the browser's time zone, a bar a day. Nothing until something was used. */
export function UsageChart() {
  const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { data } = hourly.hourlyUsage.usage.useQuery({ tz });
  if (!data) return <Skeleton className="mt-5 h-24" />;
  const total = data.days.reduce(
    (sum, day) => ({
      hours: sum.hours + day.hours,
      costCents: sum.costCents + day.costCents,
      generations: sum.generations + day.generations,
    }),
    { hours: 0, costCents: 0, generations: 0 },
  );
  if (total.hours + total.generations === 0) {
    return <p className="mt-1 text-sm text-ink-faint">Nothing used in the last 30 days.</p>;
  }
  const most = Math.max(1, ...data.days.map((day) => day.hours));
  const said = `${count(total.hours, 'hour')}, ${formatUsd(total.costCents)} and ${count(total.generations, 'generation')} in the last ${data.days.length} days`;
  return (
    <figure className="mt-1">
      <figcaption className="text-sm text-ink-soft tabular-nums">{said}</figcaption>
      <div aria-hidden className="mt-5 flex h-14 items-end justify-between">
        {data.days.map((day) => (
          <span
            key={day.date}
            title={`${day.date}: ${count(day.hours, 'hour')}, ${formatUsd(day.costCents)}`}
            className={cn('w-1 rounded-full sm:w-1.5', day.hours > 0 ? 'bg-ink' : 'h-1.5 bg-line')}
            style={day.hours > 0 ? { height: `${Math.max(20, (100 * day.hours) / most)}%` } : {}}
          />
        ))}
      </div>
    </figure>
  );
}
