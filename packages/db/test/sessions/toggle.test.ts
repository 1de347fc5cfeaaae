import { randomUUID } from 'node:crypto';
import { endSession, getSession, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours, minutes, shown } from '../support/customer.ts';
import { eventTypes } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

async function run(input: { balanceCents?: number; hourEnd?: 'pause'; maxHours?: number } = {}) {
  const { balanceCents = 50_000, ...guards } = input;
  const accountId = await createCustomer(db, { balanceCents, now: at(0) });
  const { id } = await startSession(db, { accountId, ...guards, now: at(0) });
  return { accountId, id };
}

describe('without a target', () => {
  test('pauses what runs and resumes what is paused', async () => {
    const { accountId } = await run();
    expect(await toggleSession(db, { accountId, now: at(1) })).toMatchObject({
      status: 'paused',
      pauseReason: 'user',
    });
    expect(await toggleSession(db, { accountId, now: at(2) })).toMatchObject({
      status: 'active',
      pauseReason: null,
    });
  });

  test('does nothing where settling has already paused', async () => {
    const { accountId } = await run({ hourEnd: 'pause' });
    const session = await toggleSession(db, { accountId, now: at(hours(2)) });
    expect(session).toMatchObject({ status: 'paused', pauseReason: 'hour_end', hoursCharged: 1 });
    const types = await eventTypes(db, accountId);
    expect(types.filter((type) => type === 'session.paused')).toHaveLength(1);
    // The next one finds a paused session and resumes it.
    expect(await toggleSession(db, { accountId, now: at(hours(3)) })).toMatchObject({
      status: 'active',
      hoursCharged: 2,
    });
  });

  test.each([
    { byId: false, ended: { balanceCents: 1500 }, endReason: 'insufficient_balance' },
    { byId: true, ended: { balanceCents: 1500 }, endReason: 'insufficient_balance' },
    { byId: false, ended: { maxHours: 1 }, endReason: 'max_hours' },
  ])(
    'returns the session where settling has ended it ($endReason, by id: $byId)',
    async ({ byId, ended, endReason }) => {
      const { accountId, id } = await run(ended);
      const sessionId = byId ? id : undefined;
      const session = await toggleSession(db, { accountId, sessionId, now: at(hours(2)) });
      expect(session).toMatchObject({ id, status: 'ended', endReason, endedAt: shown(hours(1)) });
    },
  );
});

describe('with a target', () => {
  test('that is reached already changes nothing', async () => {
    const { accountId } = await run();
    const active = await toggleSession(db, { accountId, to: 'active', now: at(5) });
    expect(active).toMatchObject({ status: 'active', activeSeconds: 5 });
    await toggleSession(db, { accountId, to: 'paused', now: at(6) });
    const paused = await toggleSession(db, { accountId, to: 'paused', now: at(60) });
    expect(paused).toMatchObject({ status: 'paused', activeSeconds: 6 });
    expect(await eventTypes(db, accountId)).toEqual([
      'topup.paid',
      'session.started',
      'session.hour_charged',
      'session.paused',
    ]);
  });

  test('active resumes what settling has just paused', async () => {
    const { accountId } = await run({ hourEnd: 'pause' });
    expect(await toggleSession(db, { accountId, to: 'active', now: at(hours(2)) })).toMatchObject({
      status: 'active',
      hoursCharged: 2,
      paidThrough: shown(hours(3)),
    });
  });

  test.each(['active', 'paused'] as const)(
    '%s comes too late when settling ended it',
    async (to) => {
      const bare = await run({ balanceCents: 1500 });
      await expect(
        toggleSession(db, { accountId: bare.accountId, to, now: at(hours(2)) }),
      ).rejects.toMatchObject({ reason: 'NO_OPEN_SESSION' });
      const named = await run({ balanceCents: 1500 });
      await expect(
        toggleSession(db, { ...named, sessionId: named.id, to, now: at(hours(2)) }),
      ).rejects.toMatchObject({ reason: 'SESSION_ENDED' });
      // What was settled stays settled although the call refused.
      expect(await getSession(db, named)).toMatchObject({
        endReason: 'insufficient_balance',
        endedAt: shown(hours(1)),
      });
    },
  );
});

describe('names', () => {
  test('a session is named, or the open one is meant', async () => {
    const { accountId, id } = await run();
    expect(
      await toggleSession(db, { accountId, sessionId: id, to: 'paused', now: at(1) }),
    ).toMatchObject({ id, status: 'paused' });
  });

  test.each([undefined, 'active', 'paused'] as const)(
    'an ended session is SESSION_ENDED (to: %s)',
    async (to) => {
      const { accountId, id } = await run();
      await endSession(db, { accountId, now: at(1) });
      const ended = { reason: 'SESSION_ENDED' };
      await expect(
        toggleSession(db, { accountId, sessionId: id, to, now: at(2) }),
      ).rejects.toMatchObject(ended);
      // The same while another one is open.
      const next = await startSession(db, { accountId, now: at(3) });
      await expect(
        toggleSession(db, { accountId, sessionId: id, to, now: at(4) }),
      ).rejects.toMatchObject(ended);
      expect(await getSession(db, { accountId, id: next.id, now: at(300) })).toMatchObject({
        status: 'active',
      });
    },
  );

  test('without an open session it is NO_OPEN_SESSION', async () => {
    const accountId = await createCustomer(db);
    for (const to of [undefined, 'active', 'paused'] as const) {
      await expect(toggleSession(db, { accountId, to })).rejects.toMatchObject({
        reason: 'NO_OPEN_SESSION',
      });
    }
  });

  test("someone else's session is NOT_FOUND, like one that cannot exist", async () => {
    const { accountId } = await run();
    const other = await run();
    for (const sessionId of [other.id, randomUUID(), 'x', `${other.id}0`]) {
      await expect(
        (async () => toggleSession(db, { accountId, sessionId, now: at(minutes(1)) }))(),
      ).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    }
    expect(await getSession(db, { ...other, now: at(minutes(1)) })).toMatchObject({
      status: 'active',
    });
  });
});
