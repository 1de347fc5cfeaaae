import { createDatabase } from '@hourly/db';
import { migrate } from '@hourly/db/migrate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmptyDatabase, type EmptyDatabase } from '../migrate/empty-database.ts';
import { createStrangers } from '../support/strangers.ts';

/** A database in which another product already keeps its plans and functions of its own. */
let database: EmptyDatabase;
beforeAll(async () => {
  database = await createEmptyDatabase();
  await createStrangers(database.pool);
  await database.pool.query(`
    create table plan_pricing (plan text primary key, monthly_cents integer, inr_per_usd integer);
    insert into plan_pricing values ('monthly_pro', 4900, null);
    grant select on plan_pricing to anon;
    create function refresh_hourly_stats() returns integer language sql as 'select 1';
    create sequence hourly_visitors;
    grant usage on sequence hourly_visitors to anon;
  `);
  await migrate({ url: database.url });
});
afterAll(() => database.drop());

test('an older plan_pricing gets what is missing and keeps what it has', async () => {
  const { rows } = await database.pool.query(
    'select plan, monthly_cents, rate_cents, inr_per_usd from plan_pricing order by plan',
  );
  expect(rows).toEqual([
    { plan: 'hourly_standard', monthly_cents: null, rate_cents: 1500, inr_per_usd: 83 },
    { plan: 'monthly_pro', monthly_cents: 4900, rate_cents: null, inr_per_usd: null },
  ]);
  const { rows: settings } = await database.pool.query(
    `select relrowsecurity as secured, has_table_privilege('anon', oid, 'select') as readable
     from pg_class where oid = 'public.plan_pricing'::regclass`,
  );
  expect(settings).toEqual([{ secured: false, readable: true }]);
});

test('what others call hourly keeps its rights', async () => {
  const { rows } = await database.pool.query(
    `select has_function_privilege('anon', 'refresh_hourly_stats()', 'execute') as callable,
       has_sequence_privilege('anon', 'hourly_visitors', 'usage') as countable`,
  );
  expect(rows).toEqual([{ callable: true, countable: true }]);
});

test('the product reads its plan there', async () => {
  const db = createDatabase({ url: database.url, role: 'hourly_app' });
  try {
    const plan = await db.prisma.planPricing.findUnique({ where: { plan: 'hourly_standard' } });
    expect(plan).toMatchObject({ rateCents: 1500, topupTiersCents: [10_000, 20_000, 50_000] });
  } finally {
    await db.close();
  }
});
