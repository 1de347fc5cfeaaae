import { errorOf, type Topup } from '@hourly/sdk/react';
import type { CheckoutNotes } from './checkout-notes.ts';
import { choiceKey, topupToContinue } from './pending-topup.ts';

/** Together longer than the server's claim on making an order, which a crash can leave behind. */
const pausesMs = [1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 15_000, 20_000];

export type BeginTopup = {
  amountCents: number;
  notes: CheckoutNotes;
  /** The account's newest top-ups, newest first, as they are now. */
  list: () => Promise<readonly Topup[]>;
  create: (input: { amountCents: number; idempotencyKey: string }) => Promise<Topup>;
  pause: (ms: number) => Promise<void>;
};

/**
 * The top-up for a choice: the one of this amount that can still be paid, else a new one. Whoever asks for the same at
 * the same time gets the same one; while another call makes its order, this waits.
 *
 * @throws whatever `list` and `create` throw, and REQUEST_IN_PROGRESS when that doesn't end
 */
export async function beginTopup(options: BeginTopup): Promise<Topup> {
  const { amountCents, notes, create, pause } = options;
  const topups = await options.list();
  const begun = topupToContinue(topups, notes, amountCents);
  if (begun) return begun;
  const input = { amountCents, idempotencyKey: choiceKey(topups, amountCents) };
  for (const pauseMs of pausesMs) {
    try {
      return await create(input);
    } catch (error) {
      if (errorOf(error).reason !== 'REQUEST_IN_PROGRESS') throw error;
    }
    await pause(pauseMs);
  }
  return create(input);
}
