import type { ComponentProps } from 'react';
import { cn } from '../../lib/cn.ts';

/** Classes that inputs, selects and text areas share. 16 px on phones, where less makes the browser zoom in. */
export const fieldClasses =
  'w-full rounded-lg border border-line-strong bg-surface text-base text-ink transition-colors placeholder:text-ink-faint hover:not-disabled:border-ink-faint disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-halt sm:text-sm';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cn(fieldClasses, 'h-10 px-3', className)} {...rest} />;
}
