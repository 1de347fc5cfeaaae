'use client';

import { useEffect, useState } from 'react';
import { type ServerClock, serverNowMs } from '../lib/session-clock.ts';

/**
 * The account’s time, renewed four times a second. The timer only asks for a new drawing: what is drawn comes from
 * the clocks, so late or missing ticks change nothing.
 */
export function useServerNow(clock: ServerClock, ticking: boolean): number {
  const [browserMs, setBrowserMs] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking || clock.frozen) return;
    const redraw = () => setBrowserMs(Date.now());
    redraw();
    const timer = setInterval(redraw, 250);
    document.addEventListener('visibilitychange', redraw);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', redraw);
    };
  }, [ticking, clock.frozen]);
  return serverNowMs(clock, Math.max(browserMs, clock.receivedMs));
}
