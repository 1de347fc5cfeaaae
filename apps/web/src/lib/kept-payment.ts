import type { Mode } from '@hourly/sdk/react';
import type { CheckoutPayment } from './load-checkout.ts';

/** A payment that the browser made and the server has not confirmed yet. */
export type KeptPayment = { mode: Mode; topupId: string; payment: CheckoutPayment };

const place = 'hourly-payment';

/** Keeps it for this tab, so that a reload can take it up. */
export function keepPayment(payment: KeptPayment): void {
  sessionStorage.setItem(place, JSON.stringify(payment));
}

/** The payment that this tab has kept for the mode; null when there is none. */
export function keptPayment(mode: Mode): KeptPayment | null {
  const text = sessionStorage.getItem(place);
  if (text === null) return null;
  // Only `keepPayment` writes there.
  const kept: KeptPayment = JSON.parse(text);
  return kept.mode === mode ? kept : null;
}

export function forgetPayment(): void {
  sessionStorage.removeItem(place);
}
