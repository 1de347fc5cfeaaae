'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => {};
const isApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys that submit the prompt, as they are printed on this keyboard. */
export function SubmitKeys() {
  const apple = useSyncExternalStore(never, isApple, () => false);
  return (
    <kbd aria-hidden className="font-sans text-xs opacity-60 max-sm:hidden">
      {apple ? '⌘↵' : 'Ctrl ↵'}
    </kbd>
  );
}
