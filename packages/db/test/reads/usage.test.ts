import { endSession, getUsage, startSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer } from '../support/customer.ts';
import { generate } from '../support/generation.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

/** A session of so many hours from this instant on, with a generation at its start. */
async function used(startedAt: string, hours: number): Promise<string> {
  const accountId = await createCustomer(db, { balanceCents: 200_000, now: startedAt });
  await startSession(db, { accountId, now: startedAt });
  await generate(db, { accountId, now: startedAt });
  const now = new Date(Date.parse(startedAt) + hours * 3600_000).toISOString();
  await endSession(db, { accountId, now });
  return accountId;
}

const day = (date: string, hours: number, generations = 0) => ({
  date,
  hours,
  costCents: hours * 1500,
  generations,
});

describe('an hour belongs to the day on which it became due', () => {
  test.each([
    { tz: 'UTC', days: [day('2024-02-28', 1, 1), day('2024-02-29', 24), day('2024-03-01', 1)] },
    // Half past four in the morning.
    {
      tz: 'Asia/Kolkata',
      days: [day('2024-02-28', 0), day('2024-02-29', 20, 1), day('2024-03-01', 6)],
    },
    {
      tz: 'America/New_York',
      days: [day('2024-02-28', 6, 1), day('2024-02-29', 20), day('2024-03-01', 0)],
    },
    {
      tz: 'Pacific/Kiritimati',
      days: [day('2024-02-28', 0), day('2024-02-29', 11, 1), day('2024-03-01', 15)],
    },
  ])('$tz', async ({ tz, days }) => {
    const accountId = await used('2024-02-28T23:00:00Z', 26);
    const range = { from: '2024-02-28', to: '2024-03-01' };
    expect(await getUsage(db, { accountId, ...range, tz })).toEqual({ days });
  });
});

describe('across a change of the clocks in New York', () => {
  test.each([
    { change: 'a day of 23 hours', start: '2024-03-09T05:00:00Z', hours: [24, 23, 24] },
    { change: 'a day of 25 hours', start: '2024-11-02T04:00:00Z', hours: [24, 25, 24] },
  ])('$change', async ({ start, hours }) => {
    const total = hours.reduce((sum, n) => sum + n, 0);
    const accountId = await used(start, total);
    const [from = ''] = start.split('T');
    const dates = [0, 1, 2].map((n) =>
      new Date(Date.parse(`${from}T12:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10),
    );
    const usage = await getUsage(db, {
      accountId,
      from,
      to: dates[2],
      tz: 'America/New_York',
    });
    expect(usage.days.map((d) => d.hours)).toEqual(hours);
    expect(usage.days.map((d) => d.date)).toEqual(dates);
  });
});

test('without a range it is the 30 days up to today, in the time zone asked for', async () => {
  const accountId = await createCustomer(db);
  for (const tz of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    const { days } = await getUsage(db, { accountId, tz });
    expect(days).toHaveLength(30);
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: tz }).format(new Date());
    expect(days.at(-1)?.date).toBe(today);
  }
});

describe('refuses', () => {
  test.each([
    { what: 'a time zone nobody knows', tz: 'Mars/Olympus_Mons' },
    { what: 'a range that ends before it begins', from: '2024-02-02', to: '2024-02-01', tz: 'UTC' },
    { what: 'more than 366 days', from: '2023-01-01', to: '2024-01-02', tz: 'UTC' },
    { what: 'a day that does not exist', from: '2024-02-30', to: '2024-03-01', tz: 'UTC' },
  ])('$what', async ({ what: _, ...range }) => {
    const accountId = await createCustomer(db);
    await expect(getUsage(db, { accountId, ...range })).rejects.toMatchObject({
      reason: 'INVALID_INPUT',
    });
  });

  test('not a leap year', async () => {
    const accountId = await createCustomer(db);
    const range = { from: '2024-01-01', to: '2024-12-31' };
    expect((await getUsage(db, { accountId, ...range, tz: 'UTC' })).days).toHaveLength(366);
  });
});
