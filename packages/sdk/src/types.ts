/**
 * The shapes that travel between Hourly and its callers, as plain interfaces: editors show them as they are, and no
 * schema library stands behind them. A type test holds every one of them equal to the schemas of the contract.
 *
 * Amounts are integers: US cents (`…Cents`) and Indian paise (`…Paise`). Instants are ISO 8601 in UTC with
 * milliseconds. Ids are opaque strings.
 */

/** A test account touches no money: top-ups are paid at once, and its clock moves only when told to. */
export type Mode = 'live' | 'test';

/** One of Hourly's closed list of reasons. */
export type Reason =
  | 'UNAUTHENTICATED'
  | 'INSUFFICIENT_BALANCE'
  | 'ACCOUNT_FROZEN'
  | 'TEST_MODE_ONLY'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'NO_OPEN_SESSION'
  | 'METHOD_NOT_ALLOWED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'SESSION_ALREADY_OPEN'
  | 'SESSION_PAUSED'
  | 'SESSION_ENDED'
  | 'REQUEST_IN_PROGRESS'
  | 'INVALID_INPUT'
  | 'AMOUNT_BELOW_MINIMUM'
  | 'AMOUNT_ABOVE_MAXIMUM'
  | 'INVALID_SIGNATURE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'RATE_LIMITED'
  | 'INTERNAL'
  | 'PAYMENT_PROVIDER_ERROR'
  | 'GENERATION_PROVIDER_ERROR';

/** A page of a list, newest first. */
export interface Page<Item> {
  items: Item[];
  /** Asks for the page after this one; null on the last. */
  nextCursor: string | null;
}

export interface PageInput {
  /** `nextCursor` of the page before; absent for the newest page. */
  cursor?: string | null | undefined;
  /** Items a page: 1–100, 20 unless told. */
  limit?: number | undefined;
}

export type SessionStatus = 'active' | 'paused' | 'ended';
export type EndReason = 'user' | 'insufficient_balance' | 'max_hours' | 'operator';
export type PauseReason = 'user' | 'hour_end' | 'idle' | 'frozen';
export type HourEnd = 'continue' | 'pause';

/** A stretch of billable time, from its start to its end, in the prices it started at. */
export interface Session {
  id: string;
  status: SessionStatus;
  plan: string;
  /** Price of one hour. */
  rateCents: number;
  startedAt: string;
  endedAt: string | null;
  endReason: EndReason | null;
  pauseReason: PauseReason | null;
  /** When the hours charged so far run out; null while paused or ended. */
  paidThrough: string | null;
  /** Active time so far, to the microsecond. Paused time does not count. */
  activeSeconds: number;
  hoursCharged: number;
  costCents: number;
  generationCount: number;
  /** Guard: the session ends at the paid-through of this hour instead of charging another. */
  maxHours: number | null;
  /** Guard: `pause` pauses at paid-through instead of charging another hour. */
  hourEnd: HourEnd;
  /** Guard: pauses when the session has been idle this long; null = never. */
  autoPauseMinutes: number | null;
  /** The account's time at which all of this is true. */
  serverTime: string;
}

/** An unbroken stretch of active time. */
export interface Segment {
  startedAt: string;
  endedAt: string | null;
  /** To the microsecond. */
  seconds: number;
}

/** One charged hour and the evidence for it. */
export interface Charge {
  /** 1 for the session's first hour. */
  hour: number;
  amountCents: number;
  /** The instant at which the hour became due. */
  dueAt: string;
  /** What made the charge happen. */
  trigger: 'start' | 'resume' | 'settlement' | 'call';
  balanceBeforeCents: number;
  balanceAfterCents: number;
  /** The ledger's row of this charge. */
  entryNo: number;
  /** The active time that it pays for. */
  segments: Segment[];
}

export interface SessionDetail extends Session {
  segments: Segment[];
  charges: Charge[];
}

export interface StartInput {
  /** `hourly_standard` unless told. */
  plan?: string | undefined;
  /** 1–1000: end at the paid-through of this hour instead of charging another. */
  maxHours?: number | null | undefined;
  /** `pause`: pause at paid-through instead of charging another hour. */
  hourEnd?: HourEnd | undefined;
  /** 1–1440: pause when idle this long. */
  autoPauseMinutes?: number | null | undefined;
}

export interface ToggleInput {
  sessionId?: string | undefined;
  /** Without it: the opposite of the state before this call. */
  to?: 'active' | 'paused' | undefined;
}

export interface EndInput {
  /** The open session unless named. An ended one that is named is returned again. */
  sessionId?: string | undefined;
}

