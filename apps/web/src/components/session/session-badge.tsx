import type { Session } from '@hourly/sdk/react';
import { Badge, type Tone } from '../ui/badge.tsx';

const words: Record<Session['status'], { label: string; tone: Tone }> = {
  active: { label: 'Active', tone: 'live' },
  paused: { label: 'Paused', tone: 'hold' },
  ended: { label: 'Ended', tone: 'plain' },
};

/** The session's state in a word; a dot breathes while time runs. */
export function SessionBadge({ session }: { session: Pick<Session, 'status'> }) {
  const { label, tone } = words[session.status];
  return (
    <Badge tone={tone} data-testid="session-status" data-status={session.status}>
      {session.status === 'active' && (
        <span aria-hidden className="size-1.5 animate-breathe rounded-full bg-live" />
      )}
      {label}
    </Badge>
  );
}
