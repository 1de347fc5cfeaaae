import type { Reason } from './types.ts';

/** Reasons that the client itself finds, beside the server's. */
export type ClientReason =
  /** The client, or a call's options, were given something that cannot work. */
  | 'INVALID_CONFIGURATION'
  /** No answer: name not found, connection refused or lost. */
  | 'CONNECTION_FAILED'
  /** No answer in time. */
  | 'TIMED_OUT'
  /** The caller's signal fired. */
  | 'ABORTED'
  /** An answer that Hourly does not give, e.g. a proxy's page. */
  | 'UNEXPECTED_RESPONSE';

/** A reason known today, or one that a newer server knows: keep a default branch. */
export type HourlyReason = Reason | ClientReason | (string & {});

/** What an error is made of; everything but the message and the reason may be left out. */
export interface HourlyErrorFields {
  message: string;
  reason: HourlyReason;
  status?: number | null;
  requestId?: string | null;
  data?: Readonly<Record<string, unknown>>;
  retryable?: boolean;
  cause?: unknown;
}

/** The same in every copy of this package, so that `is` works across an ESM and a CommonJS copy in one program. */
const kindField = Symbol.for('@hourly/sdk/error-kind');

/**
 * The root of everything that this package throws. Branch on `reason`, or on the subclasses where data matters:
 * {@link InsufficientBalanceError}, {@link InvalidInputError}, {@link RateLimitedError}, {@link ConnectionError},
 * {@link TimeoutError}, {@link AbortedError}.
 */
export class HourlyError extends Error {
  static readonly kind: string = 'HourlyError';

  readonly reason: HourlyReason;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** What to quote to the operator; null when no answer came. */
  readonly requestId: string | null;
  /** What the reason carries, as the server sent it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** May the same call succeed later? By the time you see it, the client's own retries are used up. */
  readonly retryable: boolean;

  constructor(fields: HourlyErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = new.target.kind;
    this.reason = fields.reason;
    this.status = fields.status ?? null;
    this.requestId = fields.requestId ?? null;
    this.data = fields.data ?? {};
    this.retryable = fields.retryable ?? false;
    Object.defineProperty(this, kindField, { value: new.target.kind });
  }

  /** Like `instanceof`, for this class or the subclass it is called on, but also true across copies of this package. */
  static is<Kind extends HourlyError>(
    this: { readonly prototype: Kind; readonly kind: string },
    error: unknown,
  ): error is Kind {
    if (!(error instanceof Error) || !(kindField in error)) return false;
    // biome-ignore lint/complexity/noThisInStatic: the subclass it is called on is the question
    const { kind } = this;
    return kind === 'HourlyError' || error[kindField] === kind;
  }
}

/** The balance cannot pay the next hour. */
export class InsufficientBalanceError extends HourlyError {
  static override readonly kind = 'InsufficientBalanceError';
  readonly balanceCents: number;
  readonly requiredCents: number;

  constructor(fields: HourlyErrorFields & { balanceCents: number; requiredCents: number }) {
    super(fields);
    this.balanceCents = fields.balanceCents;
    this.requiredCents = fields.requiredCents;
  }
}

/** One thing that is wrong with an input. */
export interface InputIssue {
  /** Where: `['params', 'width']`. */
  path: (string | number)[];
  message: string;
}

/** The server did not accept the input. */
export class InvalidInputError extends HourlyError {
  static override readonly kind = 'InvalidInputError';
  /** Empty when the server says no more than the message. */
  readonly issues: readonly InputIssue[];

  constructor(fields: HourlyErrorFields & { issues: readonly InputIssue[] }) {
    super(fields);
    this.issues = fields.issues;
  }
}

/** Too many calls, and the client's own patience is used up. */
export class RateLimitedError extends HourlyError {
  static override readonly kind = 'RateLimitedError';
  /** How long the server asked to wait; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(fields: HourlyErrorFields & { retryAfterMs: number | null }) {
    super(fields);
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** No answer came. `cause` tells what the network said. */
export class ConnectionError extends HourlyError {
  static override readonly kind = 'ConnectionError';
}

/** No answer came in time; what was asked for may have happened, and the same idempotency key finds out. */
export class TimeoutError extends HourlyError {
  static override readonly kind = 'TimeoutError';
}

/** The caller's signal fired; `cause` is the signal's reason. What was asked for may have happened. */
export class AbortedError extends HourlyError {
  static override readonly kind = 'AbortedError';
}

export const configurationError = (message: string): HourlyError =>
  new HourlyError({ reason: 'INVALID_CONFIGURATION', message });

/** Found wrong before anything was sent, so there is no status. */
export const invalidInput = (name: string, message: string): InvalidInputError =>
  new InvalidInputError({
    reason: 'INVALID_INPUT',
    message: `${name} ${message}.`,
    issues: [{ path: [name], message }],
  });

export const abortedError = (reason: unknown): AbortedError =>
  new AbortedError({ reason: 'ABORTED', message: 'The call was aborted.', cause: reason });
