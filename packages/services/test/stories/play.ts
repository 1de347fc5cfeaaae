import { buy } from './acts/buying.ts';
import { deliver, replay, rotate } from './acts/mail.ts';
import { confirm, confirmLate, pay } from './acts/paying.ts';
import {
  decide,
  dispute,
  giveBack,
  refund,
  refundAtProvider,
  sendAgain,
  settleRefund,
} from './acts/refunding.ts';
import { atOnce } from './acts/run.ts';
import { useSession } from './acts/sessions.ts';
import { checkRefunds, compare, reconcile, work } from './acts/working.ts';
import { type Cast, type Customer, count, createCast, type Tally, Wrong } from './cast.ts';
import type { Act, Chapter } from './chapter.ts';
import { endWell } from './epilogue.ts';
import type { Stage } from './stage/stage.ts';
import { passTime } from './stage/time.ts';

const daySeconds = 24 * 60 * 60;
/** The worker compares the books every day. */
const uncomparedLimitSeconds = 1.25 * daySeconds;

/**
 * Plays a chapter, makes good what it left open, and compares the product's books with the provider's.
 * @throws Wrong with everything that does not agree
 */
export async function play(stage: Stage, chapter: Chapter, tally: Tally): Promise<void> {
  const cast = await createCast(stage, chapter.customers, tally);
  for (const [index, act] of chapter.acts.entries()) {
    try {
      await perform(cast, act);
    } catch (error) {
      if (error instanceof Error) error.message = `act ${index + 1}, ${error.message}`;
      throw error;
    }
  }
  await endWell(cast, chapter.otherMail);
  tally.stories += chapter.customers;
}

async function perform(cast: Cast, act: Act): Promise<void> {
  const customer = cast.customers[act.who % cast.customers.length];
  if (customer === undefined) throw new Error('a chapter without customers');
  if (act.do !== 'pass') cast.isCompared = false;
  if (await happens(cast, customer, act)) count(cast.tally.acts, act.do);
}

/** Answers whether there was anything to act on. */
async function happens(cast: Cast, customer: Customer, act: Act): Promise<boolean> {
  switch (act.do) {
    case 'buy':
      return buy(cast, customer, act);
    case 'pay':
      return pay(cast, customer, act);
    case 'confirmLate':
      return confirmLate(cast, customer, act);
    case 'deliver':
      return deliver(cast, customer, act);
    case 'confirm':
      return confirm(cast, customer, act);
    case 'session':
      return useSession(cast, customer, act);
    case 'refund':
      return refund(cast, customer, act);
    case 'giveBack':
      return giveBack(cast, customer, act);
    case 'sendRefund':
      return sendAgain(cast, customer, act);
    case 'refundAtProvider':
      return refundAtProvider(cast, customer, act);
    case 'settleRefund':
      return settleRefund(cast, customer, act);
    case 'dispute':
      return dispute(cast, customer, act);
    case 'decide':
      return decide(cast, customer, act);
    case 'replay':
      return replay(cast, customer, act);
    default:
      await happensToAll(cast, act);
      return true;
  }
}

async function happensToAll(cast: Cast, act: Act): Promise<void> {
  switch (act.do) {
    case 'work':
      return work(cast, act, act.accident);
    case 'reconcile':
      return reconcile(cast, act, act);
    case 'checkRefunds':
      return checkRefunds(cast, act, act.accident);
    case 'compare':
      return compare(cast, act, act.accident);
    case 'rotate':
      return rotate(cast, act);
    case 'pass':
      return pass(cast, act, act.seconds);
    case 'together':
      return together(cast, act.acts);
    default:
      throw new Wrong(`nobody does ${act.do}`);
  }
}

/** Time passes, in which the worker does what it does every day. */
async function pass(cast: Cast, act: Act, seconds: number): Promise<void> {
  let left = seconds;
  while (left > 0) {
    const step = Math.min(left, daySeconds);
    const isDue = cast.secondsUncompared + step > uncomparedLimitSeconds;
    if (isDue && !cast.isCompared) await compare(cast, act, null);
    await passTime(cast, step);
    left -= step;
  }
}

async function together(cast: Cast, acts: readonly Act[]): Promise<void> {
  cast.isCrowded = true;
  try {
    await atOnce(acts.map((act) => perform(cast, act)));
  } finally {
    cast.isCrowded = false;
  }
}
