import { z } from 'zod';
import { cents, instant, mode, mutationFields } from './common.ts';
import { session } from './session.ts';

export const plan = z.object({
  plan: z.string(),
  rateCents: cents,
  sessionMinimumHours: z.int(),
  commitmentHours: z.int(),
  minimumTopupCents: cents,
  maximumTopupCents: cents,
  topupTiersCents: z.array(cents),
  minimumStartBalanceCents: cents,
  inrPerUsd: z.int(),
});
export type Plan = z.infer<typeof plan>;

export const balance = z.object({
  balanceCents: cents,
  balanceInrPaise: z.int(),
  currency: z.literal('USD'),
  mode,
  /** The balance is below zero: start, resume and generate are refused until a top-up lifts it. */
  frozen: z.boolean(),
  refundableCents: cents,
  /** Whole hours that the balance can still pay. */
  hoursRemaining: z.int(),
  commitment: z.object({ hours: z.int(), hoursUsed: z.int(), remainingCents: cents }),
  plan,
});
export type Balance = z.infer<typeof balance>;

export const status = z.object({
  /** The open session; null when none is open. */
  session: session.nullable(),
  balance,
  serverTime: instant,
});
export type Status = z.infer<typeof status>;

const maxAdvanceSeconds = 31 * 24 * 3600;

export const advanceClockInput = z.strictObject({
  /** More than 0, at most 31 days, at most 6 decimals. */
  advanceSeconds: z
    .number()
    .positive()
    .max(maxAdvanceSeconds)
    .refine((value) => Math.abs(value * 1e6 - Math.round(value * 1e6)) < 1e-3, {
      error: 'has more than 6 decimals',
    }),
  ...mutationFields,
});
export type AdvanceClockInput = z.infer<typeof advanceClockInput>;

export const clock = z.object({ now: instant });
export type Clock = z.infer<typeof clock>;
