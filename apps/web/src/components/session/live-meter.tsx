'use client';

import type { Session } from '@hourly/sdk/react';
import type { ReactNode } from 'react';
import { useServerNow } from '../../hooks/use-server-now.ts';
import { formatClock } from '../../lib/format.ts';
import { activeSecondsAt, paidHourAt, type ServerClock } from '../../lib/session-clock.ts';
import { MinuteRuler } from './minute-ruler.tsx';

type LiveMeterProps = {
  session: Session;
  clock: ServerClock;
  /** What stands between the timer and the ruler. */
  children: ReactNode;
};

/** The timer and the ruler of the paid hour: the only parts of the page that are drawn anew as time passes. */
export function LiveMeter({ session, clock, children }: LiveMeterProps) {
  const active = session.status === 'active';
  const nowMs = useServerNow(clock, active);
  return (
    <>
      <div
        role="timer"
        aria-label="Active time"
        data-testid="session-timer"
        className="mt-5 text-[3.5rem] leading-none font-semibold tracking-[-0.045em] tabular-nums sm:text-[5.25rem]"
      >
        {formatClock(activeSecondsAt(session, nowMs))}
      </div>
      {children}
      <MinuteRuler paidHour={paidHourAt(session, nowMs)} running={active} />
    </>
  );
}
