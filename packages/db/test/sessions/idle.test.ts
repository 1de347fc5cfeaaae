import { cancelGeneration, endSession, getSession, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours, minutes } from '../support/customer.ts';
import { finishAt, generate } from '../support/generation.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

/** A session that started at 0 s and pauses when it was idle for 10 minutes. */
async function run() {
  const accountId = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
  const { id } = await startSession(db, { accountId, autoPauseMinutes: 10, now: at(0) });
  return { accountId, id };
}

async function generateAt(accountId: string, now: string): Promise<string> {
  return (await generate(db, { accountId, now })).generation.id;
}

/** Active until a microsecond before that instant, then paused as idle with this much active time. */
async function expectIdleAt(
  session: { accountId: string; id: string },
  seconds: number,
  { micros = 0, activeSeconds = seconds }: { micros?: number; activeSeconds?: number } = {},
) {
  const before = await getSession(db, { ...session, now: at(seconds, micros - 1) });
  expect(before).toMatchObject({ status: 'active' });
  const paused = {
    status: 'paused',
    pauseReason: 'idle',
    activeSeconds: activeSeconds + micros / 1e6,
  };
  expect(await getSession(db, { ...session, now: at(seconds, micros) })).toMatchObject(paused);
  expect(await getSession(db, { ...session, now: at(hours(9)) })).toMatchObject(paused);
}

test('counts from the start', async () => {
  await expectIdleAt(await run(), minutes(10));
});

test('counts from a resume', async () => {
  const session = await run();
  await toggleSession(db, { ...session, to: 'paused', now: at(minutes(5)) });
  await toggleSession(db, { ...session, to: 'active', now: at(hours(2)) });
  await expectIdleAt(session, hours(2) + minutes(10), { activeSeconds: minutes(15) });
});

test('a toggle that changes nothing is no activity', async () => {
  const session = await run();
  await toggleSession(db, { ...session, to: 'active', now: at(minutes(5)) });
  await expectIdleAt(session, minutes(10));
});

test('counts from the completion of a generation', async () => {
  const session = await run();
  const generation = await generateAt(session.accountId, at(minutes(3)));
  await finishAt(db, generation, at(minutes(7), 1));
  await expectIdleAt(session, minutes(17), { micros: 1 });
});

test.each(['failed', 'cancelled'] as const)('counts from a generation that %s', async (status) => {
  const session = await run();
  const generation = await generateAt(session.accountId, at(minutes(3)));
  await finishAt(db, generation, at(minutes(4)), status);
  await expectIdleAt(session, minutes(14));
});

test('counts from a cancellation by the customer', async () => {
  const { accountId, id } = await run();
  const generation = await generateAt(accountId, at(minutes(3)));
  await cancelGeneration(db, { accountId, id: generation, now: at(minutes(6)) });
  await expectIdleAt({ accountId, id }, minutes(16));
});

test('an unfinished generation is busy for 15 minutes and no longer', async () => {
  const session = await run();
  await generateAt(session.accountId, at(minutes(3)));
  await expectIdleAt(session, minutes(3 + 15 + 10));
});

test.each([
  { when: '1 µs before its deadline', micros: -1, status: 'completed' },
  { when: 'at its deadline', micros: 0, status: 'failed' },
  { when: '1 µs after its deadline', micros: 1, status: 'failed' },
])('a generation completed $when is $status', async ({ micros, status }) => {
  const session = await run();
  const generation = await generateAt(session.accountId, at(0));
  const finished = await finishAt(db, generation, at(minutes(15), micros));
  expect(finished.status).toBe(status);
  expect(finished.error?.code ?? null).toBe(status === 'failed' ? 'TIMED_OUT' : null);
  await expectIdleAt(session, minutes(25), { micros: Math.min(micros, 0) });
});

test('a timeout that is noticed late is no activity of then', async () => {
  const session = await run();
  const generation = await generateAt(session.accountId, at(0));
  await finishAt(db, generation, at(minutes(24)), 'failed');
  await expectIdleAt(session, minutes(25));
});

