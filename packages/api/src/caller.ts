import type { Mode } from '@hourly/contract';

/** Who calls, and on which account. */
export type Caller =
  | { kind: 'key'; keyId: string; accountId: string; userId: string; mode: Mode }
  | { kind: 'browser'; accountId: string; userId: string; mode: Mode };
