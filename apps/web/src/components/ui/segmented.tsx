'use client';

import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../../lib/cn.ts';

type SegmentedProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly { value: Value; label: ReactNode; testId?: string; title?: string }[];
  onChange: (value: Value) => void;
  disabled?: boolean;
  className?: string;
};

/** A choice of one among a few, all in sight. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
  disabled = false,
  className,
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
      className={cn('inline-flex h-9 items-stretch rounded-lg bg-sunken p-0.5', className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          title={option.title}
          data-testid={option.testId}
          className="inline-flex flex-1 items-center justify-center gap-1.5 rounded-md px-2.5 text-[13px] font-medium text-ink-faint transition-colors hover:not-disabled:text-ink disabled:opacity-50 data-[state=on]:bg-surface data-[state=on]:text-ink dark:data-[state=on]:bg-line-strong data-[state=on]:shadow-[0_1px_2px_rgb(0_0_0/0.12)] [&_svg]:size-4"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
