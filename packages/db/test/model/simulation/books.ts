import { type Account, balanceOf, type Entry, isActive, openSession } from './account.ts';
import { tell } from './events.ts';
import { showBalance, tellTopup } from './shows.ts';
import { pause } from './stops.ts';

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
  const session = openSession(account);
  const rateCents = session?.plan.rateCents;
  const after = before + entry.cents;
  if (rateCents !== undefined && before >= rateCents && after < rateCents) {
    tell(account, 'balance.low', entry.createdAt, showBalance(account));
  }
  if (before >= 0 && after < 0) {
    if (session !== undefined && isActive(session)) {
      pause(account, session, 'frozen', entry.effectiveAt, entry.createdAt);
    }
    tell(account, 'account.frozen', entry.createdAt, showBalance(account));
  }
  return entry;
}
