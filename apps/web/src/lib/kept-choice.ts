import type { Mode } from '@hourly/sdk/react';

/** A tier, or the amount as typed; and whether the commitment was accepted. */
export type Choice = { tierCents: number | null; typed: string; accepted: boolean };

const placeOf = (mode: Mode): string => `hourly-topup-choice-${mode}`;

/** Keeps what the customer has chosen for this tab, over a reload. */
export function keepChoice(mode: Mode, choice: Choice): void {
  sessionStorage.setItem(placeOf(mode), JSON.stringify(choice));
}

/** What this tab has kept; null when there is none, or another version of this page wrote it. */
export function keptChoice(mode: Mode): Choice | null {
  const text = sessionStorage.getItem(placeOf(mode));
  if (text === null) return null;
  // Only `keepChoice` writes there, so it is JSON; its fields may be those of another version.
  const { tierCents, typed, accepted }: Record<string, unknown> = JSON.parse(text);
  if (typeof typed !== 'string' || typeof accepted !== 'boolean') return null;
  return tierCents === null || typeof tierCents === 'number'
    ? { tierCents, typed, accepted }
    : null;
}

export function forgetChoice(mode: Mode): void {
  sessionStorage.removeItem(placeOf(mode));
}
