import type { Topup } from '@hourly/sdk/react';
import type { CheckoutNotes } from './checkout-notes.ts';

/** An order exists, and nobody has paid it as far as the server knows. */
export const isPayable = (topup: Topup): boolean =>
  (topup.status === 'created' || topup.status === 'failed') && topup.checkout !== null;

/** Stored, but its order has not been made: under way, or its answer got lost. */
export const isInTheMaking = (topup: Topup): boolean =>
  topup.status === 'created' && topup.checkout === null;

/** The money of it is on the balance, or was. */
export const isCredited = (topup: Topup): boolean =>
  topup.status === 'paid' || topup.status === 'refunded';

/**
 * The top-up that a choice of `amountCents` goes on with instead of making another one: the newest of that amount that
 * can be paid. One that this browser has paid, and that only waits to be credited, is none.
 *
 * @param topups newest first
 */
export function topupToContinue(
  topups: readonly Topup[],
  notes: CheckoutNotes,
  amountCents: number,
): Topup | null {
  const found = topups.find(
    (topup) =>
      topup.amountCents === amountCents && isPayable(topup) && !notes.get(topup.id)?.payment,
  );
  return found ?? null;
}

/**
 * The idempotency key of a choice: the amount, and what the account's newest top-up was when it was chosen. Whoever
 * chooses the same in the same situation (a second click, a second tab, the page after a reload) has the same key, and
 * so gets the same top-up; once an order exists, the situation is another one.
 *
 * @param topups newest first
 */
export function choiceKey(topups: readonly Topup[], amountCents: number): string {
  const begun = topups.findIndex(
    (topup) => topup.amountCents === amountCents && isInTheMaking(topup),
  );
  const before = topups.slice(begun + 1).find((topup) => !isInTheMaking(topup));
  return `checkout:${amountCents}:after:${before?.id ?? 'none'}`;
}

/**
 * The newest top-up that was paid in this browser and is not credited yet.
 *
 * @param topups newest first
 */
export function awaitedTopup(topups: readonly Topup[], notes: CheckoutNotes): Topup | null {
  return topups.find((topup) => !isCredited(topup) && notes.get(topup.id)?.payment) ?? null;
}

/** What the balance panel reminds of while no payment is under way. */
export type Reminder =
  /** Paid in this browser, and not credited yet. */
  | { kind: 'awaited'; topup: Topup }
  /** `problem`: why the last attempt failed; null when that isn't known or there was none. */
  | { kind: 'unpaid'; topup: Topup; problem: string | null }
  /** Its order could not be made, or is being made somewhere else. */
  | { kind: 'unfinished'; topup: Topup }
  | { kind: 'expired'; topup: Topup };

const hourMs = 3_600_000;
const unpaidShownMs = 24 * hourMs;
/** Top-ups expire after three days. */
const expiredShownMs = 5 * 24 * hourMs;

/**
 * What is left to be done about the account's top-ups: one that was paid here comes first, else it is about the newest.
 * An abandoned one is not brought up for ever.
 *
 * @param topups newest first
 */
export function reminderOf(
  topups: readonly Topup[],
  notes: CheckoutNotes,
  nowMs: number,
): Reminder | null {
  const awaited = awaitedTopup(topups, notes);
  if (awaited) return { kind: 'awaited', topup: awaited };
  const [newest] = topups;
  if (!newest) return null;
  const ageMs = nowMs - Date.parse(newest.createdAt);
  if (newest.status === 'expired' && ageMs < expiredShownMs) {
    return { kind: 'expired', topup: newest };
  }
  if (ageMs >= unpaidShownMs) return null;
  if (isPayable(newest)) {
    return { kind: 'unpaid', topup: newest, problem: notes.get(newest.id)?.problem ?? null };
  }
  return isInTheMaking(newest) ? { kind: 'unfinished', topup: newest } : null;
}
