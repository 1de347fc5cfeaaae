import fc from 'fast-check';

/**
 * A schedule of calls in words: who, what and when, where "when" may aim at an instant that only the simulation knows, such
 * as exactly paid-through. Plain data, so that a failing one can be shrunk, printed and kept as a test.
 */
export interface Schedule {
  accounts: AccountSpec[];
  commands: Command[];
}

export interface AccountSpec {
  mode: 'live' | 'test';
  /** Paid in by a top-up of its own first. */
  paidInCents: 0 | 10_000 | 20_000;
  /** What is corrected by hand so that this is the balance. */
  balanceCents: number;
  /** Null: nothing is started. */
  start: Guards | null;
}

export interface Guards {
  plan: 'hourly_standard' | 'hourly_double' | 'hourly_odd';
  maxHours: number | null;
  hourEnd: 'continue' | 'pause';
  autoPauseMinutes: number | null;
}

/** An instant, as far as it can be known before the schedule runs. */
export type Moment =
  | { to: 'later'; us: number }
  | { to: 'earlier'; us: number }
  | { to: 'paidThrough'; hours: number; us: number }
  | { to: 'idle' | 'maxHours' | 'deadline' | 'idleLead' | 'busyLead'; us: number };

/** Which session a call names. */
export type Named = 'none' | 'open' | 'ended' | 'foreign' | 'unknown';

interface Base {
  /** Index of the account, modulo how many there are. */
  who: number;
  when: Moment;
}

interface Keyed extends Base {
  key: number | null;
}

export type Command =
  | ({ do: 'start' } & Keyed & Guards)
  | ({ do: 'toggle'; to: 'active' | 'paused' | null; named: Named } & Keyed)
  | ({ do: 'end'; by: 'user' | 'operator'; named: Named } & Keyed)
  | ({ do: 'generate'; named: Named } & Keyed)
  | ({ do: 'finish'; nth: number; as: 'completed' | 'failed' | 'cancelled' } & Base)
  | ({ do: 'cancel'; nth: number } & Keyed)
  | ({ do: 'topup'; cents: number } & Keyed)
  | ({ do: 'pay'; nth: number; payment: 'right' | 'second' | 'mismatch' } & Keyed)
  | ({ do: 'adjust'; type: 'adjustment' | 'promo'; cents: number; isTarget: boolean } & Keyed)
  | ({ do: 'advance'; us: number } & Keyed)
  | ({ do: 'again'; nth: number } & Base)
  | ({ do: 'read'; what: 'status' | 'balance' | 'session' | 'generation' } & Base)
  | ({ do: 'tick' } & Base);

const minuteUs = 60_000_000;
const hourUs = 60 * minuteUs;

const shift = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(-1, 1) },
  { weight: 1, arbitrary: fc.constantFrom(-1000, 999, 1000, minuteUs, -minuteUs) },
);

const later = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 0, 1) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 90 }).map((n) => n * minuteUs) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 * hourUs }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 30 }).map((n) => n * hourUs) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 120 * hourUs }) },
);

const moment: fc.Arbitrary<Moment> = fc.oneof(
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
        'idle' as const,
        'idle' as const,
        'maxHours' as const,
        'deadline' as const,
        'idleLead' as const,
        'busyLead' as const,
      ),
      us: shift,
    }),
  },
);

const guards = {
  plan: fc.oneof(
    { weight: 6, arbitrary: fc.constant('hourly_standard' as const) },
    { weight: 1, arbitrary: fc.constantFrom('hourly_double' as const, 'hourly_odd' as const) },
  ),
  maxHours: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.constantFrom(2, 3, 4, 26) },
  ),
  hourEnd: fc.constantFrom('continue' as const, 'continue' as const, 'pause' as const),
  autoPauseMinutes: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 3, arbitrary: fc.constantFrom(1, 15, 30, 45, 60, 120, 1440) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 1440 }) },
  ),
};

const named: fc.Arbitrary<Named> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('none' as const) },
  { weight: 3, arbitrary: fc.constant('open' as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('ended' as const, 'foreign' as const, 'unknown' as const),
  },
);

const base = { who: fc.nat(2), when: moment };
const keyed = {
  ...base,
  key: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.nat(50) },
    { weight: 1, arbitrary: fc.nat(1) },
  ),
};
const nth = fc.nat(9);
const one = <Name extends string>(name: Name) => fc.constant(name);

/** Balances at which something tips over, for an hour of 1500 cents. */
const tippingCents = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 6 }).map((n) => n * 1500) },
  { weight: 2, arbitrary: fc.constantFrom(1, 1499, 1501, 2999, 3001, 9000, 10_000) },
  { weight: 2, arbitrary: fc.constantFrom(40 * 1500, 60 * 1500, 200 * 1500) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 100_000 }) },
);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: one('start'), ...keyed, ...guards }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: one('toggle'),
      to: fc.constantFrom(null, 'active' as const, 'paused' as const),
      named,
      ...keyed,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one('end'),
      by: fc.constantFrom('user' as const, 'operator' as const),
      named,
      ...keyed,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: one('generate'), named, ...keyed }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: one('finish'),
      nth,
      as: fc.constantFrom('completed' as const, 'failed' as const, 'cancelled' as const),
      ...base,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('cancel'), nth, ...keyed }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one('topup'),
      cents: fc.constantFrom(10_000, 10_000, 10_001, 9999, 20_000, 1_000_001),
      ...keyed,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: one('pay'),
      nth,
      payment: fc.constantFrom(
        'right' as const,
        'right' as const,
        'second' as const,
        'mismatch' as const,
      ),
      ...keyed,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: one('adjust'),
      type: fc.constantFrom('adjustment' as const, 'adjustment' as const, 'promo' as const),
      cents: fc.oneof(tippingCents, fc.constantFrom(-1, -1500, 1500, 1)),
      isTarget: fc.boolean(),
      ...keyed,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('advance'), us: later, ...keyed }) },
  { weight: 3, arbitrary: fc.record({ do: one('again'), nth, ...base }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: one('read'),
      what: fc.constantFrom('status' as const, 'balance' as const, 'session' as const),
      ...base,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: one('tick'), ...base }) },
);

const account: fc.Arbitrary<AccountSpec> = fc.record({
  mode: fc.constantFrom('live' as const, 'live' as const, 'test' as const),
  paidInCents: fc.constantFrom(0 as const, 0 as const, 10_000 as const, 20_000 as const),
  balanceCents: tippingCents,
  start: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 5, arbitrary: fc.record(guards) },
  ),
});

/** Schedules of one to three accounts and up to `mostCommands` calls. */
export const schedules = (mostCommands: number): fc.Arbitrary<Schedule> =>
  fc.record({
    accounts: fc.array(account, { minLength: 1, maxLength: 3, size: 'max' }),
    commands: fc.array(command, { maxLength: mostCommands, size: 'max' }),
  });
