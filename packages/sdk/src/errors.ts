import type { Reason } from './types.ts';

/** Reasons that the client itself finds, beside the server's. */
export type ClientReason =
  /** The client was made with options that cannot work. */
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
