import { beforeAll, expect, test } from 'vitest';
import { type Plan, runSchedules } from './driver/lanes.ts';
import { mutants, mutate } from './mutants.ts';

/** Always the same schedules, so that what is found once is found again. */
const plan: Plan = {
  seed: 20_240_309,
  lanes: 1,
  runs: 400,
  mostSteps: 20,
  limitMs: 120_000,
  isHasty: true,
};
const enough = 50;

beforeAll(async () => {
  if (isOldPostgres) return;
  // Without a mistake they find nothing.
  await runSchedules({ ...plan, runs: enough });
}, plan.limitMs);

/** The mistakes are the same on every version of Postgres, so that the newest is enough. */
const isOldPostgres = process.env.HOURLY_TEST_POSTGRES_BINARIES !== undefined;

/** Schedules are worth what they find: each of these mistakes is found by the few that follow from one seed. */
test.skipIf(isOldPostgres).each(mutants)(
  '$inFunction: $mistake',
  async (mutant) => {
    const running = runSchedules({
      ...plan,
      path: `${mutant.lookFrom}`,
      prepare: (db) => mutate(db, mutant),
    });
    await expect(running).rejects.toThrow('schedule: ');
  },
  plan.limitMs + 60_000,
);