export interface Plan {
  plan: string;
  rateCents: number;
  sessionMinimumHours: number;
  commitmentHours: number;
  minimumTopupCents: number;
  maximumTopupCents: number;
  topupTiersCents: number[];
  minimumStartBalanceCents: number;
  inrPerUsd: number;
}

export interface Commitment {
  hours: number;
  hoursUsed: number;
  remainingCents: number;
}

export interface Balance {
  balanceCents: number;
  balanceInrPaise: number;
  currency: 'USD';
  mode: Mode;
  /** The balance is below zero: start, resume and generate are refused until a top-up lifts it. */
  frozen: boolean;
  refundableCents: number;
  /** Whole hours that the balance can still pay. */
  hoursRemaining: number;
  commitment: Commitment;
  plan: Plan;
}

export interface Status {
  /** The open session; null when none is open. */
  session: Session | null;
  balance: Balance;
  serverTime: string;
}

export interface AdvanceClockInput {
  /** More than 0, at most 31 days, at most 6 decimals. */
  advanceSeconds: number;
}

export interface Clock {
  now: string;
}

export type TopupStatus = 'created' | 'paid' | 'failed' | 'expired' | 'refunded';

/** What a browser hands to Razorpay's checkout. */
export interface Checkout {
  keyId: string;
  orderId: string;
  /** Paise. */
  amount: number;
  currency: 'INR';
}

export interface Topup {
  id: string;
  /** `failed`: the last attempt failed; `expired`: nobody paid in 3 days. A later capture credits both. */
  status: TopupStatus;
  amountCents: number;
  amountInrPaise: number;
  /** The rate that the top-up locked. */
  inrPerUsd: number;
  refundedCents: number;
  createdAt: string;
  paidAt: string | null;
  /** Null in test mode, where nothing is paid. */
  checkout: Checkout | null;
}

export interface TopupInput {
  amountCents: number;
}

/** What Razorpay's checkout hands back, as it names it. */
export interface ConfirmTopupInput {
  razorpay_order_id: string;
  razorpay_payment_id: string;
  razorpay_signature: string;
}

/** One row of the account's ledger. Numbered without gaps; the balance after a row is the sum of all up to it. */
export interface LedgerEntry {
  entryNo: number;
  type: 'topup' | 'hour' | 'refund' | 'dispute' | 'adjustment' | 'promo';
  /** Signed: what the entry adds to the balance. */
  amountCents: number;
  balanceAfterCents: number;
  sessionId: string | null;
  hour: number | null;
  topupId: string | null;
  /** The instant at which it became due. */
  effectiveAt: string;
  /** The instant at which it was written. */
  createdAt: string;
  description: string;
}

export interface UsageInput {
  /** First day, `2026-01-31`; without it: 29 days before `to`. */
  from?: string | undefined;
  /** Last day, included; without it: today in `tz`. */
  to?: string | undefined;
  /** IANA name of the time zone in which days begin; UTC unless told. */
  tz?: string | undefined;
}

export interface UsageDay {
  date: string;
  hours: number;
  costCents: number;
  generations: number;
}

export interface Usage {
  /** Every day of the range, oldest first, days without use included. */
  days: UsageDay[];
}

export type GenerationStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

/** What may be asked of a model. Closed: nothing else is passed on to the provider. */
export interface GenerationParams {
  /** Pixels, 64–1536. */
  width?: number | undefined;
  /** Pixels, 64–1536. */
  height?: number | undefined;
  /** 1–100. */
  steps?: number | undefined;
  /** 0–4294967295. */
  seed?: number | undefined;
  negativePrompt?: string | undefined;
  /** Pictures to make: 1–4. */
  count?: number | undefined;
}

export interface GenerationOutput {
  /** Serves the picture to its owner only: same credentials as the API. */
  url: string;
  contentType: string;
  width: number;
  height: number;
}

export interface GenerationFailure {
  code: string;
  message: string;
}

export interface Generation {
  id: string;
  sessionId: string;
  status: GenerationStatus;
  prompt: string;
  model: string;
  params: GenerationParams;
  /** Null until completed. */
  output: GenerationOutput[] | null;
  /** Null unless failed. */
  error: GenerationFailure | null;
  createdAt: string;
  completedAt: string | null;
}

export interface GenerateInput {
  /** The open session unless named. */
  sessionId?: string | undefined;
  prompt: string;
  /** One of the operator's list; without it: the list's first. */
  model?: string | undefined;
  params?: GenerationParams | undefined;
  /** How long the call waits for the output before it returns the generation unfinished: 0–60, 25 unless told. */
  waitSeconds?: number | undefined;
}
