import { errorOf, type Topup } from '@hourly/sdk/react';
import { type Failure, failureOf } from './failure.ts';
import { isCredited } from './pending-topup.ts';

/** About a minute, and then some for the calls themselves. */
const pausesMs = [0, 1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 20_000];
const slowAfterTries = 4;

export type ConfirmPayment = {
  /** Reports the payment to the server, which asks Razorpay about it. */
  confirm: () => Promise<Topup>;
  /** Waits, and goes on waiting while there is no connection. Throws when nobody wants to know any more. */
  pause: (ms: number) => Promise<void>;
  onSlow: () => void;
};

/** `failure`: why the server refused to look; null when Razorpay has not confirmed the payment yet. */
export type Confirmation =
  | { outcome: 'credited'; topup: Topup }
  | { outcome: 'unconfirmed'; failure: Failure | null };

/**
 * Reports a payment until it is credited, each time after a longer pause and no more than eight times: Razorpay may
 * take a while from the payment to its capture, and any single answer can get lost.
 */
export async function confirmPayment(options: ConfirmPayment): Promise<Confirmation> {
  const { confirm, pause, onSlow } = options;
  for (const [tries, pauseMs] of pausesMs.entries()) {
    if (tries === slowAfterTries) onSlow();
    await pause(pauseMs);
    try {
      const topup = await confirm();
      if (isCredited(topup)) return { outcome: 'credited', topup };
    } catch (error) {
      if (!mayPass(error)) return { outcome: 'unconfirmed', failure: failureOf(error) };
    }
  }
  return { outcome: 'unconfirmed', failure: null };
}

function mayPass(error: unknown): boolean {
  const { retryable, reason } = errorOf(error);
  return retryable || reason === 'RATE_LIMITED';
}
