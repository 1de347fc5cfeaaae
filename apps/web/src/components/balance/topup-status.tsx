'use client';

import { CircleCheck, CircleDashed, Clock, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Saying } from '../../lib/checkout-saying.ts';
import { cn } from '../../lib/cn.ts';

type TopupStatusProps = {
  saying: Saying;
  /** What stands below the words: ids, links, buttons. */
  children?: ReactNode;
  className?: string | undefined;
} & Record<`data-${string}`, string | undefined>;

const looks: Record<Saying['tone'], { icon: ReactNode; wash: string }> = {
  plain: { icon: <CircleDashed className="text-ink-soft" />, wash: 'bg-sunken' },
  busy: {
    icon: <LoaderCircle className="animate-spin text-ink-soft motion-reduce:animate-none" />,
    wash: 'bg-sunken',
  },
  late: { icon: <Clock className="text-hold-ink" />, wash: 'bg-hold-wash' },
  bad: { icon: <TriangleAlert className="text-halt-ink" />, wash: 'bg-halt-wash' },
  good: { icon: <CircleCheck className="text-live-ink" />, wash: 'bg-live-wash' },
};

/** Where a payment stands. The announcer reads it out. */
export function TopupStatus({ saying, children, className, ...data }: TopupStatusProps) {
  const { icon, wash } = looks[saying.tone];
  return (
    <div className={cn('rounded-xl p-4', wash, className)} {...data}>
      <div className="flex gap-3">
        <span aria-hidden className="mt-0.5 [&_svg]:size-[18px]">
          {icon}
        </span>
        <div className="min-w-0 flex-1">
          <p
            className={cn(
              'text-sm font-medium text-pretty',
              saying.tone === 'bad' && 'text-halt-ink',
            )}
          >
            {saying.title}
          </p>
          {saying.text && (
            <p className="mt-0.5 text-[13px] text-ink-soft text-pretty">{saying.text}</p>
          )}
        </div>
      </div>
      {children}
    </div>
  );
}
