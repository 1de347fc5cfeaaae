export { Hourly } from './client.ts';
export {
  AbortedError,
  type ClientReason,
  ConnectionError,
  HourlyError,
  type HourlyErrorFields,
  type HourlyReason,
  type InputIssue,
  InsufficientBalanceError,
  InvalidInputError,
  RateLimitedError,
  TimeoutError,
} from './errors.ts';
export { newIdempotencyKey } from './idempotency-key.ts';
export type { List } from './list.ts';
export type { CallOptions, Fetch, HourlyOptions, MutationOptions } from './options.ts';
export type { WaitOptions } from './resources/generations.ts';
export type { OfSession } from './resources/sessions.ts';
export type { AbortSignalLike } from './signals.ts';
export type { Download } from './transport.ts';
export type * from './types.ts';
