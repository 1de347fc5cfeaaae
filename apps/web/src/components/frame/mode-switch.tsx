'use client';

import { Switch } from 'radix-ui';
import { useId } from 'react';
import { useMode } from './mode.tsx';

export function ModeSwitch() {
  const { mode, setMode } = useMode();
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="text-[13px] font-medium text-ink-soft select-none">
        Test<span className="hidden sm:inline"> mode</span>
      </label>
      <Switch.Root
        id={id}
        data-testid="mode-toggle"
        checked={mode === 'test'}
        onCheckedChange={(test) => setMode(test ? 'test' : 'live')}
        className="h-5 w-9 rounded-full bg-line-strong p-0.5 transition-colors data-[state=checked]:bg-hold"
      >
        <Switch.Thumb className="block size-4 rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-4" />
      </Switch.Root>
    </div>
  );
}
