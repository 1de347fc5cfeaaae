import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PrismaEngine, schemaText, startPrismaEngine } from './prisma-engine.ts';

/** Checks, partial indexes, policies and triggers are nothing that a schema could say, so that Prisma looks past them. */
const noDifference = '-- This is an empty migration.';

let db: TestDatabase;
let prisma: PrismaEngine;
beforeEach(async () => {
  db = await createTestDatabase();
  prisma = await startPrismaEngine(db.ownerUrl);
});
afterEach(async () => {
  await prisma.close();
  await db.drop();
});

const difference = async (schema = schemaText()): Promise<string> =>
  (await prisma.diff(schema)).trim();

function schemaWith(from: RegExp, to: string): string {
  const changed = schemaText().replace(from, to);
  if (changed === schemaText()) throw new Error(`The schema has nothing like ${from}`);
  return changed;
}

test('schema.prisma says what the migrations have made', async () => {
  expect(await difference()).toBe(noDifference);
});

test.each([
  ['a column that only the database has', /^ +endReason .*\n/m, '', 'DROP COLUMN "end_reason"'],
  [
    'a column that only the schema has',
    /^ +endReason .*\n/m,
    '$&  mood String?\n',
    'ADD COLUMN     "mood" TEXT',
  ],
  [
    'another type',
    /^( +hoursCharged +)Int\?/m,
    '$1BigInt?',
    'ALTER COLUMN "hours_charged" SET DATA TYPE BIGINT',
  ],
  [
    'a column that may be null in only one of them',
    /^( +balanceAfterCents +)BigInt/m,
    '$1BigInt?',
    'ALTER COLUMN "balance_after_cents" DROP NOT NULL',
  ],
  [
    'a unique index',
    /^ +@@unique\(\[accountId, sessionNo\]\)\n/m,
    '',
    'DROP INDEX "hourly_usage_sessions_account_id_session_no_key"',
  ],
])('finds %s', async (_what, from, to, expected) => {
  expect(await difference(schemaWith(from, to))).toContain(expected);
});

test('finds what was changed in the database by hand', async () => {
  await db.owner.query(`
    alter table hourly_api_keys add column scope text;
    alter table hourly_payments drop column currency;
    create table hourly_notes (id integer primary key);
  `);
  const found = await difference();
  expect(found).toContain('ALTER TABLE "hourly_api_keys" DROP COLUMN "scope"');
  expect(found).toContain('ALTER TABLE "hourly_payments" ADD COLUMN     "currency" TEXT NOT NULL');
  expect(found).toContain('DROP TABLE "hourly_notes"');
});
