import { z } from 'zod';
import { cents, id, instant } from './common.ts';

export const entryType = z.enum(['topup', 'hour', 'refund', 'dispute', 'adjustment', 'promo']);

/** One row of an account's ledger. Numbered without gaps; the balance after a row is the sum of all up to it. */
export const ledgerEntry = z.object({
  entryNo: z.int(),
  type: entryType,
  /** Signed: what the entry adds to the balance. */
  amountCents: cents,
  balanceAfterCents: cents,
  sessionId: id.nullable(),
  hour: z.int().nullable(),
  topupId: id.nullable(),
  /** The instant at which it became due. */
  effectiveAt: instant,
  /** The instant at which it was written. */
  createdAt: instant,
  description: z.string(),
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

const day = z.iso.date();

/** By its full name: Node and Postgres do not mean the same by short ones such as IST. */
const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'is not a time zone', abort: true })
  .overwrite(
    (name) => new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone,
  );

export const usageInput = z
  .strictObject({
    /** First day; without it: 29 days before `to`. */
    from: day.optional(),
    /** Last day, included; without it: today in `tz`. */
    to: day.optional(),
    /** IANA name of the time zone in which days begin. */
    tz: timeZone.default('UTC'),
  })
  .optional();
export type UsageInput = z.infer<typeof usageInput>;

export const usage = z.object({
  /** Every day of the range, oldest first, days without use included. */
  days: z.array(z.object({ date: day, hours: z.int(), costCents: cents, generations: z.int() })),
});
export type Usage = z.infer<typeof usage>;

function isTimeZone(name: string): boolean {
  // Offsets mean the opposite in Postgres: POSIX counts them westward.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
