import { settleSessions } from '@hourly/db';
import { exact, type Micros } from '../simulation/time.ts';
import { firstDue, tick } from '../simulation/worker.ts';
import { both, type Run } from './run.ts';

const mostAccountsAPass = 100;

/** One pass of the settlement over everybody, or over the one who waits the longest. */
export async function tickBoth(run: Run, now: Micros, isForOne: boolean): Promise<void> {
  if (now > run.now) run.now = now;
  const accounts = run.actors.map(({ simulated }) => simulated);
  const first = isForOne ? firstDue(accounts, now) : undefined;
  const { nextDueInSeconds, ...expected } = tick(accounts, now, first);
  const limit = first === undefined ? mostAccountsAPass : 1;
  const call = settleSessions(run.db, { limit, now: exact(now) });
  await both(
    run,
    'tick',
    { answer: { ...expected, nextDue: null } },
    call.then(({ nextDueInSeconds: found, ...told }) => ({
      ...told,
      nextDue: isSoonAsExpected(nextDueInSeconds, found) ? null : { nextDueInSeconds, found },
    })),
  );
}

/** It says when to come again, to the millisecond. */
const isSoonAsExpected = (expected: number | null, found: number | null): boolean =>
  expected === null || found === null ? expected === found : Math.abs(expected - found) < 0.001;

/** Somebody changes the price of a plan, for sessions that start from now on. */
export async function reprice(run: Run, plan: string, rateCents: number): Promise<void> {
  const prices = run.plans.get(plan);
  if (prices === undefined) throw new Error(`no plan ${plan}`);
  run.plans.set(plan, { ...prices, rateCents });
  await run.db.owner.query('update plan_pricing set rate_cents = $2 where plan = $1', [
    plan,
    rateCents,
  ]);
}

/** The next run finds the prices as they were. */
export async function restorePrices(run: Run, before: ReadonlyMap<string, { rateCents: number }>) {
  for (const [plan, { rateCents }] of before) {
    if (run.plans.get(plan)?.rateCents !== rateCents) await reprice(run, plan, rateCents);
  }
}
