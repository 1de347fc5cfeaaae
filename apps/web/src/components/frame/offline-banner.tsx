'use client';

import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';

function subscribe(onChange: () => void) {
  window.addEventListener('online', onChange);
  window.addEventListener('offline', onChange);
  return () => {
    window.removeEventListener('online', onChange);
    window.removeEventListener('offline', onChange);
  };
}

/** Says that what is on screen may be old. The server goes on counting by its own clock. */
export function OfflineBanner() {
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status" className="contents">
      {!online && (
        <p className="flex items-center justify-center gap-2 bg-ink px-4 py-2 text-[13px] text-canvas">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          You are offline. The session goes on; figures are from the last look.
        </p>
      )}
    </div>
  );
}
