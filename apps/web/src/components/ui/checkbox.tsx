'use client';

import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../../lib/cn.ts';

export function Checkbox({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        'grid size-5 shrink-0 place-items-center rounded-[6px] border border-ink-faint bg-surface transition-colors data-[state=checked]:border-action data-[state=checked]:bg-action',
        className,
      )}
      {...rest}
    >
      <Radix.Indicator>
        <Check aria-hidden className="size-3.5 text-on-action" strokeWidth={3} />
      </Radix.Indicator>
    </Radix.Root>
  );
}
