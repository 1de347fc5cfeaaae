import type { Session } from '@hourly/sdk/react';

const hourSeconds = 3600;

/**
 * The account's clock as the browser knows it from one answer. Elapsed time is always the difference of two
 * instants, never counted ticks, so sleep and throttled timers can't make it wrong.
 */
export type ServerClock = {
  /** The account's time in the answer, in milliseconds. */
  serverMs: number;
  /** The browser's time when the answer arrived, in milliseconds. */
  receivedMs: number;
  /** A test account's clock stands still between calls. */
  frozen: boolean;
};

/** The account's time in milliseconds while the browser's clock shows `browserMs`. Never before the answer. */
export function serverNowMs(clock: ServerClock, browserMs: number): number {
  if (clock.frozen) return clock.serverMs;
  return clock.serverMs + Math.max(0, browserMs - clock.receivedMs);
}

type Timed = Pick<Session, 'status' | 'activeSeconds' | 'hoursCharged' | 'serverTime'>;

/**
 * Active seconds at an instant of the account's clock. They stop at the end of the paid hours: whether another one
 * begins is the server's to say.
 */
export function activeSecondsAt(session: Timed, nowMs: number): number {
  if (session.status !== 'active') return session.activeSeconds;
  const sinceAnswer = Math.max(0, nowMs - Date.parse(session.serverTime)) / 1000;
  const paidSeconds = Math.max(session.activeSeconds, session.hoursCharged * hourSeconds);
  return Math.min(session.activeSeconds + sinceAnswer, paidSeconds);
}

export type PaidHour = {
  /** Which hour of the session: 1 is the first. */
  hour: number;
  /** Seconds of it that are used, 0–3600. */
  usedSeconds: number;
  /** Seconds of it that are still paid for, 0–3600. */
  leftSeconds: number;
};

/** The newest paid hour and how far into it the session is. */
export function paidHourAt(session: Timed, nowMs: number): PaidHour {
  const active = activeSecondsAt(session, nowMs);
  const before = Math.max(0, session.hoursCharged - 1) * hourSeconds;
  const usedSeconds = Math.min(hourSeconds, Math.max(0, active - before));
  return { hour: session.hoursCharged, usedSeconds, leftSeconds: hourSeconds - usedSeconds };
}

const calmLookMs = 15_000;
const soonestLookMs = 400;

type Looked = { session: Pick<Session, 'paidThrough' | 'serverTime'> | null };

/**
 * Milliseconds from an answer to the next look at the server: right after the paid hours run out, where something
 * happens for certain, and every 15 seconds otherwise, for what nobody can foresee.
 */
export function nextLookMs(status: Looked): number {
  const session = status.session;
  if (!session?.paidThrough) return calmLookMs;
  const leftMs = Date.parse(session.paidThrough) - Date.parse(session.serverTime);
  return Math.min(calmLookMs, Math.max(soonestLookMs, leftMs + 100));
}
