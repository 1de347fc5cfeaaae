import type { Session } from '@hourly/sdk/react';
import { ShieldCheck } from 'lucide-react';

/** The guards that the session was started with, in words. Nothing when there are none. */
export function Guards({
  session,
}: {
  session: Pick<Session, 'maxHours' | 'hourEnd' | 'autoPauseMinutes'>;
}) {
  const guards = [
    session.maxHours !== null && `ends after ${session.maxHours} h`,
    session.hourEnd === 'pause' && 'pauses each hour',
    session.autoPauseMinutes !== null && `pauses when idle ${session.autoPauseMinutes} min`,
  ].filter((guard) => guard !== false);
  if (guards.length === 0) return null;
  return (
    <p className="flex items-start gap-1.5 text-right text-[13px] text-ink-faint">
      <ShieldCheck aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span>
        <span className="sr-only">Guards: </span>
        {guards.join(' · ')}
      </span>
    </p>
  );
}
