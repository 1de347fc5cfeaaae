import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import fc from 'fast-check';
import { drive, prepareDatabase } from './drive.ts';
import type { Schedule } from './schedule.ts';

/** Time zones of the database's sessions: an hour is an hour in all of them, also where clocks change by half of one. */
const timeZones = ['America/New_York', 'UTC', 'Australia/Lord_Howe', 'Asia/Kolkata'];

export interface Plan {
  schedule: fc.Arbitrary<Schedule>;
  /** The first lane's seed; the others take the numbers that follow. */
  seed: number;
  /** How many schedules run side by side, each on a database of its own: a settlement pass is everybody's. */
  lanes: number;
  /** Schedules of each lane. */
  runs: number;
  /** Repeats one failure: its path in the lane of this seed. */
  path?: string | undefined;
  /** Changes each database before its first schedule. */
  prepare?: ((db: TestDatabase) => Promise<void>) | undefined;
  /** Fails with the first schedule that does, without looking for a smaller one. */
  isHasty?: boolean | undefined;
  /** No schedule begins after it. */
  stopAfterMs?: number | undefined;
}

export interface Report {
  schedules: number;
  calls: number;
}

/**
 * Runs random schedules, several at a time.
 *
 * @throws with the smallest schedule found on which simulation and database do not agree, and how to run it again
 */
export async function runSchedules(plan: Plan): Promise<Report> {
  const lanes = Array.from({ length: plan.lanes }, (_, index) => runLane(plan, plan.seed + index));
  const reports = await Promise.all(lanes);
  return {
    schedules: reports.reduce((total, { schedules }) => total + schedules, 0),
    calls: reports.reduce((total, { calls }) => total + calls, 0),
  };
}

async function runLane(plan: Plan, seed: number): Promise<Report> {
  const report: Report = { schedules: 0, calls: 0 };
  const timeZone = timeZones[seed % timeZones.length] ?? 'UTC';
  let db: TestDatabase | undefined;
  const property = fc.asyncProperty(plan.schedule, async (schedule) => {
    db ??= await openDatabase(plan, timeZone);
    try {
      report.calls += await drive(db, schedule);
      report.schedules += 1;
    } catch (error) {
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
      ...(plan.stopAfterMs !== undefined && {
        interruptAfterTimeLimit: plan.stopAfterMs,
        markInterruptAsFailure: false,
      }),
    });
    if (details.failed) throw new Error(explain(details), { cause: details.errorInstance });
    return report;
  } finally {
    await db?.drop();
  }
}

async function openDatabase(plan: Plan, timeZone: string): Promise<TestDatabase> {
  const db = await createTestDatabase();
  await prepareDatabase(db, timeZone);
  await plan.prepare?.(db);
  return db;
}

function explain({
  counterexample,
  seed,
  counterexamplePath,
  errorInstance,
}: fc.RunDetails<[Schedule]>): string {
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return [
    what,
    `schedule: ${JSON.stringify(counterexample?.[0])}`,
    `again: HOURLY_MODEL_SEED=${seed} HOURLY_MODEL_PATH=${counterexamplePath}`,
  ].join('\n');
}
