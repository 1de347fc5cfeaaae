import {
  type Account,
  balanceOf,
  hourEntries,
  isActive,
  openSession,
  reaches,
  type Session,
  type Trigger,
} from './account.ts';
import { post } from './books.ts';
import { finish, pause } from './stops.ts';
import { earliest, hour, latest, type Micros, minute } from './time.ts';

export const generationLimit: Micros = 15n * minute;

/** What stops a session, in the order that decides when several do at one instant. */
type Stop = 'maxHours' | 'hourEnd' | 'idle' | 'insolvency';

interface Step {
  at: Micros;
  what: 'charge' | Stop;
}

/** What will happen to an active session if nobody calls anything, and when. */
export function nextStep(account: Account, session: Session): Step {
  const stop = firstStop(account, session);
  const charged = BigInt(hourEntries(account, session).length);
  const nextHour = reaches(session, charged * hour);
  return nextHour < stop.at ? { at: nextHour, what: 'charge' } : stop;
}

function firstStop(account: Account, session: Session): Step {
  const charged = BigInt(hourEntries(account, session).length);
  const payable = BigInt(Math.floor(Math.max(0, balanceOf(account)) / session.plan.rateCents));
  const stops: Step[] = [];
  if (session.maxHours !== null) {
    stops.push({ what: 'maxHours', at: reaches(session, BigInt(session.maxHours) * hour) });
  }
  if (session.hourEnd === 'pause') {
    stops.push({ what: 'hourEnd', at: reaches(session, charged * hour) });
  }
  if (session.autoPauseMinutes !== null) {
    const patience = BigInt(session.autoPauseMinutes) * minute;
    stops.push({ what: 'idle', at: lastActivity(account, session) + patience });
  }
  const insolvency: Step = { what: 'insolvency', at: reaches(session, (charged + payable) * hour) };
  return [...stops, insolvency].reduce((first, stop) => (stop.at < first.at ? stop : first));
}

/** The latest of start, resume, a generation's request and the end of its being busy. */
export function lastActivity(account: Account, session: Session): Micros {
  const resumes = session.segments.map(({ from }) => from);
  const uses = account.generations
    .filter((generation) => generation.session === session)
    .flatMap(({ requestedAt, finished }) => {
      const deadline = requestedAt + generationLimit;
      return [requestedAt, finished === null ? deadline : earliest(finished.at, deadline)];
    });
  return [...resumes, ...uses].reduce(latest);
}

export interface Settled {
  hours: number;
  paused: number;
  ended: number;
}

/** Lets everything happen that is due by `now`, one thing after the other; at most so many hours are charged. */
export function settle(
  account: Account,
  now: Micros,
  trigger: Trigger,
  mostHours = Number.MAX_SAFE_INTEGER,
): Settled {
  const settled: Settled = { hours: 0, paused: 0, ended: 0 };
  const session = openSession(account);
  if (session === undefined) return settled;
  const entries = account.ledger.length;
  const events = account.events.length;
  while (isActive(session)) {
    const step = nextStep(account, session);
    const isDue =
      step.what === 'charge' || step.what === 'insolvency' ? step.at < now : step.at <= now;
    if (!isDue) break;
    if (step.what === 'charge' && settled.hours === mostHours) {
      // The rest is another pass's. So far the account is known and no further, and that is its time.
      account.lastChange = step.at;
      for (const entry of account.ledger.slice(entries)) entry.createdAt = step.at;
      for (const event of account.events.slice(events)) event.at = step.at;
      return settled;
    }
    if (step.what === 'charge') charge(account, session, trigger, step.at, now);
    else stop(account, session, step, now);
    settled.hours += step.what === 'charge' ? 1 : 0;
    settled.paused += step.what === 'hourEnd' || step.what === 'idle' ? 1 : 0;
    settled.ended += step.what === 'maxHours' || step.what === 'insolvency' ? 1 : 0;
    account.lastChange = now;
  }
  return settled;
}

/** Takes the price of one more hour. */
export function charge(
  account: Account,
  session: Session,
  trigger: Trigger,
  dueAt: Micros,
  now: Micros,
): void {
  post(account, {
    type: 'hour',
    cents: -session.plan.rateCents,
    effectiveAt: dueAt,
    createdAt: now,
    session,
    hour: hourEntries(account, session).length + 1,
    trigger,
  });
}

function stop(account: Account, session: Session, step: Step, now: Micros): void {
  if (step.what === 'maxHours') finish(account, session, 'max_hours', step.at, now);
  if (step.what === 'insolvency') finish(account, session, 'insufficient_balance', step.at, now);
  if (step.what === 'hourEnd') pause(account, session, 'hour_end', step.at, now);
  if (step.what === 'idle') pause(account, session, 'idle', step.at, now);
}
