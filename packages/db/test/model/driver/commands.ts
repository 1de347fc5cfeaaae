/**
 * A schedule of calls in words: who, what and when, where "when" may aim at an instant that only the simulation knows, such
 * as exactly paid-through. Plain data, so that a failing one can be shrunk, printed and kept as a test.
 */
export interface Schedule {
  accounts: AccountSpec[];
  commands: Command[];
}

export interface AccountSpec {
  mode: 'live' | 'test';
  /** Paid in by a top-up of its own first. */
  paidInCents: 0 | 10_000 | 20_000;
  /** What is corrected by hand so that this is the balance. */
  balanceCents: number;
  /** Null: nothing is started. */
  start: Guards | null;
}

export interface Guards {
  plan: 'hourly_standard' | 'hourly_double' | 'hourly_odd';
  maxHours: number | null;
  hourEnd: 'continue' | 'pause';
  autoPauseMinutes: number | null;
}

/** An instant, as far as it can be known before the schedule runs. */
export type Moment =
  | { to: 'later'; us: number }
  | { to: 'earlier'; us: number }
  | { to: 'paidThrough'; hours: number; us: number }
  | { to: 'idle' | 'maxHours' | 'deadline' | 'idleLead' | 'busyLead'; us: number };

/** Which session a call names. */
export type Named = 'none' | 'open' | 'ended' | 'foreign' | 'unknown';

type RefundStatus = 'pending' | 'processed' | 'failed';
type DisputeStatus = 'open' | 'won' | 'lost' | 'closed';

/** One of ours by our id, one that was told before by the provider's, or a new one. */
export type RefundOf = 'ours' | 'told' | 'foreign';

/** How much of a top-up. */
export type Share = 'all' | 'half' | 'hour';

interface Base {
  /** Index of the account, modulo how many there are. */
  who: number;
  when: Moment;
}

interface Keyed extends Base {
  key: number | null;
}

interface Nudging {
  /** True: where no session is active, one is started or resumed instead. */
  nudge: boolean;
}

export type Command =
  | ({ do: 'start' } & Keyed & Guards)
  | ({ do: 'toggle'; to: 'active' | 'paused' | null; named: Named } & Keyed & Nudging)
  | ({ do: 'end'; by: 'user' | 'operator'; named: Named } & Keyed)
  | ({ do: 'generate'; named: Named } & Keyed & Nudging)
  | ({ do: 'finish'; nth: number; as: 'completed' | 'failed' | 'cancelled' } & Base)
  | ({ do: 'cancel'; nth: number } & Keyed)
  | ({ do: 'topup'; cents: number } & Keyed)
  | ({ do: 'pay'; nth: number; payment: 'right' | 'early' | 'second' | 'mismatch' } & Keyed)
  | ({ do: 'adjust'; type: 'adjustment' | 'promo'; cents: number; isTarget: boolean } & Keyed)
  | ({ do: 'refund'; nth: number; cents: number; isBelowMaximum: boolean } & Keyed)
  | ({ do: 'reportRefund'; nth: number; of: RefundOf; status: RefundStatus; share: Share } & Base &
      Nudging)
  | ({ do: 'dispute'; nth: number; status: DisputeStatus; share: Share } & Base & Nudging)
  | ({ do: 'advance'; us: number } & Keyed)
  | ({ do: 'again'; nth: number } & Base)
  | ({ do: 'read'; what: 'status' | 'balance' | 'session' | 'latest' } & Base)
  | ({ do: 'tick'; isForOne: boolean } & Base)
  | ({ do: 'reprice'; plan: 'hourly_double' | 'hourly_odd'; rateCents: number } & Base);
