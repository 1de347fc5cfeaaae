import { getBalance, getGeneration, getSession, getStatus, getTopup } from '@hourly/db';
import {
  readBalance,
  readGeneration,
  readSession,
  readStatus,
  readTopup,
} from '../../simulation/reads.ts';
import { exact } from '../../simulation/time.ts';
import { knownGeneration, knownTopup } from '../known.ts';
import { type Actor, both, type Run } from '../run.ts';
import type { Act, Prepare } from './act.ts';

export const readBoth: Prepare<'read'> = (run, actor, { what }) => {
  const { simulated: account, accountId } = actor;
  if (what === 'latest') return account.mode === 'test' ? readLatest(run, actor) : null;
  const session = account.sessions.at(-1);
  return async (instant) => {
    const asked = { accountId, now: account.mode === 'live' ? exact(instant) : undefined };
    if (what === 'status') {
      await both(run, what, readStatus(account, instant), getStatus(run.db, asked));
    } else if (what === 'balance' || session === undefined) {
      await both(run, 'balance', readBalance(account, instant), getBalance(run.db, asked));
    } else {
      const id = run.comparison.realOf(session.id);
      const expected = readSession(account, session, instant);
      await both(run, what, expected, getSession(run.db, { ...asked, id }));
    }
  };
};

/** What only ever shows the account's own time, so that it can be foreseen in test mode alone. */
function readLatest(run: Run, { simulated: account, accountId }: Actor): Act {
  const generation = account.generations.at(-1);
  const topup = account.topups.at(-1);
  return async (instant) => {
    if (generation !== undefined) {
      const id = run.comparison.realOf(generation.id);
      const call = getGeneration(run.db, { accountId, id });
      const expected = readGeneration(account, generation, instant);
      await both(run, 'generation', expected, call.then(knownGeneration));
    }
    if (topup !== undefined) {
      const id = run.comparison.realOf(topup.id);
      const call = getTopup(run.db, { accountId, id });
      await both(run, 'topup read', readTopup(account, topup, instant), call.then(knownTopup));
    }
  };
}
