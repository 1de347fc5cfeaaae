import type { Act, Chapter } from './chapter.ts';

const calm = { who: 0, nth: 0, accident: null };
const day = 86_400;

const buys: Act = { ...calm, do: 'buy', cents: 50_000, asks: 'once' };
const pays: Act = { ...calm, do: 'pay', order: 'shown', payment: 'right' };
const reconciles: Act = { ...calm, do: 'reconcile', all: true };

const silence = (...acts: Act[]): Chapter => ({ customers: 2, otherMail: 'is lost', acts });

/** Stories that once went wrong, each as the fewest acts that show it. */
export const found: { what: string; chapter: Chapter }[] = [
  {
    what: 'a dispute is won weeks after it began, and the webhook is lost',
    chapter: silence(
      buys,
      pays,
      reconciles,
      { ...calm, do: 'dispute', share: 'half' },
      { ...calm, do: 'pass', seconds: 20 * day },
      { ...calm, do: 'decide', turn: 'won' },
    ),
  },
];
