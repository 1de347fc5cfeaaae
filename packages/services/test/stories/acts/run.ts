import { type Reason, Refusal } from '@hourly/contract';
import type { ServiceContext } from '../../../src/index.ts';
import { type Cast, count, nameOf, Wrong } from '../cast.ts';
import type { Accident, Act, Outage } from '../chapter.ts';
import { Broken, type Outcome } from '../stage/mortal.ts';

export interface Part {
  role: 'web' | 'worker';
  accident: Accident | null;
  /** Refusals that are right here. */
  allowed?: readonly Reason[];
}

/**
 * Lets a process of the product do something.
 * @throws Wrong when it fails for another reason than its accident or one of the refusals that are allowed
 */
export async function run<Result>(
  cast: Cast,
  act: Act,
  { role, accident, allowed = [] }: Part,
  work: (ctx: ServiceContext) => Promise<Result>,
): Promise<Outcome<Result>> {
  const { ctx, mortal } = cast.stage.begin({ role, accident, secrets: cast.secrets });
  const outage = accident?.kind === 'outage' ? accident : null;
  const isHit = outage === null ? () => false : breakProvider(cast, outage);
  const outcome = await mortal.live(() => work(ctx));
  const isOut = isHit();
  if (accident !== null && (isOut || mortal.isStruck())) {
    count(cast.tally.accidents, nameOf(accident));
  }
  if (outcome.is !== 'failed') return outcome;
  const { error } = outcome;
  const isUnanswered = reasonOf(outcome) === 'PAYMENT_PROVIDER_ERROR';
  const isExcused =
    (mortal.isStruck() && causes(error).some((cause) => cause instanceof Broken)) ||
    // A hasty process may also give up a provider that is only slow.
    (isUnanswered && (isOut || outage?.mode === 'hang' || cast.hasConflicts)) ||
    allowed.some((reason) => reason === reasonOf(outcome));
  if (isExcused) return outcome;
  const told = causes(error).map(String).join(' < ');
  throw new Wrong(`${act.do} failed: ${told}`, { cause: error });
}

/** Answers how to mend it again, and whether it has hit anything until then. */
function breakProvider(
  { stage }: Cast,
  { mode, status, afterWork, call, times }: Outage,
): () => boolean {
  const { faults } = stage.provider;
  const before = faults.view().hits.razorpay;
  faults.set({ razorpay: { mode, status, afterWork, skip: call - 1, times } });
  return () => {
    faults.clear();
    return faults.view().hits.razorpay > before;
  };
}

/** Why something was refused; null when it was not. */
export const reasonOf = (outcome: Outcome<unknown>): Reason | null =>
  outcome.is === 'failed' && outcome.error instanceof Refusal ? outcome.error.reason : null;

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [error];
  for (let next = error; next instanceof Error && chain.length < 10; next = next.cause) {
    if (next.cause !== undefined) chain.push(next.cause);
  }
  return chain;
}

/** Waits for all of them, also where one fails. */
export async function atOnce(doings: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(doings);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
