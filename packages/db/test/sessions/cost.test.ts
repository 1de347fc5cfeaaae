import { endSession, getBalance, getSession, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours, minutes, shown } from '../support/customer.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

/** Starts at 0 s; each mark toggles; ends at the last one. Returns what it came to. */
async function run(marks: readonly [number, number?][]) {
  const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
  const { id } = await startSession(db, { accountId, now: at(0) });
  for (const [index, [seconds, micros]] of marks.entries()) {
    const now = at(seconds, micros);
    if (index === marks.length - 1) await endSession(db, { accountId, now });
    else await toggleSession(db, { accountId, to: index % 2 ? 'active' : 'paused', now });
  }
  const session = await getSession(db, { accountId, id });
  const balance = await getBalance(db, { accountId });
  expect(balance.balanceCents).toBe(50_000 - session.costCents);
  return session;
}

describe('what a session costs', () => {
  test.each([
    { used: '5 minutes', marks: [[minutes(5)]], cents: 1500 },
    { used: '1 h 30 min', marks: [[minutes(90)]], cents: 3000 },
    { used: '2 h 30 min', marks: [[minutes(150)]], cents: 4500 },
    { used: '1 h active, 5 h paused', marks: [[hours(1)], [hours(6)]], cents: 1500 },
    { used: '1 h − 1 µs', marks: [[hours(1), -1]], cents: 1500 },
    { used: '1 h', marks: [[hours(1)]], cents: 1500 },
    { used: '1 h + 1 µs', marks: [[hours(1), 1]], cents: 3000 },
    { used: '2 h − 1 µs', marks: [[hours(2), -1]], cents: 3000 },
    { used: '2 h', marks: [[hours(2)]], cents: 3000 },
    { used: '2 h + 1 µs', marks: [[hours(2), 1]], cents: 4500 },
  ] as { used: string; marks: [number, number?][]; cents: number }[])(
    '$used costs $cents cents',
    async ({ marks, cents }) => {
      const session = await run(marks);
      expect(session.costCents).toBe(cents);
      expect(session.status).toBe('ended');
      expect(session.charges).toHaveLength(cents / 1500);
    },
  );

  test('20 minutes used, paused, resumed: 40 minutes are still paid for', async () => {
    const atTheHour = await run([[minutes(20)], [minutes(120)], [minutes(160)]]);
    expect(atTheHour).toMatchObject({ costCents: 1500, activeSeconds: 3600 });
    const justAfter = await run([[minutes(20)], [minutes(120)], [minutes(160), 1]]);
    expect(justAfter).toMatchObject({ costCents: 3000, activeSeconds: 3600.000001 });
  });

  test('a resume with no paid time left charges the next hour at once', async () => {
    const session = await run([[hours(1)], [hours(5)], [hours(5)]]);
    expect(session).toMatchObject({ costCents: 3000, activeSeconds: 3600 });
    expect(session.charges[1]).toMatchObject({
      hour: 2,
      trigger: 'resume',
      dueAt: shown(hours(5)),
    });
  });
});
