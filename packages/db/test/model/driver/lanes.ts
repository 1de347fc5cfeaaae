import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import fc from 'fast-check';
import type { Schedule } from './commands.ts';
import { drive, prepareDatabase } from './drive.ts';
import { schedules } from './schedule.ts';

/** Time zones of the database's sessions: an hour is an hour in all of them, also where clocks change by half of one. */
const timeZones = ['America/New_York', 'UTC', 'Australia/Lord_Howe', 'Asia/Kolkata'];

/** Looking for a smaller schedule ends after it. */
const shrinkLimitMs = 90_000;

export interface Plan {
  /** The first lane's seed; the others take the numbers that follow. */
  seed: number;
  /** How many schedules run side by side, each on a database of its own: a settlement pass is everybody's. */
  lanes: number;
  /** Schedules of each lane. */
  runs: number;
  /** Steps of a schedule at most; a step is a call or a few. */
  mostSteps: number;
  /** No schedule begins after so long. */
  limitMs: number;
  /** Repeats one failure: its path in the lane of this seed. */
  path?: string | undefined;
  /** Changes each database before its first schedule. */
  prepare?: ((db: TestDatabase) => Promise<void>) | undefined;
  /** Fails with the first schedule that does, without looking for a smaller one. */
  isHasty?: boolean | undefined;
}

export interface Report {
  schedules: number;
  /** How often each thing came of a call. */
  calls: Map<string, number>;
  /** How often each thing happened. */
  events: Map<string, number>;
}

/**
 * Runs random schedules, several at a time.
 *
 * @throws with the smallest schedule found on which simulation and database do not agree, and how to run it again
 */
export async function runSchedules(plan: Plan): Promise<Report> {
  const lanes = Array.from({ length: plan.lanes }, (_, index) => runLane(plan, plan.seed + index));
  const report = emptyReport();
  // All lanes end before any of their failures is told: none may outlive the test.
  for (const lane of await Promise.allSettled(lanes)) {
    if (lane.status === 'rejected') throw lane.reason;
    addTo(report, lane.value);
  }
  return report;
}

export const emptyReport = (): Report => ({ schedules: 0, calls: new Map(), events: new Map() });

/** Adds up what several runs have done. */
export function addTo(all: Report, more: Report): void {
  all.schedules += more.schedules;
  for (const kind of ['calls', 'events'] as const) {
    for (const [what, times] of more[kind]) {
      all[kind].set(what, (all[kind].get(what) ?? 0) + times);
    }
  }
}

async function runLane(plan: Plan, seed: number): Promise<Report> {
  const report = emptyReport();
  const timeZone = timeZones[seed % timeZones.length] ?? 'UTC';
  // Whatever goes wrong here is no schedule's fault.
  let db: TestDatabase | undefined = await openDatabase(plan, timeZone);
  let deadline = performance.now() + plan.limitMs;
  let hasFailed = false;
  const property = fc.asyncProperty(schedules(plan.mostSteps), async (schedule) => {
    if (performance.now() > deadline) return;
    db ??= await openDatabase(plan, timeZone);
    try {
      addTo(report, { schedules: 1, ...(await drive(db, schedule)) });
    } catch (error) {
      if (!hasFailed) deadline = performance.now() + shrinkLimitMs;
      hasFailed = true;
      // What is left open would be settled together with the next schedule.
      await db.drop();
      db = undefined;
      throw error;
    }
  });
  try {
    const details = await fc.check(property, {
      seed,
      numRuns: plan.runs,
      endOnFailure: plan.isHasty ?? false,
      ...(plan.path !== undefined && { path: plan.path }),
    });
    if (details.failed) throw new Error(explain(plan, details), { cause: details.errorInstance });
    return report;
  } finally {
    await db?.drop();
  }
}

async function openDatabase(plan: Plan, timeZone: string): Promise<TestDatabase> {
  const db = await createTestDatabase();
  try {
    await prepareDatabase(db, timeZone);
    await plan.prepare?.(db);
    return db;
  } catch (error) {
    await db.drop();
    throw error;
  }
}

function explain(
  { mostSteps }: Plan,
  { counterexample, seed, counterexamplePath, errorInstance }: fc.RunDetails<[Schedule]>,
): string {
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const environment = {
    HOURLY_MODEL_SEED: seed,
    HOURLY_MODEL_PATH: counterexamplePath,
    HOURLY_MODEL_STEPS: mostSteps,
  };
  const again = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return [
    what,
    `schedule: ${JSON.stringify(counterexample?.[0])}`,
    `again: ${again.join(' ')} node_modules/.bin/vitest run packages/db/test/model/schedules.test.ts`,
  ].join('\n');
}
