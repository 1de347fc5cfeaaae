import { randomUUID } from 'node:crypto';
import { endSession, getSession, getStatus, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours, minutes, shown } from '../support/customer.ts';
import { finishAt, generate } from '../support/generation.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

async function run(balanceCents = 50_000) {
  const accountId = await createCustomer(db, { balanceCents, now: at(0) });
  const { id } = await startSession(db, { accountId, now: at(0) });
  return { accountId, id };
}

test('settles, closes and returns the session', async () => {
  const { accountId, id } = await run();
  expect(await endSession(db, { accountId, now: at(minutes(150), 1) })).toMatchObject({
    id,
    status: 'ended',
    endReason: 'user',
    pauseReason: null,
    paidThrough: null,
    hoursCharged: 3,
    costCents: 4500,
    activeSeconds: 9000.000001,
  });
  expect((await getStatus(db, { accountId })).session).toBeNull();
});

test('ends a paused session at the end’s own instant, its paused time free', async () => {
  const { accountId } = await run();
  await toggleSession(db, { accountId, to: 'paused', now: at(60) });
  expect(await endSession(db, { accountId, endReason: 'operator', now: at(600) })).toMatchObject({
    endReason: 'operator',
    endedAt: shown(600),
    pauseReason: null,
    activeSeconds: 60,
  });
});

test('at the instant of the start it still costs the first hour', async () => {
  const { accountId } = await run();
  expect(await endSession(db, { accountId, now: at(0) })).toMatchObject({
    activeSeconds: 0,
    costCents: 1500,
    hoursCharged: 1,
  });
});

test.each([true, false])(
  'returns the session that settling just ended (by id: %s)',
  async (byId) => {
    const { accountId, id } = await run(1500);
    const sessionId = byId ? id : undefined;
    expect(await endSession(db, { accountId, sessionId, now: at(hours(5)) })).toMatchObject({
      id,
      endReason: 'insufficient_balance',
      endedAt: shown(hours(1)),
    });
  },
);

test('a session that is named and over is returned as it is', async () => {
  const { accountId, id } = await run();
  const ended = await endSession(db, { accountId, now: at(60) });
  const again = await endSession(db, { accountId, sessionId: id, now: at(120) });
  expect(again).toEqual({ ...ended, serverTime: shown(120) });

  // Beside one that is open, which stays open.
  const next = await startSession(db, { accountId, now: at(180) });
  await endSession(db, { accountId, sessionId: id, now: at(240) });
  expect(await getSession(db, { accountId, id: next.id, now: at(300) })).toMatchObject({
    status: 'active',
  });
});

test('without an open session it is NO_OPEN_SESSION', async () => {
  const { accountId } = await run();
  await endSession(db, { accountId, now: at(60) });
  await expect(endSession(db, { accountId, now: at(61) })).rejects.toMatchObject({
    reason: 'NO_OPEN_SESSION',
  });
});

test("someone else's session is NOT_FOUND", async () => {
  const { accountId } = await run();
  const other = await run();
  for (const sessionId of [other.id, randomUUID(), 'nonsense']) {
    await expect(
      (async () => endSession(db, { accountId, sessionId, now: at(60) }))(),
    ).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  }
});

test('what was admitted in time may finish afterwards', async () => {
  const { accountId, id } = await run();
  const { generation } = await generate(db, { accountId, now: at(60) });
  await endSession(db, { accountId, now: at(61) });
  expect(await finishAt(db, generation.id, at(90))).toMatchObject({
    status: 'completed',
    sessionId: id,
    completedAt: shown(90),
  });
  expect(await getSession(db, { accountId, id })).toMatchObject({ generationCount: 1 });
});

test('sessions follow one another, each with its own hours', async () => {
  const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
  for (let n = 0; n < 3; n += 1) {
    await startSession(db, { accountId, now: at(n * 60) });
    await endSession(db, { accountId, now: at(n * 60 + 30) });
  }
  expect((await getStatus(db, { accountId })).balance).toMatchObject({
    balanceCents: 50_000 - 3 * 1500,
    commitment: { hours: 6, hoursUsed: 3, remainingCents: 4500 },
  });
});
