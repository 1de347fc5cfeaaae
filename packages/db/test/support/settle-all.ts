import { type Settlement, settleSessions } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';

const mostPasses = 200;

/** Passes until nothing is left that they can do. Accounts that another call still holds are due, so they are asked for again. */
export async function settleAll(db: TestDatabase, limit = 100): Promise<Settlement[]> {
  const passes: Settlement[] = [];
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const settled = await settleSessions(db, { limit });
    passes.push(settled);
    if (settled.nextDueInSeconds === null || settled.nextDueInSeconds > 0) return passes;
  }
  throw new Error('the settlement does not come to an end');
}
