import { expect, test } from 'vitest';
import { createTally, type Tally } from './cast.ts';
import { addTally, explain, type Plan, type Report, runStories } from './run-stories.ts';

const minuteMs = 60_000;
const {
  HOURLY_STORIES_SEED: givenSeed,
  HOURLY_STORIES_CHAPTERS: givenChapters,
  /** A soak of so many minutes. */
  HOURLY_STORIES_MINUTES: givenMinutes,
} = process.env;
const minutes = Number(givenMinutes ?? 0);
/** Looking for a smaller chapter takes its time as well. */
const spareMs = 3 * minuteMs;

const plan: Plan = {
  seed: Number(givenSeed ?? Math.trunc(Math.random() * 2 ** 30)),
  chapters: Number(givenChapters ?? 168),
  lanes: 2,
  limitMs: 4 * minuteMs,
};

/** With this many stories, what is listed here has happened. */
const enoughStories = 1000;
const happens = [
  ...['paid', 'refunded', 'expired'].map((end) => `top-up ${end}`),
  ...['webhook', 'confirmation', 'reconciliation'].map((source) => `payment credited: ${source}`),
  ...['second_payment', 'amount_mismatch', 'unknown_order'].map((why) => `payment kept: ${why}`),
  ...['operator', 'operator of a kept payment', 'provider', 'provider of a kept payment'].flatMap(
    (by) => [`refund by ${by} processed`, `refund by ${by} failed`],
  ),
  ...['open', 'won', 'lost', 'closed'].map((end) => `dispute ${end}`),
  ...['payment given back', 'payment failed', 'account frozen'],
];

test(
  "whatever goes wrong, our books and the provider's are the same in the end",
  async ({ task }) => {
    const tally = minutes > 0 ? await soak() : (await playAll(plan)).tally;
    console.log(`seed ${plan.seed}: ${summaryOf(tally)}`);
    Object.assign(task.meta, { faults: Object.fromEntries(tally.accidents) });
    expect(tally.stories).toBeGreaterThan(0);
    if (tally.stories >= enoughStories) {
      expect(happens.filter((end) => !tally.ends.has(end))).toEqual([]);
    }
  },
  plan.limitMs + minutes * minuteMs + spareMs,
);

async function playAll(of: Plan): Promise<Report> {
  const report = await runStories(of);
  if (report.failure !== null) throw new Error(await explain(report.failure));
  return report;
}

/** Batch after batch, and tells how far it is. */
async function soak(): Promise<Tally> {
  const all = createTally();
  const startedAt = performance.now();
  const lasts = () => performance.now() - startedAt < minutes * minuteMs;
  for (let batch = 0; lasts(); batch += 1) {
    const seed = plan.seed + batch * plan.chapters;
    addTally(all, (await playAll({ ...plan, seed })).tally);
    const passedMinutes = (performance.now() - startedAt) / minuteMs;
    console.log(`${passedMinutes.toFixed(1)} of ${minutes} minutes: ${summaryOf(all)}`);
  }
  for (const counts of [all.acts, all.accidents, all.ends]) {
    console.log([...counts].map(([what, times]) => `${times} ${what}`).join('\n'));
  }
  return all;
}

function summaryOf({ stories, acts, accidents }: Tally): string {
  const sum = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((total, times) => total + times, 0);
  return `${stories} stories, ${sum(acts)} acts, ${sum(accidents)} accidents`;
}
