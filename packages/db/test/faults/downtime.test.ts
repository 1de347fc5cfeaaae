import { getStatus, type Settlement, startSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCustomer, hours } from '../support/customer.ts';
import { injected } from '../support/faults.ts';
import { settleAll } from '../support/settle-all.ts';
import { expectSoundBooks } from '../support/sound.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterEach(() => db.drop());

const rateCents = 1500;
const workerCount = 4;
const batchSize = 25;
const mostHoursOfAccount = 24;
const mostHoursOfPass = 2000;

/** Customers whose sessions nobody has looked at for so many hours; every fifth runs out on the way. */
async function neglected(count: number, lateHours: number): Promise<Map<string, number>> {
  const now = new Date(Date.now() - hours(lateHours) * 1000 - 60_000).toISOString();
  const expected = new Map<string, number>();
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const paidHours = n % 5 === 0 ? 7 + n : lateHours + 10;
      const accountId = await createCustomer(db, { balanceCents: paidHours * rateCents, now });
      await startSession(db, { accountId, now });
      expected.set(accountId, Math.min(paidHours, lateHours + 1));
    }),
  );
  return expected;
}

async function chargedHours(): Promise<Map<string, number>> {
  const { rows } = await db.owner.query<{ id: string; hours: number }>(
    "select account_id::text as id, count(*)::int as hours from hourly_ledger_entries where type = 'hour' group by 1",
  );
  return new Map(rows.map(({ id, hours }) => [id, hours]));
}

/** Several workers at once, until nothing is left that they can do: their passes. */
async function catchUp(): Promise<Settlement[]> {
  const work = Array.from({ length: workerCount }, () => settleAll(db, batchSize));
  return (await Promise.all(work)).flat();
}

test('days of downtime are caught up by several workers in small passes, while customers call', async (context) => {
  const expected = await neglected(60, 100);
  injected(context, 'account neglected for 100 hours', expected.size);
  const callers = [...expected.keys()].filter((_, n) => n % 10 === 0);
  const [passes] = await Promise.all([
    catchUp(),
    ...callers.map((accountId) => getStatus(db, { accountId })),
  ]);
  for (const pass of passes) {
    expect(pass.failed).toEqual([]);
    expect(pass.accounts).toBeLessThanOrEqual(batchSize);
    expect(pass.hours).toBeLessThanOrEqual(
      Math.min(mostHoursOfPass, pass.accounts * mostHoursOfAccount),
    );
  }
  expect(await chargedHours()).toEqual(expected);
  await expectSoundBooks(db);
});

test('accounts that cannot be settled are named, hold up nobody, and are caught up once they can', async (context) => {
  const expected = await neglected(30, 30);
  const broken = [...expected.keys()].slice(3, 6);
  // Half of what is charged to them is written before it fails.
  await db.owner.query(`
    create function break_down() returns trigger language plpgsql as $$
    begin
      raise 'broken down at hour %', new.hour;
    end
    $$;
    create trigger break_down after insert on hourly_ledger_entries for each row
      when (new.account_id in (${broken.join(', ')}) and new.hour = 4) execute function break_down();
  `);
  injected(context, 'account that cannot be settled', broken.length);
  const failed = (await catchUp()).flatMap((pass) => pass.failed);
  expect(new Set(failed.map(({ accountId }) => accountId))).toEqual(new Set(broken));
  expect(new Set(failed.map(({ error }) => error))).toEqual(new Set(['broken down at hour 4']));
  const held = new Map(broken.map((accountId) => [accountId, 1]));
  expect(await chargedHours()).toEqual(new Map([...expected, ...held]));
  await expectSoundBooks(db);

  await db.owner.query('drop trigger break_down on hourly_ledger_entries');
  await catchUp();
  expect(await chargedHours()).toEqual(expected);
  await expectSoundBooks(db);
});
