import fc from 'fast-check';
import {
  base,
  guards,
  keyed,
  later,
  named,
  nth,
  nudge,
  one,
  share,
  soon,
  tippingCents,
} from './arbitraries.ts';
import type { AccountSpec, Command, Schedule } from './commands.ts';
import { idiom } from './idioms.ts';

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.record({ do: one('start'), ...keyed }), guards)
      .map(([start, chosen]) => ({ ...start, ...chosen })),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: one('toggle'),
      to: fc.constantFrom(...([null, 'active', 'paused'] as const)),
      named,
      nudge,
      ...keyed,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one('end'),
      by: fc.constantFrom(...(['user', 'operator'] as const)),
      named,
      ...keyed,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: one('generate'), named, nudge, ...keyed }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: one('finish'),
      nth,
      as: fc.constantFrom(...(['completed', 'failed', 'cancelled'] as const)),
      ...base,
      when: soon,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('cancel'), nth, ...keyed, when: soon }) },
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
      payment: fc.constantFrom(...(['right', 'right', 'early', 'second', 'mismatch'] as const)),
      ...keyed,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: one('adjust'),
      type: fc.constantFrom(...(['adjustment', 'adjustment', 'promo'] as const)),
      cents: fc.oneof(tippingCents, fc.constantFrom(-1, -1500, 1500, 1)),
      isTarget: fc.boolean(),
      ...keyed,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one('refund'),
      nth,
      cents: fc.oneof(fc.constantFrom(-1, 0, 0, 1, 2, 1000), fc.nat(20_000)),
      isBelowMaximum: fc.boolean(),
      ...keyed,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one('reportRefund'),
      nth,
      of: fc.constantFrom(...(['ours', 'told', 'foreign'] as const)),
      status: fc.constantFrom(...(['pending', 'processed', 'failed'] as const)),
      share,
      nudge,
      ...base,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: one('dispute'),
      nth,
      status: fc.constantFrom(...(['open', 'open', 'won', 'lost', 'closed'] as const)),
      share,
      nudge,
      ...base,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('advance'), us: later, ...keyed }) },
  { weight: 3, arbitrary: fc.record({ do: one('again'), nth, ...base }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: one('read'),
      what: fc.constantFrom(...(['status', 'balance', 'session', 'latest'] as const)),
      ...base,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: one('reprice'),
      plan: fc.constantFrom(...(['hourly_double', 'hourly_odd'] as const)),
      rateCents: fc.constantFrom(1, 701, 1500, 2000, 9000),
      ...base,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: one('tick'), isForOne: fc.boolean(), ...base }) },
);

const account: fc.Arbitrary<AccountSpec> = fc.record({
  mode: fc.constantFrom(...(['live', 'live', 'test'] as const)),
  paidInCents: fc.constantFrom(...([0, 10_000, 20_000] as const)),
  balanceCents: tippingCents,
  start: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: guards }),
});

/** Schedules of one to three accounts and up to `mostCommands` calls. */
export const schedules = (mostCommands: number): fc.Arbitrary<Schedule> =>
  fc.record({
    accounts: fc.oneof(
      { weight: 3, arbitrary: fc.array(account, { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(account, { minLength: 2, maxLength: 3, size: 'max' }) },
    ),
    commands: fc
      .array(fc.oneof({ weight: 5, arbitrary: command.map((one) => [one]) }, idiom), {
        minLength: 1,
        maxLength: mostCommands,
        size: 'max',
      })
      .map((steps) => steps.flat()),
  });
