import type { Mode } from '@hourly/contract';

/** Who calls, and on which account. */
export type Caller =
  | { kind: 'key'; keyId: string; accountId: string; userId: string; mode: Mode }
  | {
      kind: 'browser';
      accountId: string;
      userId: string;
      /** As their sign-in tells it; null when it tells none. */
      name: string | null;
      mode: Mode;
    };
