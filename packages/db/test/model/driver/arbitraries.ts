import fc from 'fast-check';
import type { Guards, Moment, Named } from './commands.ts';

const minuteUs = 60_000_000;
const hourUs = 60 * minuteUs;

export const shift = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(-1, 1) },
  { weight: 1, arbitrary: fc.constantFrom(-1000, 999, 1000, minuteUs, -minuteUs) },
);

const minutes = (max: number) => fc.integer({ min: 0, max }).map((n) => n * minuteUs);

export const later = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 0, 1) },
  { weight: 4, arbitrary: minutes(14) },
  { weight: 3, arbitrary: minutes(90) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 90 * minuteUs }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 30 }).map((n) => n * hourUs) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 * hourUs }) },
);

export const moment: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 8, arbitrary: later.map((us) => ({ to: 'later' as const, us })) },
  {
    weight: 1,
    arbitrary: later.map((us) => ({ to: 'earlier' as const, us })),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      to: fc.constant('paidThrough' as const),
      hours: fc.oneof(
        { weight: 6, arbitrary: fc.constant(0) },
        { weight: 2, arbitrary: fc.constantFrom(1, 2, 3) },
        { weight: 1, arbitrary: fc.constantFrom(22, 23, 24, 25, 47, 48, 49) },
      ),
      us: shift,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      to: fc.constantFrom(
        ...(['idle', 'idle', 'maxHours', 'deadline', 'deadline', 'idleLead', 'busyLead'] as const),
      ),
      us: shift,
    }),
  },
);

const guardFields = {
  plan: fc.oneof(
    { weight: 6, arbitrary: fc.constant('hourly_standard' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...(['hourly_double', 'hourly_odd'] as const)) },
  ),
  maxHours: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.constantFrom(1, 2, 2, 3, 26) },
  ),
  hourEnd: fc.constantFrom(...(['continue', 'continue', 'continue', 'pause'] as const)),
  autoPauseMinutes: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: fc.constantFrom(1, 15, 30, 45, 45, 60, 60, 120, 1440) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 1440 }) },
  ),
};

/** A session is at least as long as the hours that its start charges. */
const atLeastItsMinimum = (guards: Guards): Guards =>
  guards.plan === 'hourly_double' && guards.maxHours === 1 ? { ...guards, maxHours: 2 } : guards;

/** Any guards, often those that meet at one instant. */
export const guards: fc.Arbitrary<Guards> = fc.oneof(
  { weight: 4, arbitrary: fc.record(guardFields).map(atLeastItsMinimum) },
  {
    weight: 1,
    arbitrary: fc.record({
      plan: fc.constant('hourly_standard' as const),
      maxHours: fc.constantFrom(null, 1, 2),
      hourEnd: fc.constantFrom(...(['continue', 'pause', 'pause'] as const)),
      autoPauseMinutes: fc.constantFrom(null, 45, 60, 120),
    }),
  },
);

export const named: fc.Arbitrary<Named> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('none' as const) },
  { weight: 3, arbitrary: fc.constant('open' as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...(['ended', 'foreign', 'unknown'] as const)),
  },
);

export const base = { who: fc.nat(2), when: moment };
export const keyed = {
  ...base,
  key: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.nat(50) },
    { weight: 1, arbitrary: fc.nat(1) },
  ),
};
/** Soon enough for a generation that is under way. */
export const soon: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 6, arbitrary: minutes(14).map((us) => ({ to: 'later' as const, us })) },
  { weight: 1, arbitrary: moment },
  { weight: 2, arbitrary: shift.map((us) => ({ to: 'deadline' as const, us })) },
);

export const nudge = fc.constantFrom(true, true, false);
export const nth = fc.nat(9);
export const share = fc.constantFrom(...(['all', 'half', 'hour'] as const));
export const one = <Name extends string>(name: Name) => fc.constant(name);

/** Balances at which something tips over, for an hour of 1500 cents. */
export const tippingCents = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 6 }).map((n) => n * 1500) },
  { weight: 2, arbitrary: fc.constantFrom(1, 1499, 1501, 2999, 3001, 9000, 10_000) },
  { weight: 3, arbitrary: fc.constantFrom(40 * 1500, 60 * 1500, 200 * 1500) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 100_000 }) },
);
