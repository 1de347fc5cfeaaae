import {
  type Account,
  actingAt,
  type Generation,
  openSession,
  type Session,
  type Topup,
} from './account.ts';
import type { Outcome } from './mutate.ts';
import { settle } from './settle.ts';
import { showBalance, showDetail, showGeneration, showSession, showTopup } from './shows.ts';
import { type Micros, shown } from './time.ts';

function settled(account: Account, instant: Micros): Micros {
  const now = actingAt(account, instant);
  settle(account, now, 'call');
  return now;
}

export function readStatus(account: Account, instant: Micros): Outcome {
  const now = settled(account, instant);
  const session = openSession(account);
  return {
    answer: {
      session: session === undefined ? null : showSession(account, session, now),
      balance: showBalance(account),
      serverTime: shown(now),
    },
  };
}

export function readBalance(account: Account, instant: Micros): Outcome {
  settled(account, instant);
  return { answer: showBalance(account) };
}

export function readSession(account: Account, session: Session, instant: Micros): Outcome {
  const now = settled(account, instant);
  return { answer: showDetail(account, session, now) };
}

export function readGeneration(account: Account, generation: Generation, instant: Micros): Outcome {
  settled(account, instant);
  return { answer: showGeneration(account, generation) };
}

export function readTopup(account: Account, topup: Topup, instant: Micros): Outcome {
  settled(account, instant);
  return { answer: showTopup(account, topup) };
}
