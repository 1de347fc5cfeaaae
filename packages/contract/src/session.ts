import { z } from 'zod';
import { cents, id, instant, mutationFields } from './common.ts';

export const sessionStatus = z.enum(['active', 'paused', 'ended']);
export const endReason = z.enum(['user', 'insufficient_balance', 'max_hours', 'operator']);
export const pauseReason = z.enum(['user', 'hour_end', 'idle', 'frozen']);
export const hourEnd = z.enum(['continue', 'pause']);
export const chargeTrigger = z.enum(['start', 'resume', 'settlement', 'call']);

/** A stretch of billable time, from its start to its end, in the prices it started at. */
export const session = z.object({
  id,
  status: sessionStatus,
  plan: z.string(),
  /** Price of one hour. */
  rateCents: cents,
  startedAt: instant,
  endedAt: instant.nullable(),
  endReason: endReason.nullable(),
  pauseReason: pauseReason.nullable(),
  /** When the hours charged so far run out; null while paused or ended. */
  paidThrough: instant.nullable(),
  /** Active time so far, to the microsecond. Paused time does not count. */
  activeSeconds: z.number(),
  hoursCharged: z.int(),
  costCents: cents,
  generationCount: z.int(),
  /** Guard: the session ends at the paid-through of this hour instead of charging another. */
  maxHours: z.int().nullable(),
  /** Guard: `pause` pauses at paid-through instead of charging another hour. */
  hourEnd,
  /** Guard: pauses when the session has been idle this long; null = never. */
  autoPauseMinutes: z.int().nullable(),
  /** The account's time at which all of this is true. */
  serverTime: instant,
});
export type Session = z.infer<typeof session>;

/** An unbroken stretch of active time. */
export const segment = z.object({
  startedAt: instant,
  endedAt: instant.nullable(),
  /** To the microsecond. */
  seconds: z.number(),
});
export type Segment = z.infer<typeof segment>;

/** One charged hour and the evidence for it. */
export const charge = z.object({
  hour: z.int(),
  amountCents: cents,
  /** The instant at which the hour became due. */
  dueAt: instant,
  /** What made the charge happen. */
  trigger: chargeTrigger,
  balanceBeforeCents: cents,
  balanceAfterCents: cents,
  entryNo: z.int(),
  /** The active time that it pays for. */
  segments: z.array(segment),
});
export type Charge = z.infer<typeof charge>;

export const sessionDetail = session.extend({
  segments: z.array(segment),
  charges: z.array(charge),
});
export type SessionDetail = z.infer<typeof sessionDetail>;

export const startInput = z
  .strictObject({
    plan: z.string().min(1).max(64).optional(),
    maxHours: z.int().min(1).max(1000).nullish(),
    hourEnd: hourEnd.optional(),
    autoPauseMinutes: z.int().min(1).max(1440).nullish(),
    ...mutationFields,
  })
  .optional();
export type StartInput = NonNullable<z.infer<typeof startInput>>;

export const toggleInput = z
  .strictObject({
    sessionId: id.optional(),
    /** Without it: the opposite of the state before this call. */
    to: z.enum(['active', 'paused']).optional(),
    ...mutationFields,
  })
  .optional();
export type ToggleInput = NonNullable<z.infer<typeof toggleInput>>;

export const endInput = z.strictObject({ sessionId: id.optional(), ...mutationFields }).optional();
export type EndInput = NonNullable<z.infer<typeof endInput>>;
