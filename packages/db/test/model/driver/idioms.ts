import fc from 'fast-check';
import { guards, moment, shift, soon } from './arbitraries.ts';
import type { Command, Guards, Moment } from './commands.ts';

const who = fc.nat(2);
const at = (account: number, when: Moment) => ({ who: account, when, key: null });
const now: Moment = { to: 'later', us: 0 };
const plain = { named: 'none', nudge: true } as const;
const unmoved = { named: 'none', nudge: false } as const;
const as = fc.constantFrom(...(['completed', 'failed', 'cancelled'] as const));

/** A fresh session with these guards, whatever was open. */
const restart = (account: number, chosen: Guards): Command[] => [
  { do: 'end', by: 'user', named: 'none', ...at(account, now) },
  { do: 'start', ...chosen, ...at(account, now) },
];

/** A generation that ends while it is still waited for. */
const generation = fc
  .tuple(who, moment, soon, as)
  .map(([account, asked, ended, how]): Command[] => [
    { do: 'generate', ...plain, ...at(account, asked) },
    { do: 'finish', nth: 0, as: how, ...at(account, ended) },
  ]);

/** Two at once, of which one ends; or one that outlives its session and ends in the next. */
const overlap = fc
  .tuple(who, guards, fc.boolean(), soon, soon, as, shift)
  .map(([account, chosen, isSameSession, second, ended, how, us]): Command[] => [
    ...restart(account, { ...chosen, autoPauseMinutes: 15, hourEnd: 'continue' }),
    { do: 'generate', ...plain, ...at(account, now) },
    ...(isSameSession
      ? [{ do: 'generate', ...plain, ...at(account, second) } as const]
      : restart(account, { ...chosen, autoPauseMinutes: 15, hourEnd: 'continue' })),
    { do: 'finish', nth: 0, as: how, ...at(account, ended) },
    { do: 'read', what: 'status', ...at(account, { to: 'idle', us }) },
  ]);

/** A pause, often where the paid time runs out, and a resume, often with a balance that pays no other hour. */
const pauseAndResume = fc
  .tuple(who, fc.constantFrom(null, 0, 1499, 1500), shift, moment, moment, fc.boolean())
  .map(([account, cents, us, paused, resumed, isAtTheHour]): Command[] => [
    { do: 'toggle', to: 'active', ...plain, ...at(account, now) },
    ...(cents === null
      ? []
      : [
          { do: 'adjust', type: 'adjustment', cents, isTarget: true, ...at(account, now) } as const,
        ]),
    {
      do: 'toggle',
      to: 'paused',
      ...unmoved,
      ...at(account, isAtTheHour ? { to: 'paidThrough', hours: 0, us } : paused),
    },
    { do: 'toggle', to: 'active', ...unmoved, ...at(account, resumed) },
  ]);

/** Guards and the balance that meet, and the call that finds them so. */
const tie = fc
  .record({
    account: who,
    chosen: guards,
    hours: fc.nat(2),
    odd: fc.constantFrom(0, 0, -1, 1),
    us: shift,
    to: fc.constantFrom(...(['paidThrough', 'paidThrough', 'idle'] as const)),
    call: fc.nat(6),
  })
  .map(({ account, chosen, hours, odd, us, to, call }): Command[] => {
    const cents = (hours + 1) * 1500 + odd;
    const then = at(account, to === 'idle' ? { to, us } : { to, hours, us });
    const calls: Command[] = [
      { do: 'toggle', to: null, ...unmoved, ...then },
      { do: 'toggle', to: 'active', ...unmoved, ...then },
      { do: 'end', by: 'user', named: 'none', ...then },
      { do: 'generate', ...unmoved, ...then },
      { do: 'tick', isForOne: false, ...then },
      { do: 'read', what: 'status', ...then },
      { do: 'read', what: 'session', ...then },
    ];
    return [
      { do: 'end', by: 'user', named: 'none', ...at(account, now) },
      { do: 'adjust', type: 'adjustment', cents, isTarget: true, ...at(account, now) },
      { do: 'start', ...chosen, ...at(account, now) },
      ...calls.slice(call, call + 1),
    ];
  });

