import { randomUUID } from 'node:crypto';
import { ensureAccount } from '@hourly/db';
import type { Accident } from './chapter.ts';
import type { AcceptedSecrets, Stage } from './stage/stage.ts';

/** A press on the button that buys, and what the browser remembers of it. */
export interface Purchase {
  key: string;
  cents: number;
  /** Null until an answer has arrived. */
  topupId: string | null;
  /** Another call may hold it, so that this one may be told to wait. */
  isContested: boolean;
}

/** A refund that the operator asked for. */
export interface RefundRequest {
  key: string;
  topupId: string;
  amountCents: number;
}

export interface Customer {
  accountId: string;
  purchases: Purchase[];
  refundRequests: RefundRequest[];
  /** Orders that nobody was shown and that were paid all the same. */
  lostOrders: string[];
}

/** Everybody and everything that a chapter is about. */
export interface Cast {
  stage: Stage;
  customers: Customer[];
  /** Orders that another product of the same account made, the newest first. */
  foreignOrders: string[];
  /** Payments that another product took without an order, the newest first. */
  foreignPayments: string[];
  /** Events by id, and whether the product has taken them: `maybe` where its process died over it. */
  mail: Map<string, 'taken' | 'maybe'>;
  secrets: AcceptedSecrets;
  /** How many secrets there were. */
  secretNo: number;
  /** How often the operator has given a kept payment back. */
  timesGivenBack: number;
  /** Several things happen at once. */
  isCrowded: boolean;
  /** The provider was told to be at odds with a refund of ours. */
  hasConflicts: boolean;
  /** Since the books were last compared, which may not take too long. */
  secondsUncompared: number;
  /** Nothing has happened since then. */
  isCompared: boolean;
  tally: Tally;
}

/** What was played. */
export interface Tally {
  stories: number;
  /** Acts that found something to act on. */
  acts: Map<string, number>;
  /** Accidents that did happen. */
  accidents: Map<string, number>;
  /** What payments, refunds and disputes came to in the end. */
  ends: Map<string, number>;
}

export const createTally = (): Tally => ({
  stories: 0,
  acts: new Map(),
  accidents: new Map(),
  ends: new Map(),
});

export const count = (counts: Map<string, number>, what: string, times = 1): void => {
  counts.set(what, (counts.get(what) ?? 0) + times);
};

/** New customers, and a provider that has heard of nobody. */
export async function createCast(stage: Stage, customers: number, tally: Tally): Promise<Cast> {
  const { provider, db } = stage;
  provider.reset();
  provider.clock.freeze();
  // The acts deliver them.
  provider.webhooks.setManner({ mode: 'hold' });
  const cast: Cast = {
    stage,
    customers: [],
    foreignOrders: [],
    foreignPayments: [],
    mail: new Map(),
    secrets: ['secret 0'],
    secretNo: 0,
    timesGivenBack: 0,
    isCrowded: false,
    hasConflicts: false,
    secondsUncompared: 0,
    isCompared: false,
    tally,
  };
  // What was before is out of every comparison's sight.
  await db.owner.query(
    `update hourly_payments set created_at = created_at - interval '1000 days'
     where created_at > now() - interval '500 days';
     update hourly_disputes set status = 'lost', settled_at = created_at where status = 'open'`,
  );
  for (let who = 0; who < customers; who += 1) {
    const { accountId } = await ensureAccount(db, { userId: randomUUID(), mode: 'live' });
    cast.customers.push({ accountId, purchases: [], refundRequests: [], lostOrders: [] });
  }
  return cast;
}

/** The name under which an accident is counted. */
export function nameOf(accident: Accident): string {
  switch (accident.kind) {
    case 'dies':
      return `a process died ${accident.when} a call`;
    case 'breaks':
      return `the database's connection broke ${accident.when} a call`;
    case 'outage': {
      const { mode, status, afterWork } = accident;
      const how = mode === 'status' ? `answered ${status}` : mode.replace('_', ' ');
      return `provider: ${how}${afterWork ? ' after its work' : ''}`;
    }
  }
}

/** One of several, the newest first; undefined when there is none. */
export const pick = <Item>(newestFirst: readonly Item[], nth: number): Item | undefined =>
  newestFirst.length === 0 ? undefined : newestFirst[nth % newestFirst.length];

/** A story in which something happened that must not. */
export class Wrong extends Error {
  override name = 'Wrong';
}
