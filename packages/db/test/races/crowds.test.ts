import { sealLedger, settleSessions, startSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { createCustomer, hours } from '../support/customer.ts';
import { expectJourneyOnce, journey } from '../support/journey.ts';
import { expectSoundBooks } from '../support/sound.ts';
import { actorsOn, setStage } from './stage.ts';

let db: TestDatabase;
let worker: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  worker = { ...db, ...createDatabase({ url: db.ownerUrl, role: 'hourly_worker', max: 8 }) };
});
afterAll(async () => {
  await expectSoundBooks(db);
  await worker.close();
  await db.drop();
});

const expectedReasons = [
  'SESSION_ALREADY_OPEN',
  'NO_OPEN_SESSION',
  'SESSION_PAUSED',
  'SESSION_ENDED',
  'INSUFFICIENT_BALANCE',
];

/** Workers that settle and seal for as long as the others are at it. */
async function withWorkers(count: number, limit: number, others: Promise<unknown>): Promise<void> {
  let isOver = false;
  const settling = Array.from({ length: count }, async () => {
    while (!isOver) {
      const { failed } = await settleSessions(worker, { limit });
      expect(failed).toEqual([]);
      await sealLedger(worker, { limit: 1000 });
    }
  });
  await others.finally(() => {
    isOver = true;
  });
  await Promise.all(settling);
}

test('many workers over many accounts charge every hour once', async () => {
  const lateHours = 30;
  const now = new Date(Date.now() - hours(lateHours + 0.5) * 1000).toISOString();
  const sessionIds = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const accountId = await createCustomer(db, { balanceCents: 60_000, now });
      const { id } = await startSession(db, { accountId, now });
      return id;
    }),
  );
  const passes = await Promise.all(
    Array.from({ length: 8 }, async () => {
      let charged = 0;
      for (let pass = 0; pass < 20; pass += 1) {
        const settled = await settleSessions(worker, { limit: 7 });
        expect(settled.failed).toEqual([]);
        charged += settled.hours;
      }
      return charged;
    }),
  );
  expect(passes.reduce((sum, charged) => sum + charged, 0)).toBe(60 * lateHours);
  const { rows } = await db.owner.query(
    `select min(s.charged)::int as least, max(s.charged)::int as most from (
       select count(distinct hour) as charged from hourly_ledger_entries
       where session_id = any ($1) and type = 'hour' group by session_id
     ) s`,
    [sessionIds],
  );
  expect(rows).toEqual([{ least: lateHours + 1, most: lateHours + 1 }]);
});

test('every call of many customers in turn, while workers settle and seal', async () => {
  const actors = actorsOn(db, worker);
  const names = Object.keys(actors);
  const stages = await Promise.all(Array.from({ length: 12 }, () => setStage(db)));
  const play = stages.map(async (stage, index) => {
    for (let n = 0; n < 2 * names.length; n += 1) {
      // Another order for each of them; 5 and 24 have no common divisor.
      const name = names[(index * 7 + n * 5) % names.length] ?? 'status';
      try {
        await actors[name]?.(stage, n);
      } catch (error) {
        expect(expectedReasons, name).toContain((error as { reason?: string }).reason);
      }
    }
  });
  await withWorkers(4, 3, Promise.all(play));
});

test('whole journeys side by side, while workers settle and seal', async () => {
  const journeys = Array.from({ length: 12 }, (_, n) => journey(db, `side_${n}`, (call) => call()));
  const done = Promise.all(journeys);
  await withWorkers(4, 3, done);
  for (const accountId of await done) await expectJourneyOnce(db, accountId);
});
