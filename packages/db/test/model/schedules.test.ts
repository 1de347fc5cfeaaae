import { expect, test } from 'vitest';
import { addTo, emptyReport, type Plan, type Report, runSchedules } from './driver/lanes.ts';

const minuteMs = 60_000;
const {
  HOURLY_MODEL_SEED: givenSeed,
  HOURLY_MODEL_PATH: path,
  HOURLY_MODEL_STEPS: givenSteps,
  /** A soak of so many minutes. */
  HOURLY_MODEL_MINUTES: givenMinutes,
} = process.env;
const minutes = Number(givenMinutes ?? 0);
/** Looking for a smaller schedule, and databases that come and go, take their time as well. */
const spareMs = 4 * minuteMs;

const plan: Plan = {
  seed: Number(givenSeed ?? Math.trunc(Math.random() * 2 ** 30)),
  mostSteps: Number(givenSteps ?? 20),
  lanes: path === undefined ? 4 : 1,
  runs: 300,
  limitMs: 1 * minuteMs,
  path,
};

/** With this many schedules, what is listed here has happened. */
const enoughSchedules = 500;
const happens = [
  ...['user', 'operator', 'insufficient_balance', 'max_hours'].map((end) => `session.ended ${end}`),
  ...['user', 'hour_end', 'idle', 'frozen'].map((pause) => `session.paused ${pause}`),
  ...['session.started', 'session.resumed', 'session.hour_charged', 'balance.low'],
  ...['account.frozen', 'topup.paid', 'refund.processed'],
  ...['generation.completed', 'generation.failed'],
];

test(
  'the database does what the simulation does, whatever the schedule',
  async () => {
    const report = minutes > 0 ? await soak() : await runSchedules(plan);
    console.log(`seed ${plan.seed}: ${summary(report)}`);
    expect(report.schedules).toBeGreaterThan(0);
    if (report.schedules >= enoughSchedules) {
      expect(happens.filter((name) => !report.events.has(name))).toEqual([]);
    }
  },
  plan.limitMs + minutes * minuteMs + spareMs,
);

/** Batch after batch, the longer schedules every other time, and tells how far it is. */
async function soak(): Promise<Report> {
  const all = emptyReport();
  const startedAt = performance.now();
  const lasts = () => performance.now() - startedAt < minutes * minuteMs;
  for (let batch = 0; lasts(); batch += 1) {
    const seed = plan.seed + batch * plan.lanes;
    const mostSteps = batch % 2 === 0 ? plan.mostSteps : 3 * plan.mostSteps;
    addTo(all, await runSchedules({ ...plan, seed, mostSteps }));
    const passedMinutes = (performance.now() - startedAt) / minuteMs;
    console.log(`${passedMinutes.toFixed(1)} of ${minutes} minutes: ${summary(all)}`);
  }
  console.log([...all.calls, ...all.events].map(([what, times]) => `${times} ${what}`).join('\n'));
  return all;
}

function summary({ schedules, calls }: Report): string {
  const total = [...calls.values()].reduce((sum, times) => sum + times, 0);
  return `${schedules} schedules, ${total} calls`;
}
