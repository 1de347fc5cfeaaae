import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from '../../lib/cn.ts';

const badgeClasses = cva(
  'inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium whitespace-nowrap',
  {
    variants: {
      tone: {
        live: 'bg-live-wash text-live-ink',
        hold: 'bg-hold-wash text-hold-ink',
        halt: 'bg-halt-wash text-halt-ink',
        plain: 'bg-sunken text-ink-soft',
      },
    },
    defaultVariants: { tone: 'plain' },
  },
);

export type Tone = NonNullable<VariantProps<typeof badgeClasses>['tone']>;

/** A short word about a thing's state. */
export function Badge({ className, tone, ...rest }: ComponentProps<'span'> & { tone?: Tone }) {
  return <span className={cn(badgeClasses({ tone }), className)} {...rest} />;
}
