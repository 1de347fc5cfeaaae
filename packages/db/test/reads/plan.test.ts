import { getPlan } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('the plan is told as it is now', async () => {
  expect(await getPlan(db)).toEqual({
    plan: 'hourly_standard',
    rateCents: 1500,
    sessionMinimumHours: 1,
    commitmentHours: 6,
    minimumTopupCents: 10_000,
    maximumTopupCents: 1_000_000,
    topupTiersCents: [10_000, 20_000, 50_000],
    minimumStartBalanceCents: 1500,
    inrPerUsd: 83,
  });
  await db.owner.query(`update plan_pricing set rate_cents = 2000 where plan = 'hourly_standard'`);
  expect(await getPlan(db)).toMatchObject({ rateCents: 2000 });
});
