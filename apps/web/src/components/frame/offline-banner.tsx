'use client';

import { WifiOff } from 'lucide-react';
import { useOnline } from '../../hooks/use-online.ts';

/** Says that what is on screen may be old. The server goes on counting by its own clock. */
export function OfflineBanner() {
  const online = useOnline();
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
