import { claimWebhookEvents, settleWebhookEvent, storeWebhookEvent } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';

// The inbox is everybody's: each test has a database of its own.
let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterEach(() => dropWithCleanBooks(db));

const event = { eventId: 'evt_1', type: 'payment.captured', body: '{"raw": "as it came"}' };

const age = (interval: string) =>
  db.owner.query(
    'update hourly_webhook_events set next_attempt_at = next_attempt_at - $1::interval',
    [interval],
  );
const claimed = async () => {
  const { events } = await claimWebhookEvents(db, { limit: 10, leaseSeconds: 60 });
  return events;
};
const secondsToNext = async () => {
  const { rows } = await db.pool.query(
    `select extract(epoch from next_attempt_at - clock_timestamp())::float as seconds from hourly_webhook_events`,
  );
  return rows[0].seconds;
};

test('an event is stored once, however often it arrives', async () => {
  const stored = await Promise.all(Array.from({ length: 10 }, () => storeWebhookEvent(db, event)));
  expect(stored.filter(({ isNew }) => isNew)).toHaveLength(1);
  await settleWebhookEvent(db, { eventId: event.eventId, error: null });
  expect(await storeWebhookEvent(db, { ...event, body: 'other' })).toEqual({
    isNew: false,
    processed: true,
  });
  const { rows } = await db.pool.query('select body from hourly_webhook_events');
  expect(rows).toEqual([{ body: event.body }]);
});

test('one whose processing never ended is claimed by one worker after half a minute', async () => {
  await storeWebhookEvent(db, event);
  expect(await claimed()).toEqual([]);
  await age('30 seconds');
  const claims = await Promise.all(Array.from({ length: 8 }, claimed));
  expect(claims.flat()).toEqual([{ ...event, attempts: 0 }]);
  await age('61 seconds');
  expect(await claimed()).toHaveLength(1);
});

test('what is processed is never claimed again, and a later error does not undo it', async () => {
  await storeWebhookEvent(db, event);
  await settleWebhookEvent(db, { eventId: event.eventId, error: null });
  expect(await settleWebhookEvent(db, { eventId: event.eventId, error: 'late' })).toEqual({
    processed: true,
  });
  await age('1 year');
  expect(await claimed()).toEqual([]);
});

test('failures are tried again later and later, and end with the operator', async () => {
  await storeWebhookEvent(db, event);
  const waits: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    await settleWebhookEvent(db, { eventId: event.eventId, error: `failure ${n}` });
    waits.push(Math.round(await secondsToNext()));
  }
  expect(waits.slice(0, 5)).toEqual([30, 60, 120, 240, 480]);
  expect(Math.max(...waits)).toBe(6 * 3600);
  await settleWebhookEvent(db, { eventId: event.eventId, error: 'the last one' });
  await age('1 year');
  expect(await claimed()).toEqual([]);
});

test('an unknown event is NOT_FOUND', async () => {
  await expect(settleWebhookEvent(db, { eventId: 'none', error: null })).rejects.toMatchObject({
    reason: 'NOT_FOUND',
  });
});
