import type { ComponentProps } from 'react';
import { cn } from '../../lib/cn.ts';
import { Button } from '../ui/button.tsx';

/** What can be done about a payment. */
export function StatusButton({ className, ...rest }: ComponentProps<typeof Button>) {
  return <Button className={cn('mt-3 h-11 w-full flex-1', className)} {...rest} />;
}
