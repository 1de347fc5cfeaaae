import { type Database, settleSessions } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { injected } from '../support/faults.ts';
import { holdUp, type Middle, middles } from '../support/hold.ts';
import { type Overdue, overdueSessions, standingOf } from '../support/overdue.ts';
import { settleAll } from '../support/settle-all.ts';
import { expectSoundBooks, fingerprint } from '../support/sound.ts';
import { limitStatements } from '../support/statement-limit.ts';

const customers = 12;
let db: TestDatabase;
let limited: Database;
let overdue: Overdue[];

beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  limited = limitStatements(db, 'hourly_worker', 500);
});
// Those of the tests before are settled and not due again for half an hour.
beforeEach(async () => {
  overdue = await overdueSessions(db, customers);
});
afterAll(async () => {
  await limited.close();
  await db.drop();
});

interface Fault {
  kind: string;
  settler: () => Database;
  /** Without, it ends by itself. */
  end?: (pid: number) => Promise<unknown>;
  code: string;
}

const faults: Fault[] = [
  {
    kind: 'connection of a settlement terminated',
    settler: () => db,
    end: (pid) => db.owner.query('select pg_terminate_backend($1, 5000)', [pid]),
    code: '57P01',
  },
  {
    kind: 'settlement cancelled',
    settler: () => db,
    end: (pid) => db.owner.query('select pg_cancel_backend($1)', [pid]),
    code: '57014',
  },
  {
    kind: 'settlement over the limit of a statement',
    settler: () => limited,
    code: '57014',
  },
];

describe.each(Object.keys(middles) as Middle[])('while %s', (middle) => {
  test.for(faults)(
    '$kind: nothing is half done, and the next pass does it all',
    async (fault, context) => {
      const before = await fingerprint(db);
      const held = await holdUp(db, middle);
      const settling = settleSessions(fault.settler(), { limit: 100 });
      const failed = expect(settling).rejects.toMatchObject({
        reason: 'INTERNAL',
        cause: { code: fault.code },
      });
      if (fault.end !== undefined) {
        const [pid = 0] = await held.stuck();
        await fault.end(pid);
      }
      injected(context, fault.kind);
      await failed;
      expect(await fingerprint(db)).toEqual(before);

      await held.letGo();
      await settleAll(db);
      expect(await standingOf(db, overdue)).toEqual(overdue);
      await expectSoundBooks(db);
    },
  );
});

test('one of several workers is ended: the others go on, and its accounts wait for the next pass', async (context) => {
  const held = await holdUp(db, 'its accounts are locked');
  const passes = Array.from({ length: 3 }, () => settleSessions(db, { limit: 4 }));
  const outcomes = Promise.allSettled(passes);
  const [pid] = await held.stuck(3);
  await db.owner.query('select pg_terminate_backend($1, 5000)', [pid]);
  injected(context, 'connection of a settlement terminated');
  await held.letGo();
  expect((await outcomes).map(({ status }) => status).sort()).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
  ]);
  await settleAll(db);
  expect(await standingOf(db, overdue)).toEqual(overdue);
  await expectSoundBooks(db);
});
