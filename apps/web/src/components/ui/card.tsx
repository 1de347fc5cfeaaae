import type { ComponentProps } from 'react';
import { cn } from '../../lib/cn.ts';

/** A surface that holds one subject. */
export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section className={cn('rounded-2xl border bg-surface shadow-card', className)} {...rest} />
  );
}