test('of two generations at once, the one that is busy longer counts', async () => {
  const session = await run();
  const first = await generateAt(session.accountId, at(0));
  const second = await generateAt(session.accountId, at(minutes(5)));
  // The later one is finished first; the earlier one stays busy until its own deadline.
  await finishAt(db, second, at(minutes(6)));
  expect(await getSession(db, { ...session, now: at(minutes(25), -1) })).toMatchObject({
    status: 'active',
  });
  const other = await run();
  const third = await generateAt(other.accountId, at(0));
  await generateAt(other.accountId, at(minutes(5)));
  await finishAt(db, third, at(minutes(6)));
  await expectIdleAt(other, minutes(5 + 15 + 10));

  await finishAt(db, first, at(minutes(25), -1));
  await expectIdleAt(session, minutes(25));
});

test('a generation of an ended session is no activity of the next one', async () => {
  const { accountId } = await run();
  const generation = await generateAt(accountId, at(minutes(1)));
  await endSession(db, { accountId, now: at(minutes(2)) });
  const { id } = await startSession(db, { accountId, autoPauseMinutes: 10, now: at(minutes(3)) });
  await finishAt(db, generation, at(minutes(5)));
  await expectIdleAt({ accountId, id }, minutes(13), { activeSeconds: minutes(10) });
});

test('nor does it keep the next one busy', async () => {
  const { accountId } = await run();
  await generateAt(accountId, at(minutes(1)));
  await endSession(db, { accountId, now: at(minutes(2)) });
  const { id } = await startSession(db, { accountId, autoPauseMinutes: 10, now: at(minutes(3)) });
  const generation = await generateAt(accountId, at(minutes(4)));
  await finishAt(db, generation, at(minutes(5)));
  await expectIdleAt({ accountId, id }, minutes(15), { activeSeconds: minutes(12) });
});

test('replays and refused requests are no activity', async () => {
  const session = await run();
  const { accountId } = session;
  const request = { key: 'lighthouse', inputHash: 'a' };
  const { generation } = await generate(db, { accountId, request, now: at(minutes(1)) });
  await finishAt(db, generation.id, at(minutes(2)));
  const replayed = await generate(db, { accountId, request, now: at(minutes(8)) });
  expect(replayed).toMatchObject({ admitted: false, generation: { id: generation.id } });
  const reused = { key: 'lighthouse', inputHash: 'b' };
  await expect(
    generate(db, { accountId, request: reused, now: at(minutes(9)) }),
  ).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
  await expect(startSession(db, { accountId, now: at(minutes(9)) })).rejects.toMatchObject({
    reason: 'SESSION_ALREADY_OPEN',
  });
  await expectIdleAt(session, minutes(12));
});

test('may finish while paused; the resume counts then', async () => {
  const session = await run();
  const generation = await generateAt(session.accountId, at(minutes(1)));
  await toggleSession(db, { ...session, to: 'paused', now: at(minutes(2)) });
  expect(await finishAt(db, generation, at(minutes(4)))).toMatchObject({ status: 'completed' });
  await toggleSession(db, { ...session, to: 'active', now: at(minutes(5)) });
  await expectIdleAt(session, minutes(15), { activeSeconds: minutes(12) });
});

test('still busy at a resume: idle counts from the end of being busy', async () => {
  const session = await run();
  await generateAt(session.accountId, at(minutes(1)));
  await toggleSession(db, { ...session, to: 'paused', now: at(minutes(2)) });
  await toggleSession(db, { ...session, to: 'active', now: at(minutes(3)) });
  await expectIdleAt(session, minutes(26), { activeSeconds: minutes(25) });
});

test('a generation at the instant of an idle pause comes too late', async () => {
  const { accountId } = await run();
  await expect(generate(db, { accountId, now: at(minutes(10)) })).rejects.toMatchObject({
    reason: 'SESSION_PAUSED',
  });
});
