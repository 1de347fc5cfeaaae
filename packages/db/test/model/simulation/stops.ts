import {
  type Account,
  type EndReason,
  isActive,
  type PauseReason,
  type Session,
} from './account.ts';
import { tell } from './events.ts';
import { showSession } from './shows.ts';
import type { Micros } from './time.ts';

/** The active time of a session ends at `at`, which may be noticed only now. */
export function pause(
  account: Account,
  session: Session,
  reason: PauseReason,
  at: Micros,
  now: Micros,
): void {
  closeSegment(session, at);
  session.pausedFor = reason;
  tell(account, 'session.paused', now, showSession(account, session, now));
}

/** A session is over at `at`, which may be noticed only now. */
export function finish(
  account: Account,
  session: Session,
  reason: EndReason,
  at: Micros,
  now: Micros,
): void {
  if (isActive(session)) closeSegment(session, at);
  session.pausedFor = null;
  session.over = { at, reason };
  tell(account, 'session.ended', now, showSession(account, session, now));
}

function closeSegment(session: Session, at: Micros): void {
  const open = session.segments.at(-1);
  if (open !== undefined) open.to = at;
}
