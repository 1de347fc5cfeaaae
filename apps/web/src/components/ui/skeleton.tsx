import type { ComponentProps } from 'react';
import { cn } from '../../lib/cn.ts';

/** Holds the place of something on its way, in its final size. */
export function Skeleton({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div aria-hidden className={cn('animate-shimmer rounded-md bg-sunken', className)} {...rest} />
  );
}
