import {
  type Account,
  activeUs,
  balanceOf,
  openSession,
  type Plan,
  paidUs,
  type Session,
  statusOf,
} from './account.ts';
import {
  type Asked,
  type Done,
  isFrozen,
  mutate,
  type Outcome,
  type Refused,
  refuse,
} from './mutate.ts';
import { charge } from './settle.ts';
import { showSession } from './shows.ts';
import { finish, pause } from './stops.ts';
import type { Micros } from './time.ts';

export interface StartInput {
  plan: Plan;
  maxHours: number | null;
  hourEnd: 'continue' | 'pause';
  autoPauseMinutes: number | null;
}

const shownBy = (account: Account, session: Session): Done => ({
  show: (now) => showSession(account, session, now),
});

const missing = (account: Account, sessionId: string | undefined): Refused => {
  if (sessionId === undefined) return refuse('NO_OPEN_SESSION');
  const isOurs = account.sessions.some(({ id }) => id === sessionId);
  return refuse(isOurs ? 'SESSION_ENDED' : 'NOT_FOUND');
};

const find = (account: Account, sessionId: string | undefined): Session | undefined =>
  account.sessions.find(({ id, over }) => over === null && (sessionId ?? id) === id);

export function start(asked: Asked & StartInput): Outcome {
  const { account, plan, maxHours, hourEnd, autoPauseMinutes } = asked;
  return mutate('start', asked, (now) => {
    if (isFrozen(account)) return refuse('ACCOUNT_FROZEN');
    const open = openSession(account);
    if (open !== undefined) return refuse('SESSION_ALREADY_OPEN', { sessionId: open.id });
    const balanceCents = balanceOf(account);
    const firstCharge = plan.sessionMinimumHours * plan.rateCents;
    const requiredCents = Math.max(firstCharge, plan.minimumStartBalanceCents);
    if (balanceCents < requiredCents) {
      return refuse('INSUFFICIENT_BALANCE', { balanceCents, requiredCents });
    }
    const session: Session = {
      id: `${account.id}-session-${account.sessions.length + 1}`,
      plan,
      maxHours,
      hourEnd,
      autoPauseMinutes,
      segments: [{ from: now, to: null }],
      pausedFor: null,
      over: null,
    };
    account.sessions.push(session);
    chargeTelling(account, session, 'session.started', plan.sessionMinimumHours, now);
    return shownBy(account, session);
  });
}

export function toggle(
  asked: Asked & { sessionId?: string | undefined; to?: 'active' | 'paused' | undefined },
): Outcome {
  const { account, sessionId } = asked;
  const openBefore = openSession(account);
  return mutate('toggle', asked, (now, before) => {
    const session = find(account, sessionId);
    if (session === undefined) {
      const justEnded = openBefore !== undefined && (sessionId ?? openBefore.id) === openBefore.id;
      if (asked.to === undefined && justEnded) return shownBy(account, openBefore);
      return missing(account, sessionId);
    }
    const to = asked.to ?? (before === 'active' ? 'paused' : 'active');
    if (to === statusOf(session)) return shownBy(account, session);
    if (to === 'paused') pause(account, session, 'user', now, now);
    else {
      const refused = resume(account, session, now);
      if (refused !== null) return refused;
    }
    return shownBy(account, session);
  });
}

function resume(account: Account, session: Session, now: Micros): Refused | null {
  if (isFrozen(account)) return refuse('ACCOUNT_FROZEN');
  const isPaid = activeUs(session, now) < paidUs(account, session);
  const balanceCents = balanceOf(account);
  const requiredCents = session.plan.rateCents;
  if (!isPaid && balanceCents < requiredCents) {
    return refuse('INSUFFICIENT_BALANCE', { balanceCents, requiredCents });
  }
  session.segments.push({ from: now, to: null });
  session.pausedFor = null;
  chargeTelling(account, session, 'session.resumed', isPaid ? 0 : 1, now);
  return null;
}

/** Charges so many hours at once and tells first why; what is told already shows them. */
function chargeTelling(
  account: Account,
  session: Session,
  type: 'session.started' | 'session.resumed',
  hours: number,
  now: Micros,
): void {
  const told = { type, at: now, data: null as object | null };
  account.events.push(told);
  const trigger = type === 'session.started' ? 'start' : 'resume';
  for (let n = 0; n < hours; n += 1) charge(account, session, trigger, now, now);
  told.data = showSession(account, session, now);
}

export function end(
  asked: Asked & { sessionId?: string | undefined; endReason?: 'user' | 'operator' | undefined },
): Outcome {
  const { account, sessionId } = asked;
  const openBefore = openSession(account);
  return mutate('end', asked, (now) => {
    const named = account.sessions.find(({ id }) => id === (sessionId ?? openBefore?.id));
    if (named === undefined)
      return refuse(sessionId === undefined ? 'NO_OPEN_SESSION' : 'NOT_FOUND');
    if (named.over !== null) return shownBy(account, named);
    finish(account, named, asked.endReason ?? 'user', now, now);
    return shownBy(account, named);
  });
}
