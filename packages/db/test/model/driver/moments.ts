import {
  type Account,
  isActive,
  openSession,
  paidThrough,
  reaches,
} from '../simulation/account.ts';
import { generationLimit, lastActivity } from '../simulation/settle.ts';
import { hour, latest, type Micros, minute } from '../simulation/time.ts';
import type { Moment } from './commands.ts';

/** The instant that is meant, for an account whose last call was at `from`; `from` itself where there is no such instant. */
export function instantOf(account: Account, moment: Moment, from: Micros): Micros {
  const shift = BigInt(moment.us);
  if (moment.to === 'later') return from + shift;
  if (moment.to === 'earlier') return account.mode === 'test' ? from : from - shift;
  const target = targetOf(account, moment);
  return target === null ? from : latest(from, target + shift);
}

function targetOf(account: Account, moment: Moment): Micros | null {
  if (moment.to === 'deadline') {
    const running = account.generations.filter(({ finished }) => finished === null);
    const last = running.at(-1);
    return last === undefined ? null : last.requestedAt + generationLimit;
  }
  const session = openSession(account);
  if (session === undefined || !isActive(session)) return null;
  const paid = paidThrough(account, session);
  if (paid === null) return null;
  const { maxHours, autoPauseMinutes } = session;
  const patience = BigInt(autoPauseMinutes ?? 0) * minute;
  switch (moment.to) {
    case 'paidThrough':
      return paid + BigInt(moment.hours) * hour;
    case 'maxHours':
      return maxHours === null ? null : reaches(session, BigInt(maxHours) * hour);
    case 'idle':
      return lastActivity(account, session) + patience;
    // A generation that is asked for then becomes idle exactly at paid-through.
    case 'idleLead':
      return paid - patience;
    case 'busyLead':
      return paid - patience - generationLimit;
    default:
      return null;
  }
}
