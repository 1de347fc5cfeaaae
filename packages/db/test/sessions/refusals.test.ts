import { endSession, getSession, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours } from '../support/customer.ts';
import { generate } from '../support/generation.ts';
import { ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

describe('a refusal leaves settled what the call settled', () => {
  const now = at(hours(3), 1);
  const foreign = '00000000-0000-4000-8000-000000000000';
  test.each([
    ['start', 'SESSION_ALREADY_OPEN', (accountId: string) => startSession(db, { accountId, now })],
    [
      'toggle',
      'NOT_FOUND',
      (accountId: string) => toggleSession(db, { accountId, sessionId: foreign, now }),
    ],
    [
      'end',
      'NOT_FOUND',
      (accountId: string) => endSession(db, { accountId, sessionId: foreign, now }),
    ],
    [
      'generate',
      'NOT_FOUND',
      (accountId: string) => generate(db, { accountId, sessionId: foreign, now }),
    ],
    [
      'session',
      'NOT_FOUND',
      (accountId: string) => getSession(db, { accountId, id: foreign, now }),
    ],
  ])('%s: %s', async (_, reason, call) => {
    const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
    await startSession(db, { accountId, now: at(0) });
    await expect(call(accountId)).rejects.toMatchObject({ reason });
    // Straight from the table: nobody has settled it since.
    const charged = (await ledgerOf(db, accountId)).filter(({ type }) => type === 'hour');
    expect(charged.map(({ hour, trigger, effectiveAt }) => [hour, trigger, effectiveAt])).toEqual([
      [1, 'start', at(0)],
      [2, 'call', at(hours(1))],
      [3, 'call', at(hours(2))],
      [4, 'call', at(hours(3))],
    ]);
  });
});

describe('start', () => {
  test('needs the first charge or the plan’s minimum, whichever is more', async () => {
    for (const balanceCents of [0, 1499]) {
      const accountId = await createCustomer(db, { balanceCents });
      await expect(startSession(db, { accountId })).rejects.toMatchObject({
        reason: 'INSUFFICIENT_BALANCE',
        data: { balanceCents, requiredCents: 1500 },
      });
    }
    const accountId = await createCustomer(db, { balanceCents: 1500 });
    expect(await startSession(db, { accountId })).toMatchObject({ status: 'active' });
  });

  test('names the session that is open, active or paused', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
    const { id } = await startSession(db, { accountId, now: at(0) });
    const refused = { reason: 'SESSION_ALREADY_OPEN', data: { sessionId: id } };
    await expect(startSession(db, { accountId, now: at(1) })).rejects.toMatchObject(refused);
    await toggleSession(db, { accountId, now: at(2) });
    await expect(startSession(db, { accountId, now: at(3) })).rejects.toMatchObject(refused);
  });

  test('follows at once on a session that settling has just ended', async () => {
    const accountId = await createCustomer(db, { balanceCents: 3000, now: at(0) });
    const first = await startSession(db, { accountId, maxHours: 1, now: at(0) });
    const second = await startSession(db, { accountId, now: at(hours(1)) });
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ status: 'active', hoursCharged: 1 });
  });

  test('knows only plans with an hourly rate', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    await db.owner.query(`insert into plan_pricing (plan) values ('monthly_credits')`);
    for (const plan of ['monthly_credits', 'nothing']) {
      await expect(startSession(db, { accountId, plan })).rejects.toMatchObject({
        reason: 'INVALID_INPUT',
      });
    }
  });
});

describe('generate', () => {
  test('is refused without an open session, while paused and after the end', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
    await expect(generate(db, { accountId, now: at(0) })).rejects.toMatchObject({
      reason: 'NO_OPEN_SESSION',
    });
    const { id } = await startSession(db, { accountId, now: at(0) });
    await toggleSession(db, { accountId, now: at(1) });
    await expect(generate(db, { accountId, now: at(2) })).rejects.toMatchObject({
      reason: 'SESSION_PAUSED',
    });
    await endSession(db, { accountId, now: at(3) });
    await expect(generate(db, { accountId, sessionId: id, now: at(4) })).rejects.toMatchObject({
      reason: 'SESSION_ENDED',
    });
  });
});

test('a session keeps the prices it started at', async () => {
  const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
  await db.owner.query(
    `insert into plan_pricing select 'hourly_changing', 2000, session_minimum_hours, commitment_hours,
       minimum_topup_cents, maximum_topup_cents, topup_tiers_cents, minimum_start_balance_cents, inr_per_usd
     from plan_pricing where plan = 'hourly_standard'`,
  );
  const { id } = await startSession(db, { accountId, plan: 'hourly_changing', now: at(0) });
  await db.owner.query(`update plan_pricing set rate_cents = 9000 where plan = 'hourly_changing'`);
  expect(await getSession(db, { accountId, id, now: at(hours(2)) })).toMatchObject({
    plan: 'hourly_changing',
    rateCents: 2000,
    costCents: 4000,
  });
});
