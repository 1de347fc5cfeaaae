import { getWebhookEvent, settleWebhookEvent, storeWebhookEvent } from '@hourly/db';
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

/** The jobs that wait for somebody to work on them. */
const jobs = async () => {
  const { rows } = await db.owner.query(
    `select j.task_identifier as task, p.payload, p.key, round(extract(epoch from p.run_at - now()))::int as "inSeconds"
     from hourly_jobs.jobs j join hourly_jobs._private_jobs p on p.id = j.id`,
  );
  return rows;
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

test('its job comes with it, once, and after the receiver had time to do it', async () => {
  await storeWebhookEvent(db, event);
  await storeWebhookEvent(db, event);
  expect(await jobs()).toEqual([
    {
      task: 'process_webhook_event',
      payload: { eventId: 'evt_1' },
      key: 'webhook:evt_1',
      inSeconds: 30,
    },
  ]);
});

test('neither is there without the other: an event whose job fails is not stored', async () => {
  await db.owner.query('drop function hourly_jobs.add_job');
  await expect(storeWebhookEvent(db, event)).rejects.toThrow();
  await expect(getWebhookEvent(db, { eventId: 'evt_1' })).rejects.toMatchObject({
    reason: 'NOT_FOUND',
  });
});

test('what is processed needs no job, and a later error does not undo it', async () => {
  await storeWebhookEvent(db, event);
  await settleWebhookEvent(db, { eventId: event.eventId, error: null });
  expect(await jobs()).toEqual([]);
  expect(await settleWebhookEvent(db, { eventId: event.eventId, error: 'late' })).toEqual({
    processed: true,
  });
});

test('a failure is noted and leaves the job', async () => {
  await storeWebhookEvent(db, event);
  await settleWebhookEvent(db, { eventId: event.eventId, error: 'the first' });
  await settleWebhookEvent(db, { eventId: event.eventId, error: 'the second' });
  expect(await getWebhookEvent(db, { eventId: event.eventId })).toMatchObject({
    ...event,
    attempts: 2,
    lastError: 'the second',
    processedAt: null,
  });
  expect(await jobs()).toHaveLength(1);
});

test('an unknown event is NOT_FOUND', async () => {
  await expect(settleWebhookEvent(db, { eventId: 'none', error: null })).rejects.toMatchObject({
    reason: 'NOT_FOUND',
  });
});
