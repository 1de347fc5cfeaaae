import { randomUUID } from 'node:crypto';
import { Refusal } from '@hourly/contract';
import { ensureAccount } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import type { Account, Plan, Topup } from '../simulation/account.ts';
import type { Outcome } from '../simulation/mutate.ts';
import { plansByName } from '../simulation/plans.ts';
import { exact, type Micros } from '../simulation/time.ts';
import { Comparison } from './compare.ts';

/** One account on both sides. */
export interface Actor {
  simulated: Account;
  /** Its id in the database. */
  accountId: string;
  /** Keyed calls so far, to be made again. */
  keyed: ((when: Micros) => Promise<void>)[];
}

/** One schedule under way. */
export interface Run {
  db: TestDatabase;
  actors: Actor[];
  comparison: Comparison;
  /** Where the live accounts' time has come to. */
  now: Micros;
  /** Tells the calls of this run from those of others: names of orders and payments are unique in the database. */
  token: string;
  /** The prices of today. */
  plans: Map<string, Plan>;
  /** Top-ups whose order the database was told. */
  ordered: Set<Topup>;
  /** How many names for refunds the provider has given out. */
  refundNames: number;
  /** How often each thing came of a call: answers by the call's name, refusals by their reason, too. */
  calls: Map<string, number>;
}

/** New accounts on both sides, whose time stands at `now`. */
export async function createRun(
  db: TestDatabase,
  modes: readonly ('live' | 'test')[],
  now: Micros,
): Promise<Run> {
  const run: Run = {
    db,
    actors: [],
    comparison: new Comparison(),
    now,
    token: randomUUID(),
    plans: plansByName(),
    ordered: new Set(),
    refundNames: 0,
    calls: new Map(),
  };
  for (const [index, mode] of modes.entries()) {
    const { accountId } = await ensureAccount(db, { userId: `${run.token}-${index}`, mode });
    const simulated = newAccount(`account-${index + 1}`, mode, now);
    run.comparison.bind(simulated.id, accountId);
    run.actors.push({ simulated, accountId, keyed: [] });
  }
  // Accounts are made by the real clock; these live at another time.
  await db.owner.query(
    `update hourly_account_balance set created_at = $2, as_of = $2,
       clock_at = case when mode = 'test' then $2::timestamptz end where id = any ($1)`,
    [run.actors.map(({ accountId }) => accountId), exact(now)],
  );
  return run;
}

const newAccount = (id: string, mode: 'live' | 'test', now: Micros): Account => ({
  id,
  mode,
  ledger: [],
  events: [],
  sessions: [],
  generations: [],
  topups: [],
  refunds: [],
  disputes: [],
  remembered: new Map(),
  clock: now,
  lastChange: now,
});

export type CallOutcome = { answer: unknown } | { refused: { reason: string; data: unknown } };

/** What a call of the database comes to, in the words of the simulation. */
async function outcomeOf(call: Promise<unknown>): Promise<CallOutcome> {
  try {
    return { answer: await call };
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason === 'INTERNAL') throw error;
    return { refused: { reason: error.reason, data: error.data } };
  }
}

/** Makes one call on both sides and compares what comes of it. */
export async function both(
  run: Run,
  what: string,
  expected: Outcome,
  call: Promise<unknown>,
): Promise<CallOutcome> {
  const found = await outcomeOf(call);
  const came = 'refused' in found ? `${what}: ${found.refused.reason}` : what;
  run.calls.set(came, (run.calls.get(came) ?? 0) + 1);
  if ('refused' in expected && 'refused' in found) {
    run.comparison.same(`${what} refusal`, expected.refused.reason, found.refused.reason);
    // What a refusal carries is only part of some reasons.
    if (expected.refused.data !== undefined) {
      run.comparison.same(`${what} refusal`, expected.refused.data, found.refused.data);
    }
  } else {
    run.comparison.same(what, expected, found);
  }
  return found;
}

export const requestOf = (
  key: number | null,
  input: string,
): { key: string; inputHash: string } | undefined =>
  key === null ? undefined : { key: `key ${key}`, inputHash: input };
