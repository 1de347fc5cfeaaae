import { getSession, getStatus, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { adjust, at, createCustomer, hours, minutes, shown } from '../support/customer.ts';
import { generate } from '../support/generation.ts';
import { eventTypes, ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

async function run(balanceCents: number) {
  const accountId = await createCustomer(db, { balanceCents, now: at(0) });
  const { id } = await startSession(db, { accountId, now: at(0) });
  return { accountId, id };
}

test('a session is paused any number of times inside one paid hour', async () => {
  const { accountId, id } = await run(1500);
  for (let n = 0; n < 5; n += 1) {
    // Ten minutes of every hour are used.
    const paused = await toggleSession(db, { accountId, to: 'paused', now: at(hours(n) + 600) });
    expect(paused).toMatchObject({
      status: 'paused',
      activeSeconds: (n + 1) * 600,
      costCents: 1500,
    });
    const resumed = await toggleSession(db, { accountId, to: 'active', now: at(hours(n + 1)) });
    expect(resumed.paidThrough).toBe(shown(hours(n + 1) + minutes(60 - 10 * (n + 1))));
  }
  const detail = await getSession(db, { accountId, id, now: at(hours(9)) });
  expect(detail).toMatchObject({
    status: 'ended',
    endReason: 'insufficient_balance',
    endedAt: shown(hours(5) + minutes(10)),
    activeSeconds: 3600,
    costCents: 1500,
  });
  expect(detail.segments).toHaveLength(6);
});

test('paused time is free, however long', async () => {
  const { accountId, id } = await run(1500);
  await toggleSession(db, { accountId, to: 'paused', now: at(60) });
  expect(await getSession(db, { accountId, id, now: at(hours(24 * 365)) })).toMatchObject({
    status: 'paused',
    pauseReason: 'user',
    activeSeconds: 60,
    costCents: 1500,
  });
});

describe('a resume when active time is exactly whole hours', () => {
  test('charges the next hour at once', async () => {
    const { accountId, id } = await run(4500);
    await toggleSession(db, { accountId, to: 'paused', now: at(hours(2)) });
    const resumed = await toggleSession(db, { accountId, to: 'active', now: at(hours(7)) });
    expect(resumed).toMatchObject({
      status: 'active',
      hoursCharged: 3,
      paidThrough: shown(hours(8)),
      activeSeconds: 7200,
    });
    expect((await ledgerOf(db, accountId)).at(-1)).toMatchObject({
      hour: 3,
      trigger: 'resume',
      effectiveAt: at(hours(7)),
      balanceAfterCents: 0,
    });
    // Paused at once: that hour is still there.
    await toggleSession(db, { accountId, to: 'paused', now: at(hours(7)) });
    const again = await toggleSession(db, { accountId, to: 'active', now: at(hours(9)) });
    expect(again).toMatchObject({ hoursCharged: 3, paidThrough: shown(hours(10)) });
    expect(await getSession(db, { accountId, id, now: at(hours(99)) })).toMatchObject({
      endedAt: shown(hours(10)),
      hoursCharged: 3,
      activeSeconds: hours(3),
    });
  });

  test.each([0, 1, 1499])('is refused with %i cents', async (leftCents) => {
    const { accountId, id } = await run(1500 + leftCents);
    await toggleSession(db, { accountId, to: 'paused', now: at(hours(1)) });
    const before = await eventTypes(db, accountId);
    await expect(
      toggleSession(db, { accountId, to: 'active', now: at(hours(2)) }),
    ).rejects.toMatchObject({
      reason: 'INSUFFICIENT_BALANCE',
      data: { balanceCents: leftCents, requiredCents: 1500 },
    });
    expect(await getSession(db, { accountId, id })).toMatchObject({ status: 'paused' });
    expect(await eventTypes(db, accountId)).toEqual(before);
  });

  test('a microsecond of paid time is enough', async () => {
    const { accountId, id } = await run(1500);
    await toggleSession(db, { accountId, to: 'paused', now: at(hours(1), -1) });
    await toggleSession(db, { accountId, to: 'active', now: at(hours(2)) });
    expect(await getSession(db, { accountId, id, now: at(hours(2), 1) })).toMatchObject({
      status: 'active',
    });
    expect(await getSession(db, { accountId, id, now: at(hours(2), 2) })).toMatchObject({
      endReason: 'insufficient_balance',
      activeSeconds: 3600,
    });
  });
});

describe('with a balance below zero', () => {
  const frozen = { reason: 'ACCOUNT_FROZEN', data: { balanceCents: -1 } };

  test('start, resume and generate are refused until it is zero again', async () => {
    const { accountId } = await run(1500);
    await toggleSession(db, { accountId, to: 'paused', now: at(60) });
    await adjust(db, accountId, -1);
    expect(await getStatus(db, { accountId, now: at(61) })).toMatchObject({
      balance: { frozen: true, balanceCents: -1, hoursRemaining: 0, refundableCents: 0 },
      session: { status: 'paused' },
    });
    const now = at(62);
    await expect(toggleSession(db, { accountId, to: 'active', now })).rejects.toMatchObject(frozen);
    await expect(generate(db, { accountId, now })).rejects.toMatchObject(frozen);
    await expect(startSession(db, { accountId, now })).rejects.toMatchObject(frozen);

    await adjust(db, accountId, 1);
    const resumed = await toggleSession(db, { accountId, to: 'active', now: at(63) });
    expect(resumed).toMatchObject({ status: 'active', hoursCharged: 1 });
  });

  test('nothing is charged and nothing is given back', async () => {
    // Made outside the product while a session runs; the paid hour itself stays paid.
    const { accountId, id } = await run(4500);
    await adjust(db, accountId, -10_000);
    expect(await getSession(db, { accountId, id, now: at(hours(50)) })).toMatchObject({
      status: 'ended',
      endReason: 'insufficient_balance',
      endedAt: shown(hours(1)),
      hoursCharged: 1,
    });
    expect((await getStatus(db, { accountId })).balance.balanceCents).toBe(-7000);
  });
});
