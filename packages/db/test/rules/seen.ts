import type { Balance, Refusal, Session, SessionDetail } from '@hourly/contract';
import type { TestDatabase } from '@hourly/db/testing';
import type { LedgerRow } from '../support/history.ts';

/** What there is to see after a line of an example. */
export interface Seen {
  db: TestDatabase;
  accountId: string;
  begin: Date;
  serverTime: string;
  /** What the call answered, or why it refused. */
  answer: unknown;
  refusal: Refusal | undefined;
  /** The session that was started last. */
  session: SessionDetail | undefined;
  /** The ids that starts have answered, in their order. */
  startedIds: string[];
  openSession: Session | null;
  balance: Balance;
  /** What the line has added to the ledger and to the events. */
  entries: LedgerRow[];
  events: string[];
}

/** A claim about what there is to see: how it reads, and what it compares. */
export interface Expectation {
  form: RegExp;
  look(seen: Seen, words: string[]): Compared | Promise<Compared>;
}

export interface Compared {
  expected: unknown;
  found: unknown;
}
