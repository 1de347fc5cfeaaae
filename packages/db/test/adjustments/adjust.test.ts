import { adjustBalance, getBalance, startSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, minutes } from '../support/customer.ts';
import { eventTypes, ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

test('a correction is a ledger row that tells its reason', async () => {
  const accountId = await createCustomer(db, { balanceCents: 20_000, now: at(0) });
  const now = at(minutes(5));
  const reason = 'Goodwill for the outage';
  expect(
    await adjustBalance(db, { accountId, type: 'adjustment', amountCents: 1500, reason, now }),
  ).toMatchObject({
    entryNo: 2,
    type: 'adjustment',
    amountCents: 1500,
    balanceAfterCents: 21_500,
    description: reason,
    effectiveAt: '2024-01-08T10:05:00.000Z',
  });
  await adjustBalance(db, { accountId, type: 'adjustment', amountCents: -500, reason, now });
  expect(await getBalance(db, { accountId, now })).toMatchObject({ balanceCents: 21_000 });
  expect(await ledgerOf(db, accountId)).toHaveLength(3);
});

test('a correction goes down to zero and no further', async () => {
  const accountId = await createCustomer(db, { balanceCents: 10_000, now: at(0) });
  const adjust = (amountCents: number) =>
    adjustBalance(db, {
      accountId,
      type: 'adjustment',
      amountCents,
      reason: 'Mistake',
      now: at(1),
    });
  await expect(adjust(-10_001)).rejects.toMatchObject({
    reason: 'INSUFFICIENT_BALANCE',
    data: { balanceCents: 10_000, requiredCents: 10_001 },
  });
  expect(await adjust(-10_000)).toMatchObject({ balanceAfterCents: 0 });
});

test.each([
  ['nothing', { type: 'adjustment', amountCents: 0, reason: 'Why not' }],
  ['a promotion that takes', { type: 'promo', amountCents: -5, reason: 'Welcome' }],
  ['no reason', { type: 'adjustment', amountCents: 5, reason: '  ' }],
] as const)('%s is refused', async (_, input) => {
  const accountId = await createCustomer(db, { balanceCents: 10_000 });
  await expect(adjustBalance(db, { accountId, ...input })).rejects.toMatchObject({
    reason: 'INVALID_INPUT',
  });
});

test('promotional money pays hours and is never refundable', async () => {
  const accountId = await createCustomer(db, { now: at(0) });
  const promo = {
    accountId,
    type: 'promo',
    amountCents: 50_000,
    reason: 'Welcome',
    now: at(0),
  } as const;
  await adjustBalance(db, promo);
  expect(await getBalance(db, { accountId, now: at(0) })).toMatchObject({
    balanceCents: 50_000,
    refundableCents: 0,
    hoursRemaining: 33,
  });
  await startSession(db, { accountId, now: at(0) });
  expect(await getBalance(db, { accountId, now: at(0) })).toMatchObject({ balanceCents: 48_500 });
});

test('the same key adjusts once, and stands for that input only', async () => {
  const accountId = await createCustomer(db, { now: at(0) });
  const request = { key: 'k', inputHash: 'h' };
  const gift = { accountId, type: 'promo', amountCents: 700, reason: 'Welcome', request } as const;
  const first = await adjustBalance(db, gift);
  expect(await adjustBalance(db, gift)).toEqual(first);
  await expect(
    adjustBalance(db, { ...gift, request: { key: 'k', inputHash: 'other' } }),
  ).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
  expect(await ledgerOf(db, accountId)).toHaveLength(1);
});

test('a correction that leaves too little for the next hour says so once, while a session is open', async () => {
  const accountId = await createCustomer(db, { balanceCents: 10_000, now: at(0) });
  const take = (cents: number) =>
    adjustBalance(db, {
      accountId,
      type: 'adjustment',
      amountCents: -cents,
      reason: 'Mistake',
      now: at(9),
    });
  await take(100);
  await startSession(db, { accountId, now: at(9) });
  await take(6900);
  expect(await eventTypes(db, accountId)).not.toContain('balance.low');
  await take(1);
  await take(1);
  expect((await eventTypes(db, accountId)).filter((type) => type === 'balance.low')).toHaveLength(
    1,
  );
});

test('a late correction does not revive a session that has run out', async () => {
  const accountId = await createCustomer(db, { balanceCents: 1500, now: at(0) });
  await startSession(db, { accountId, now: at(0) });
  const now = at(minutes(61));
  await adjustBalance(db, { accountId, type: 'promo', amountCents: 9000, reason: 'Welcome', now });
  expect(await eventTypes(db, accountId)).toContain('session.ended');
  expect(await getBalance(db, { accountId, now })).toMatchObject({ balanceCents: 9000 });
});
