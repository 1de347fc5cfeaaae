import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSealLoop } from '../src/loops/seal-loop.ts';
import { memoryLog } from './support/log.ts';
import { createCustomer } from './support/sessions.ts';
import { waitUntil } from './support/wait-until.ts';

const hourMs = 3_600_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterAll(() => db.drop());

const seals = (): Promise<number> => db.prisma.ledgerSeal.count();

test('sweeps every ledger, a few at a time, and then rests for an hour', async () => {
  for (let n = 0; n < 5; n += 1) await createCustomer(db);
  const log = memoryLog();
  let nowMs = 1000;
  const loop = createSealLoop({ db, log, batchSize: 2, maxBatches: 1, now: () => nowMs });
  await loop.tick();
  expect(await seals()).toBe(2);
  await loop.tick();
  await loop.tick();
  expect(await seals()).toBe(5);
  expect(log.lines).toMatchObject([{ message: 'sealed', data: { seals: 5, entries: 5 } }]);

  await createCustomer(db);
  nowMs += hourMs - 1;
  await loop.tick();
  expect(await seals()).toBe(5);
  nowMs += 1;
  for (let n = 0; n < 4; n += 1) await loop.tick();
  expect(await seals()).toBe(6);
  await loop.stop(5000);
});

test('goes on where it was after a failure', async () => {
  const log = memoryLog();
  for (let n = 0; n < 4; n += 1) await createCustomer(db);
  const before = await seals();
  const loop = createSealLoop({ db, log, batchSize: 8, maxBatches: 1 });
  await loop.tick();
  expect(await seals()).toBe(before + 2);
  await db.owner.query('alter table hourly_ledger_seals rename to gone');
  await expect(loop.tick()).rejects.toThrow();
  await db.owner.query('alter table gone rename to hourly_ledger_seals');
  await loop.tick();
  expect(await seals()).toBe(before + 4);
  expect(log.lines.at(-1)).toMatchObject({ data: { seals: 4 } });
  await loop.stop(5000);
});

test('beside another one, each entry is sealed once', async () => {
  for (let n = 0; n < 20; n += 1) await createCustomer(db);
  const loops = [1, 2, 3].map(() =>
    createSealLoop({ db, log: memoryLog(), batchSize: 3, intervalMs: 10 }),
  );
  for (const loop of loops) loop.start();
  await waitUntil('every ledger to be sealed', async () => {
    const { rows } = await db.owner.query(
      'select sum(last_entry_no) = (select sum(entry_no) from hourly_account_balance) as done from hourly_ledger_seals',
    );
    return rows[0].done === true;
  });
  await Promise.all(loops.map((loop) => loop.stop(5000)));
  const { rows } = await db.owner.query(
    'select count(*)::int as twice from (select from hourly_ledger_seals group by account_id, last_entry_no having count(*) > 1) t',
  );
  expect(rows[0].twice).toBe(0);
});

test('a pass under way ends early when it is asked to', async () => {
  for (let n = 0; n < 6; n += 1) await createCustomer(db);
  const loop = createSealLoop({ db, log: memoryLog(), batchSize: 1, maxBatches: 1000 });
  const before = await seals();
  const ticking = loop.tick();
  expect(await loop.stop(5000)).toBe(true);
  await ticking;
  expect(await seals()).toBeLessThan(before + 6);
});
