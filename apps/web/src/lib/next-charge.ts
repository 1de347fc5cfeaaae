import type { Session } from '@hourly/sdk/react';

/** What happens when the paid hours run out, in the order in which the server's rules decide a tie. */
export type AtPaidThrough = 'ends_at_max_hours' | 'pauses' | 'ends_without_balance' | 'charges';

type Guarded = Pick<Session, 'hoursCharged' | 'maxHours' | 'hourEnd' | 'rateCents'>;

/** What happens to a session at its paid-through if nothing changes before. */
export function atPaidThrough(session: Guarded, balanceCents: number): AtPaidThrough {
  if (session.maxHours !== null && session.hoursCharged >= session.maxHours) {
    return 'ends_at_max_hours';
  }
  if (session.hourEnd === 'pause') return 'pauses';
  if (balanceCents < session.rateCents) return 'ends_without_balance';
  return 'charges';
}
