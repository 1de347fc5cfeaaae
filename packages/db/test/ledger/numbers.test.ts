import {
  createTopup,
  endSession,
  getSession,
  getStatus,
  settleSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advance } from '../support/advance.ts';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, createTestCustomer, hours, minutes } from '../support/customer.ts';
import { finishAt, generate } from '../support/generation.ts';
import { eventsOf, eventTypes, ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

test('entries are numbered without gaps and carry their trigger, instant and balance', async () => {
  const accountId = await createCustomer(db, { balanceCents: 20_000, now: at(0) });
  await startSession(db, { accountId, now: at(0) });
  await settleSessions(db, { limit: 10, now: at(hours(1), 1) });
  await getStatus(db, { accountId, now: at(hours(2) + 7) });
  await toggleSession(db, { accountId, to: 'paused', now: at(hours(3)) });
  await toggleSession(db, { accountId, to: 'active', now: at(hours(4), 5) });
  await endSession(db, { accountId, now: at(hours(5), 6) });

  const [topup, ...charges] = await ledgerOf(db, accountId);
  expect(topup).toMatchObject({ entryNo: 1, type: 'topup', amountCents: 20_000, hour: null });
  const hour = (n: number, trigger: string, effectiveAt: string) => ({
    entryNo: n + 1,
    type: 'hour',
    hour: n,
    amountCents: -1500,
    balanceAfterCents: 20_000 - n * 1500,
    trigger,
    effectiveAt,
  });
  expect(charges).toEqual([
    hour(1, 'start', at(0)),
    hour(2, 'settlement', at(hours(1))),
    hour(3, 'call', at(hours(2))),
    hour(4, 'resume', at(hours(4), 5)),
    hour(5, 'call', at(hours(5), 5)),
  ]);
});

test('events are numbered without gaps, charges included', async () => {
  const accountId = await createTestCustomer(db, { balanceCents: 10_000 });
  await createTopup(db, { accountId, amountCents: 10_001 });
  await startSession(db, { accountId, hourEnd: 'pause' });
  const { generation } = await generate(db, { accountId });
  await finishAt(db, generation.id, null);
  const failing = await generate(db, { accountId });
  await finishAt(db, failing.generation.id, null, 'failed');
  await advance(db, accountId, hours(1));
  await toggleSession(db, { accountId, to: 'active' });
  const cancelled = await generate(db, { accountId });
  await finishAt(db, cancelled.generation.id, null, 'cancelled');
  await endSession(db, { accountId });

  const events = await eventsOf(db, accountId);
  expect(events.map(({ no }) => no)).toEqual(events.map((_, index) => index + 1));
  expect(events.map(({ type }) => type)).toEqual([
    'topup.paid',
    'topup.failed',
    'session.started',
    'session.hour_charged',
    'generation.completed',
    'generation.failed',
    'session.paused',
    'session.resumed',
    'session.hour_charged',
    'session.ended',
  ]);
});

test('an event carries the resource as the API shows it then', async () => {
  const accountId = await createCustomer(db, { balanceCents: 10_000, now: at(0) });
  const started = await startSession(db, { accountId, now: at(0) });
  const paused = await toggleSession(db, { accountId, now: at(60) });
  const resumed = await toggleSession(db, { accountId, now: at(120) });
  const ended = await endSession(db, { accountId, now: at(180) });
  const { rows } = await db.pool.query(
    `select data from hourly_events where account_id = $1 and type like 'session.%' order by event_no`,
    [accountId],
  );
  expect(rows.map(({ data }) => data)).toEqual([started, paused, resumed, ended]);
});

describe('balance.low', () => {
  const said = async (accountId: string) =>
    (await eventTypes(db, accountId)).filter((type) => type === 'balance.low').length;

  test('is said once, with the charge after which the next hour cannot be paid', async () => {
    const accountId = await createCustomer(db, { balanceCents: 5999, now: at(0) });
    const { id } = await startSession(db, { accountId, now: at(0) });
    await getSession(db, { accountId, id, now: at(hours(1), 1) });
    expect(await said(accountId)).toBe(0);
    await getSession(db, { accountId, id, now: at(hours(2), 1) });
    expect((await eventTypes(db, accountId)).slice(-2)).toEqual([
      'session.hour_charged',
      'balance.low',
    ]);
    await toggleSession(db, { accountId, now: at(hours(2) + minutes(1)) });
    await toggleSession(db, { accountId, now: at(hours(2) + minutes(2)) });
    await getSession(db, { accountId, id, now: at(hours(9)) });
    expect(await said(accountId)).toBe(1);
    expect((await eventTypes(db, accountId)).at(-1)).toBe('session.ended');
  });

  test('is said at a start that takes the last hour, and its data is the balance', async () => {
    const accountId = await createCustomer(db, { balanceCents: 1500, now: at(0) });
    await startSession(db, { accountId, now: at(0) });
    expect(await said(accountId)).toBe(1);
    const { rows } = await db.pool.query(
      `select data from hourly_events where account_id = $1 and type = 'balance.low'`,
      [accountId],
    );
    expect(rows[0].data).toMatchObject({ balanceCents: 0, hoursRemaining: 0, currency: 'USD' });
  });

  test('is said again after a top-up was used up', async () => {
    const accountId = await createTestCustomer(db, { balanceCents: 1500 });
    await startSession(db, { accountId });
    await createTopup(db, { accountId, amountCents: 10_000 });
    await advance(db, accountId, hours(20));
    expect(await said(accountId)).toBe(2);
  });

  test('is said at a resume that takes the last hour', async () => {
    const accountId = await createCustomer(db, { balanceCents: 3000, now: at(0) });
    await startSession(db, { accountId, hourEnd: 'pause', now: at(0) });
    await toggleSession(db, { accountId, to: 'active', now: at(hours(3)) });
    expect(await eventTypes(db, accountId)).toEqual([
      'topup.paid',
      'session.started',
      'session.hour_charged',
      'session.paused',
      'session.resumed',
      'session.hour_charged',
      'balance.low',
    ]);
  });
});
