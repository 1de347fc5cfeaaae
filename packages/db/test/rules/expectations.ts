import { getUsage } from '@hourly/db';
import { minorUnits } from './money.ts';
import { moneyExpectations } from './money-expectations.ts';
import type { Compared, Expectation, Seen } from './seen.ts';
import { sessionExpectations } from './session-expectations.ts';

/** What a line may say about the call itself and about the time. */
const otherExpectations: Expectation[] = [
  {
    form: /^(no )?event ([a-z_]+\.[a-z_]+)$/,
    look: ({ events }, [no, type]) => ({
      expected: no === undefined ? 1 : 0,
      found: events.filter((one) => one === type).length,
    }),
  },
  {
    form: /^refused: ([A-Z_]+)(?: \((has|needs|at most|at least) (-?\$\S+)\))?$/,
    look({ refusal }, [reason, word, amount]) {
      const found = { reason: refusal?.reason };
      if (word === undefined || amount === undefined) return { expected: { reason }, found };
      const field = { has: 'balanceCents', needs: 'requiredCents', 'at most': 'maximumCents' }[
        word
      ];
      return {
        expected: { reason, amountCents: minorUnits(amount) },
        found: { ...found, amountCents: refusal?.data?.[field ?? 'minimumCents'] },
      };
    },
  },
  {
    form: /^it is (\d\d:\d\d) in (\S+)$/,
    look({ serverTime }, [shown, timeZone = '']) {
      const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone });
      return { expected: shown, found: format.format(new Date(serverTime)) };
    },
  },
  {
    form: /^(\d+) hours? on (\d{4}-\d\d-\d\d) in (\S+)$/,
    async look({ db, accountId }, [hours, date = '', tz = '']) {
      const { days } = await getUsage(db, { accountId, from: date, to: date, tz });
      return { expected: Number(hours), found: days[0]?.hours };
    },
  },
];

/** What a claim compares, ready to be looked at. Throws where no expectation reads like it. */
export function expectationOf(text: string): (seen: Seen) => Promise<Compared> {
  for (const { form, look } of [
    ...sessionExpectations,
    ...moneyExpectations,
    ...otherExpectations,
  ]) {
    const match = form.exec(text);
    if (match !== null) {
      const words = match.slice(1);
      return async (seen) => look(seen, words);
    }
  }
  throw new Error(`nothing is seen like this: ${text}`);
}
