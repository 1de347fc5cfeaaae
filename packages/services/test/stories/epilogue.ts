import { compareBooks } from '../../src/index.ts';
import { handIn } from './acts/mail.ts';
import { run } from './acts/run.ts';
import { checkRefunds, compare, reconcile, work } from './acts/working.ts';
import {
  checkAfterJobs,
  checkAfterPendingRefunds,
  checkAfterReconciling,
  checkAll,
  checkDifferences,
} from './books/check.ts';
import { type Cast, Wrong } from './cast.ts';
import type { Act, Chapter } from './chapter.ts';
import { passTime } from './stage/time.ts';

const hourSeconds = 60 * 60;
const daySeconds = 24 * hourSeconds;
/** Jobs that failed come again later and later; a day of nothing but success ends all of them. */
const roundsMaximum = 20;

const act: Act = { do: 'work', who: 0, nth: 0, accident: null };

/**
 * Lets everything come to its end, with nothing going wrong any more, and checks after each part what it alone has to make
 * good: jobs what arrived, reconciliation what was ordered, the check of refunds what was sent, the comparison all the rest.
 */
export async function endWell(cast: Cast, otherMail: Chapter['otherMail']): Promise<void> {
  const { razorpay } = cast.stage.provider;
  razorpay.nextRefunds({ outcome: 'processed', times: 0 });
  await bringMail(cast, otherMail);
  await workUntilQuiet(cast);
  expectNothing('after the jobs', await checkAfterJobs(cast));

  await waitForBanks(cast);
  await bringMail(cast, otherMail);
  await workUntilQuiet(cast);
  // Some accounts' own clocks are hours ahead.
  await passTime(cast, 6 * hourSeconds);
  await reconcile(cast, act, { accident: null, all: true });
  expectNothing('after reconciliation', await checkAfterReconciling(cast));
  await checkRefunds(cast, act, null);
  expectNothing('after the check of refunds', await checkAfterPendingRefunds(cast));
  await compare(cast, act, null);
  await workUntilQuiet(cast);
  await expireTopups(cast);
  expectNothing('at the end', await checkAll(cast));

  const outcome = await run(cast, act, { role: 'worker', accident: null }, (ctx) => {
    const to = new Date();
    return compareBooks(ctx, { from: new Date(to.getTime() - 400 * daySeconds * 1000), to });
  });
  if (outcome.is !== 'done') throw new Wrong('the books were not compared');
  expectNothing('in the comparison', await checkDifferences(cast, outcome.result.differences));
}

function expectNothing(when: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Wrong(`${when}:\n  ${problems.join('\n  ')}`);
}

async function bringMail(cast: Cast, otherMail: Chapter['otherMail']): Promise<void> {
  if (otherMail === 'is lost') return;
  const { webhooks } = cast.stage.provider;
  for (let skip = 0; ; skip += 500) {
    const held = webhooks.list({}, { skip });
    for (const event of held.filter(({ eventId }) => cast.mail.get(eventId) !== 'taken')) {
      await handIn(cast, act, event, 'as sent', null);
    }
    if (held.length < 500) return;
  }
}

async function workUntilQuiet(cast: Cast): Promise<void> {
  for (let round = 0; round < roundsMaximum; round += 1) {
    await passTime(cast, hourSeconds);
    await work(cast, act, null);
    const { rows } = await cast.stage.db.owner.query(
      'select from hourly_jobs._private_jobs limit 1',
    );
    if (rows.length === 0) return;
  }
}

/** Days, in which whatever is on its way arrives or goes back. */
async function waitForBanks(cast: Cast): Promise<void> {
  const { provider, list } = cast.stage;
  const refunds = await list<{ id: string; status: string }>('refunds');
  for (const [index, { id }] of refunds.filter(({ status }) => status === 'pending').entries()) {
    provider.razorpay.settleRefund(id, index % 2 === 0 ? 'processed' : 'failed');
  }
  cast.isCompared = false;
  for (let day = 0; day < 10 && provider.pending().appointments.count > 0; day += 1) {
    if (!cast.isCompared) await compare(cast, act, null);
    await passTime(cast, daySeconds);
  }
}

/** Nobody waits longer than three days for somebody to pay. */
async function expireTopups(cast: Cast): Promise<void> {
  for (let day = 0; day < 4; day += 1) await passTime(cast, daySeconds);
  await reconcile(cast, act, { accident: null, all: true });
}