/** Passes of the settlement that come about a day late, or two. */
const backlog = fc
  .tuple(who, fc.constantFrom(22, 23, 24, 47, 48), shift, fc.nat(2))
  .map(([account, hours, us, passes]): Command[] => [
    { do: 'adjust', type: 'adjustment', cents: 100_000, isTarget: true, ...at(account, now) },
    { do: 'toggle', to: 'active', ...plain, ...at(account, now) },
    ...Array.from({ length: passes + 1 }, (_, pass): Command => {
      const when: Moment = pass === 0 ? { to: 'paidThrough', hours, us } : now;
      return { do: 'tick', isForOne: false, ...at(account, when) };
    }),
    { do: 'read', what: 'status', ...at(account, now) },
  ]);

const reportStatus = fc.tuple(
  fc.constantFrom(...(['open', 'won', 'lost', 'pending', 'processed', 'failed'] as const)),
  fc.nat(2),
  fc.constantFrom(...(['half', 'hour'] as const)),
);

/** A payment that is kept, of which something is taken back before it is credited. */
const keptPayment = fc
  .tuple(who, moment, fc.array(reportStatus, { minLength: 1, maxLength: 3, size: 'max' }), moment)
  .map(([account, when, turns, credited]): Command[] => [
    { do: 'topup', cents: 20_000, ...at(account, when) },
    // The last one, whichever that is.
    ...[0, 1, 2].map((nth) => ({ do: 'pay', nth, payment: 'early', ...at(account, now) }) as const),
    ...turns.map(([status, nth, taken]): Command => {
      const of = status === 'processed' ? 'foreign' : 'told';
      return status === 'open' || status === 'won' || status === 'lost'
        ? { do: 'dispute', nth, status, share: taken, nudge: false, ...at(account, now) }
        : { do: 'reportRefund', of, nth, status, share: taken, nudge: false, ...at(account, now) };
    }),
    ...[0, 1, 2].map(
      (nth) => ({ do: 'pay', nth, payment: 'right', ...at(account, credited) }) as const,
    ),
  ]);

const share = fc.constantFrom(...(['all', 'half', 'hour'] as const));

const turns = fc.constantFrom(
  ...([
    [],
    ['won'],
    ['lost'],
    ['lost', 'won'],
    ['lost', 'closed'],
    ['closed', 'lost'],
    ['won', 'open'],
  ] as const),
);

/** A dispute that takes its turns while a session runs, on a balance that may not bear it. */
const dispute = fc
  .record({
    account: who,
    when: moment,
    share,
    cents: fc.constantFrom(0, 1500, 3000, 9000, 10_000),
    turns,
    nth: fc.nat(3),
  })
  .map(({ account, when, cents, turns: after, ...taken }): Command[] => [
    { do: 'toggle', to: 'active', ...plain, ...at(account, now) },
    { do: 'adjust', type: 'adjustment', cents, isTarget: true, ...at(account, now) },
    { do: 'dispute', status: 'open', nudge: false, ...taken, ...at(account, when) },
    { do: 'toggle', to: 'active', ...unmoved, ...at(account, now) },
    ...after.map((status): Command => {
      return { do: 'dispute', status, nudge: false, ...taken, ...at(account, now) };
    }),
  ]);

const refundStatus = fc.constantFrom(...(['pending', 'processed', 'failed'] as const));

/** Refunds of one top-up, one after the other, until nothing is left of it, and what became of the first. */
const refunds = fc
  .tuple(
    who,
    moment,
    fc.array(fc.constantFrom(1000, 5000, 10_000, 10_001), { minLength: 2, maxLength: 3 }),
    fc.array(refundStatus, { maxLength: 3, size: 'max' }),
  )
  .map(([account, when, parts, turns]): Command[] => [
    { do: 'topup', cents: 10_000, ...at(account, when) },
    { do: 'pay', nth: 0, payment: 'right', ...at(account, now) },
    { do: 'pay', nth: 1, payment: 'right', ...at(account, now) },
    ...parts.map((cents): Command => {
      return { do: 'refund', nth: 0, cents, isBelowMaximum: false, ...at(account, now) };
    }),
    ...turns.map((status, turn): Command => {
      const of = turn === 0 ? 'ours' : 'told';
      return {
        do: 'reportRefund',
        nth: 0,
        of,
        status,
        share: 'all',
        nudge: false,
        ...at(account, now),
      };
    }),
  ]);

/** What belongs together and would seldom meet by chance. */
export const idiom: fc.Arbitrary<Command[]> = fc.oneof(
  generation,
  overlap,
  pauseAndResume,
  tie,
  backlog,
  dispute,
  refunds,
  keptPayment,
);
