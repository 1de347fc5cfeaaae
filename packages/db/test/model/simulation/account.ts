import { hour, latest, type Micros, type realClock } from './time.ts';

/**
 * What the simulation remembers of an account: what happened, and nothing that could be derived from it. Balances, paid
 * hours and clocks are computed anew from these histories whenever they are asked for.
 */
export interface Account {
  id: string;
  mode: 'live' | 'test';
  ledger: Entry[];
  events: Happening[];
  sessions: Session[];
  generations: Generation[];
  topups: Topup[];
  refunds: Refund[];
  disputes: Dispute[];
  /** By idempotency key. */
  remembered: Map<string, Remembered>;
  /** Test mode: where the frozen clock stands. */
  clock: Micros;
  /** No call acts before it. */
  lastChange: Micros;
}

export interface Plan {
  plan: string;
  rateCents: number;
  sessionMinimumHours: number;
  minimumStartBalanceCents: number;
}

export interface Session {
  id: string;
  plan: Plan;
  maxHours: number | null;
  hourEnd: 'continue' | 'pause';
  autoPauseMinutes: number | null;
  /** Active time; the last one is open while the session is active. */
  segments: { from: Micros; to: Micros | null }[];
  pausedFor: PauseReason | null;
  over: { at: Micros; reason: EndReason } | null;
}

export type PauseReason = 'user' | 'hour_end' | 'idle' | 'frozen';
export type EndReason = 'user' | 'insufficient_balance' | 'max_hours' | 'operator';
export type Trigger = 'start' | 'resume' | 'settlement' | 'call';

export interface Generation {
  id: string;
  session: Session;
  requestedAt: Micros;
  /** When and how it ended, as it was recorded; null while it is under way. */
  finished: {
    at: Micros;
    status: 'completed' | 'failed' | 'cancelled';
    code: string | null;
  } | null;
}

export interface Topup {
  id: string;
  cents: number;
  inrPerUsd: number;
  status: 'created' | 'paid' | 'failed';
  createdAt: Micros;
  paidAt: Micros | null;
  /** The payment that was credited. */
  paymentId: string | null;
  /** Its payment was reported before its order was known, and is kept. */
  isPaymentKept: boolean;
  refundedCents: number;
}

type Stamp = Micros | typeof realClock;

export interface Refund {
  id: string;
  topup: Topup;
  /** The provider's payment that it is of; none in test mode. */
  paymentId: string | null;
  /** What it took from the balance. */
  cents: number;
  paise: number;
  status: 'pending' | 'processed' | 'failed';
  source: 'operator' | 'provider';
  providerRefundId: string | null;
  createdAt: Stamp;
  settledAt: Stamp | null;
  /** False while its payment is not credited to anybody. */
  isOurs: boolean;
}

export interface Dispute {
  id: string;
  topup: Topup;
  /** The provider's payment that it is of; none in test mode. */
  paymentId: string | null;
  /** What it took from the balance. */
  cents: number;
  paise: number;
  status: 'open' | 'won' | 'lost' | 'closed';
  createdAt: Stamp;
  settledAt: Stamp | null;
  /** False while its payment is not credited to anybody. */
  isOurs: boolean;
}

export interface Entry {
  type: 'topup' | 'hour' | 'refund' | 'dispute' | 'adjustment' | 'promo';
  /** Signed. */
  cents: number;
  effectiveAt: Micros;
  createdAt: Micros;
  /** Number of the event that tells of it; null where nothing is told. */
  eventNo: number | null;
  session: Session | null;
  hour: number | null;
  trigger: Trigger | null;
  topup: Topup | null;
  refundId: string | null;
  disputeId: string | null;
  reason: string | null;
}

export interface Happening {
  type: string;
  at: Micros;
  /** The resource as the API would have shown it then; null for a charge, whose ledger row is the event. */
  data: object | null;
}

export interface Remembered {
  procedure: string;
  input: string;
  /** The resource as it is at an instant. */
  replay: (now: Micros) => object;
}

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export const balanceOf = (account: Account): number =>
  sum(account.ledger.map((entry) => entry.cents));

export const balanceAfter = (account: Account, entry: Entry): number =>
  sum(account.ledger.slice(0, account.ledger.indexOf(entry) + 1).map(({ cents }) => cents));

export const openSession = (account: Account): Session | undefined =>
  account.sessions.find((session) => session.over === null);

export const isActive = (session: Session): boolean => session.segments.at(-1)?.to === null;

export const statusOf = (session: Session): 'active' | 'paused' | 'ended' => {
  if (session.over !== null) return 'ended';
  return isActive(session) ? 'active' : 'paused';
};

export const hourEntries = (account: Account, session: Session): Entry[] =>
  account.ledger.filter((entry) => entry.type === 'hour' && entry.session === session);

/** Active time up to an instant; of all there is when the session is not active. */
export const activeUs = (session: Session, at: Micros): Micros =>
  session.segments.reduce((total, { from, to }) => total + ((to ?? at) - from), 0n);

/** When an active session will have been active for so long, if nothing stops it. */
export function reaches(session: Session, activeTime: Micros): Micros {
  const open = session.segments.at(-1);
  if (open === undefined || open.to !== null) throw new Error('only an active session gets older');
  return open.from + activeTime - activeUs(session, open.from);
}

export const paidUs = (account: Account, session: Session): Micros =>
  BigInt(hourEntries(account, session).length) * hour;

/** Null while the session is not active. */
export const paidThrough = (account: Account, session: Session): Micros | null =>
  isActive(session) ? reaches(session, paidUs(account, session)) : null;

/** The instant at which a call acts that names this one: never before the last change, in test mode the frozen clock. */
export const actingAt = (account: Account, now: Micros): Micros =>
  account.mode === 'test' ? account.clock : latest(now, account.lastChange);
