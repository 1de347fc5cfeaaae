import { type Account, balanceOf, type Entry, openSession } from './account.ts';
import { showBalance, tellTopup } from './shows.ts';
import type { Micros } from './time.ts';

type Posting = Pick<Entry, 'type' | 'cents' | 'effectiveAt' | 'createdAt'> & Partial<Entry>;

/** Moves money into or out of an account, and tells what follows from it. */
export function post(account: Account, posting: Posting): Entry {
  const before = balanceOf(account);
  const entry: Entry = {
    eventNo: null,
    session: null,
    hour: null,
    trigger: null,
    topup: null,
    refundId: null,
    disputeId: null,
    reason: null,
    ...posting,
  };
  account.ledger.push(entry);
  if (entry.type === 'hour') {
    entry.eventNo = tell(account, 'session.hour_charged', entry.createdAt, null);
  }
  if (entry.type === 'topup' && entry.topup !== null) {
    entry.eventNo = tell(account, 'topup.paid', entry.createdAt, tellTopup(entry.topup));
  }
  const rateCents = openSession(account)?.plan.rateCents;
  const after = before + entry.cents;
  if (rateCents !== undefined && before >= rateCents && after < rateCents) {
    tell(account, 'balance.low', entry.createdAt, showBalance(account));
  }
  return entry;
}

/** Adds an event and answers its number. */
export function tell(account: Account, type: string, at: Micros, data: object | null): number {
  return account.events.push({ type, at, data });
}
