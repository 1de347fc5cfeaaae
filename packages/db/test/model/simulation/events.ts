import type { Account } from './account.ts';
import type { Micros } from './time.ts';

/** Adds an event and answers its number. */
export function tell(account: Account, type: string, at: Micros, data: object | null): number {
  return account.events.push({ type, at, data });
}
