'use client';

import { hourly } from '@hourly/sdk/react';
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
  const most = Math.max(1, ...data.days.map((day) => day.hours));
  const said = `${count(total.hours, 'hour')}, ${formatUsd(total.costCents)} and ${count(total.generations, 'picture')} in the last ${data.days.length} days`;
  return (
    <figure className="mt-1">
      <figcaption className="text-sm text-ink-soft tabular-nums">{said}</figcaption>
      <div aria-hidden className="mt-5 flex h-16 items-end gap-[3px] sm:gap-1.5">
        {data.days.map((day) => (
          <span
            key={day.date}
            title={`${day.date}: ${count(day.hours, 'hour')}, ${formatUsd(day.costCents)}`}
            className={day.hours > 0 ? 'flex-1 rounded-sm bg-ink' : 'flex-1 rounded-sm bg-line'}
            style={{ height: day.hours > 0 ? `${Math.max(8, (100 * day.hours) / most)}%` : '2px' }}
          />
        ))}
      </div>
    </figure>
  );
}
