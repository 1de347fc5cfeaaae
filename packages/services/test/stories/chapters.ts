import fc from 'fast-check';
import type { Accident, Act, Chapter } from './chapter.ts';

/** Of each chapter. */
const customers = 12;

const call = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 2, arbitrary: fc.integer({ min: 5, max: 12 }) },
);
const when = fc.constantFrom('before' as const, 'after' as const);

const crash: fc.Arbitrary<Accident> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('dies' as const), call, when }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('breaks' as const), call, when }) },
);

const outage: fc.Arbitrary<Accident> = fc.record({
  kind: fc.constant('outage' as const),
  mode: fc.constantFrom(
    'status' as const,
    'status' as const,
    'status' as const,
    'lose_answer' as const,
    'lose_answer' as const,
    'reset' as const,
    'malformed' as const,
    'hang' as const,
  ),
  status: fc.constantFrom(500, 502, 503, 504, 429, 401),
  afterWork: fc.constantFrom(false, false, true),
  call: fc.constantFrom(1, 1, 1, 2, 2, 3, 5),
  times: fc.constantFrom(1, 1, 1, 2, 3, 10),
});

/** What may befall a call of the database only, or of the provider as well. */
const crashes = fc.option(crash, { freq: 3, nil: null });
const accidents = fc.oneof(
  { weight: 5, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: crash },
  { weight: 3, arbitrary: outage },
);

const base = { who: fc.nat(customers - 1), nth: fc.oneof(fc.constant(0), fc.nat(7)) };
const calm = { ...base, accident: fc.constant(null) };
const one = <Name extends string>(name: Name) => fc.constant(name);
const share = fc.constantFrom('whole' as const, 'half' as const, 'crumb' as const);
const becomes = fc.oneof(
  { weight: 4, arbitrary: one('processed') },
  { weight: 3, arbitrary: one('pending') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('failed' as const, 'refused' as const, 'conflict' as const),
  },
);

/** What customers and the provider do; it happens to one customer. */
const ofCustomer = (accident: fc.Arbitrary<Accident | null>): fc.Arbitrary<Act> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        do: one('buy'),
        ...base,
        accident,
        cents: fc.constantFrom(10_000, 10_000, 20_000, 50_000),
        asks: fc.constantFrom(
          'once' as const,
          'once' as const,
          'again' as const,
          'again' as const,
          'twice at once' as const,
        ),
      }),
    },
    {
      weight: 12,
      arbitrary: fc.record({
        do: one('pay'),
        ...calm,
        order: fc.constantFrom(
          ...Array.from({ length: 12 }, () => 'shown' as const),
          'lost' as const,
          'lost' as const,
          'foreign' as const,
          'none' as const,
        ),
        payment: fc.constantFrom(
          ...Array.from({ length: 7 }, () => 'right' as const),
          'second' as const,
          'second' as const,
          'short' as const,
          'in dollars' as const,
          'fails' as const,
          'fails' as const,
          'begins' as const,
          'begins' as const,
          'is held' as const,
        ),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: one('confirmLate'),
        ...calm,
        by: fc.constantFrom('bank' as const, 'bank' as const, 'dashboard' as const),
        captureAfterSeconds: fc.constantFrom(null, null, 0, 3600, 2 * 86_400),
      }),
    },
    {
      weight: 22,
      arbitrary: fc.record({
        do: one('deliver'),
        ...base,
        accident,
        order: fc.oneof(fc.constant(0), fc.nat(5)),
        letter: fc.constantFrom(
          ...Array.from({ length: 12 }, () => 'as sent' as const),
          'forged' as const,
          'tampered' as const,
          'unsigned' as const,
        ),
        copies: fc.constantFrom(1 as const, 1 as const, 1 as const, 2 as const),
      }),
    },
    {
      weight: 7,
      arbitrary: fc.record({
        do: one('confirm'),
        ...base,
        accident,
        by: fc.constantFrom(
          'owner' as const,
          'owner' as const,
          'owner' as const,
          'stranger' as const,
        ),
        signature: fc.constantFrom(
          'right' as const,
          'right' as const,
          'right' as const,
          'forged' as const,
        ),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: one('refund'),
        ...base,
        accident,
        share,
        becomes,
        afterSeconds: fc.constantFrom(0, 0, 3600, 3 * 86_400),
        asks: fc.constantFrom('once' as const, 'once' as const, 'again' as const),
        isSentAtOnce: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: one('giveBack'),
        ...base,
        accident,
        becomes,
        isSentAtOnce: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: one('sendRefund'), ...base, accident }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: one('refundAtProvider'),
        ...calm,
        share,
        becomes: fc.constantFrom('processed' as const, 'pending' as const, 'failed' as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: one('settleRefund'),
        ...calm,
        as: fc.constantFrom('processed' as const, 'failed' as const),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: one('dispute'), ...calm, share }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: one('decide'),
        ...calm,
        turn: fc.constantFrom(
          'under_review' as const,
          'action_required' as const,
          'won' as const,
          'won' as const,
          'lost' as const,
          'closed' as const,
        ),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: one('session'),
        ...base,
        accident: crashes,
        to: fc.constantFrom(
          'started' as const,
          'started' as const,
          'paused' as const,
          'active' as const,
          'ended' as const,
        ),
        hours: fc.constantFrom(0, 0, 0, 1, 4),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: one('replay'), ...base, accident }) },
  );

/** What the worker and the operator do, to everybody. */
const ofWorker = (accident: fc.Arbitrary<Accident | null>): fc.Arbitrary<Act> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: one('work'), ...base, accident }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: one('reconcile'), ...base, accident, all: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: one('checkRefunds'), ...base, accident }) },
  );

const rarely: fc.Arbitrary<Act> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: one('compare'), ...base, accident: accidents }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: one('rotate'),
      ...calm,
      isAlone: fc.constantFrom(false, false, true),
    }),
  },
);

const pass: fc.Arbitrary<Act> = fc.record({
  do: one('pass'),
  ...calm,
  seconds: fc.constantFrom(
    ...[31, 61, 61, 130, 130, 700, 700, 700, 7200, 7200],
    ...[86_400, 86_400, 3 * 86_400, 8 * 86_400, 40 * 86_400],
  ),
});

const together: fc.Arbitrary<Act> = fc.record({
  do: one('together'),
  ...calm,
  // The provider's faults would be everybody's.
  acts: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: ofCustomer(crashes) },
      { weight: 1, arbitrary: ofWorker(crashes) },
    ),
    {
      minLength: 2,
      maxLength: 4,
    },
  ),
});

/** Most customers buy something first, and pay for it. */
const beginning: fc.Arbitrary<Act[]> = fc
  .tuple(
    fc.record({
      do: one('buy'),
      ...base,
      accident: accidents,
      cents: fc.constantFrom(10_000, 20_000, 50_000),
      asks: one('once'),
    }),
    fc.record({ ...calm, do: one('pay'), order: one('shown'), payment: one('right') }),
    fc.nat(9),
  )
  .map(([buys, pays, luck]) => (luck < 6 ? [buys, pays] : luck < 9 ? [buys] : []));

const story: fc.Arbitrary<Act[]> = fc
  .tuple(
    beginning,
    fc.array(
      fc.oneof({ weight: 9, arbitrary: ofCustomer(accidents) }, { weight: 1, arbitrary: together }),
      { minLength: 4, maxLength: 14, size: 'max' },
    ),
  )
  .map(([first, rest]) => [...first, ...rest]);

const meanwhile: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: ofWorker(accidents) },
    { weight: 6, arbitrary: pass },
    { weight: 1, arbitrary: rarely },
  ),
  { minLength: 5, maxLength: 25, size: 'max' },
);

const chapter: fc.Arbitrary<Chapter> = fc
  .record({
    otherMail: fc.constantFrom('arrives' as const, 'is lost' as const),
    stories: fc.array(story, { minLength: customers, maxLength: customers }),
    meanwhile,
    order: fc.infiniteStream(fc.nat(1_000_000)),
  })
  .map(({ otherMail, stories, meanwhile, order }) => ({
    customers,
    otherMail,
    acts: interleave([...stories.map((acts, who) => ofOne(acts, who)), meanwhile], order),
  }));

/** Acts of one customer. What happens together meets there more often than not. */
const ofOne = (acts: readonly Act[], who: number): Act[] =>
  acts.map((act) => {
    if (act.do !== 'together') return { ...act, who };
    const parts = act.acts.map((part) => (part.who % 4 === 0 ? part : { ...part, who }));
    return { ...act, who, acts: parts };
  });

/** Merges stories into one, each in its own order, the longer ones drawn from more often. */
function interleave(stories: readonly (readonly Act[])[], order: Iterable<number>): Act[] {
  const left = stories.map((acts) => [...acts]);
  const acts: Act[] = [];
  const total = stories.reduce((sum, { length }) => sum + length, 0);
  for (const draw of order) {
    if (acts.length === total) break;
    let at = draw % (total - acts.length);
    for (const story of left) {
      if (at < story.length) {
        acts.push(...story.splice(0, 1));
        break;
      }
      at -= story.length;
    }
  }
  return acts;
}

/** @param seed the same chapter for the same number */
export function chapterOf(seed: number): Chapter {
  const [drawn] = fc.sample(chapter, { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error('nothing was drawn');
  return drawn;
}
