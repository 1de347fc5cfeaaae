import {
  cancelGeneration,
  claimGenerations,
  finishGeneration,
  getGeneration,
  getStatus,
  holdGeneration,
  markGenerationRunning,
  setGenerationJob,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, minutes } from '../support/customer.ts';
import { generate } from '../support/generation.ts';
import { eventTypes } from '../support/history.ts';

// Who is to be looked after is everybody's: each test has a database of its own.
let db: TestDatabase;
let accountId: string;
beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
  accountId = await createCustomer(db, { balanceCents: 50_000 });
  await startSession(db, { accountId });
});
afterEach(() => dropWithCleanBooks(db));

const picture = { contentType: 'image/png', width: 64, height: 32, body: Buffer.from('png') };
const completed = { status: 'completed' as const, outputs: [picture, picture] };
const admitted = async () => (await generate(db, { accountId })).generation.id;
const neglect = (interval: string) =>
  db.owner.query('update hourly_generations set look_after_at = look_after_at - $1::interval', [
    interval,
  ]);
const claimed = async (leaseSeconds = 60) => {
  const { generations } = await claimGenerations(db, { limit: 10, leaseSeconds });
  return generations.map(({ id }) => id);
};

describe('a finished generation', () => {
  test('has its outputs, kept by us, and an event', async () => {
    const generationId = await admitted();
    const done = await finishGeneration(db, { generationId, result: completed });
    const url = (index: number) => `/api/hourly-usage/generations/${generationId}/outputs/${index}`;
    const { body: _, ...shown } = picture;
    expect(done).toMatchObject({
      status: 'completed',
      error: null,
      output: [
        { ...shown, url: url(0) },
        { ...shown, url: url(1) },
      ],
    });
    const { rows } = await db.pool.query('select body from hourly_generation_outputs');
    expect(rows).toEqual([{ body: picture.body }, { body: picture.body }]);
    expect((await eventTypes(db, accountId)).at(-1)).toBe('generation.completed');
  });

  test('is finished once; a later result changes nothing', async () => {
    const generationId = await admitted();
    const results = [
      completed,
      { status: 'failed' as const, code: 'X', message: 'x' },
      { status: 'cancelled' as const },
      completed,
    ];
    const answers = await Promise.all(
      results.map((result) => finishGeneration(db, { generationId, result })),
    );
    expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
    expect(await cancelGeneration(db, { accountId, id: generationId })).toEqual({
      ...answers[0],
      secondsLeft: expect.any(Number),
    });
    const finishes = (await eventTypes(db, accountId)).filter((type) => /^generation/.test(type));
    expect(finishes.length).toBe(answers[0]?.status === 'cancelled' ? 0 : 1);
  });

  test('costs nothing, whatever became of it', async () => {
    const generationId = await admitted();
    await finishGeneration(db, {
      generationId,
      result: { status: 'failed', code: 'OUT_OF_MEMORY', message: 'Too large.' },
    });
    expect(await getGeneration(db, { accountId, id: generationId })).toMatchObject({
      status: 'failed',
      output: null,
      error: { code: 'OUT_OF_MEMORY', message: 'Too large.' },
    });
    expect((await getStatus(db, { accountId })).balance.balanceCents).toBe(48_500);
  });

  test('that was completed too late keeps no outputs', async () => {
    const other = await createCustomer(db, { balanceCents: 50_000, now: at(0) });
    await startSession(db, { accountId: other, now: at(0) });
    const { generation } = await generate(db, { accountId: other, now: at(minutes(1)) });
    const late = await finishGeneration(db, { generationId: generation.id, result: completed });
    expect(late).toMatchObject({ status: 'failed', error: { code: 'TIMED_OUT' }, output: null });
    const { rows } = await db.pool.query('select from hourly_generation_outputs');
    expect(rows).toEqual([]);
  });
});

test("someone else's generation is NOT_FOUND and goes on", async () => {
  const id = await admitted();
  const stranger = await createCustomer(db);
  await expect(cancelGeneration(db, { accountId: stranger, id })).rejects.toMatchObject({
    reason: 'NOT_FOUND',
  });
  expect(await getGeneration(db, { accountId, id })).toMatchObject({ status: 'queued' });
});

test('the first job counts when two submitters raced', async () => {
  const generationId = await admitted();
  expect(await setGenerationJob(db, { generationId, jobId: 'one' })).toMatchObject({
    jobId: 'one',
  });
  expect(await setGenerationJob(db, { generationId, jobId: 'two' })).toMatchObject({
    jobId: 'one',
  });
});

test('runs once the provider has begun, and not again when it is over', async () => {
  const generationId = await admitted();
  expect(await markGenerationRunning(db, { generationId })).toMatchObject({ status: 'running' });
  await finishGeneration(db, { generationId, result: completed });
  expect(await markGenerationRunning(db, { generationId })).toMatchObject({
    status: 'completed',
  });
});

describe('looking after', () => {
  test('begins ten seconds after the request, by one worker at a time', async () => {
    const id = await admitted();
    expect(await claimed()).toEqual([]);
    await neglect('10 seconds');
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimed()));
    expect(claims.flat()).toEqual([id]);
    await neglect('61 seconds');
    expect(await claimed()).toEqual([id]);
  });

  test('is put off by whoever waits for it', async () => {
    const id = await admitted();
    await neglect('1 hour');
    await holdGeneration(db, { generationId: id, leaseSeconds: 60 });
    expect(await claimed()).toEqual([]);
  });

  test('ends when it is finished', async () => {
    const generationId = await admitted();
    await finishGeneration(db, { generationId, result: completed });
    await holdGeneration(db, { generationId, leaseSeconds: -60 });
    expect(await claimed()).toEqual([]);
  });

  test('tells how many of the 15 minutes are left', async () => {
    const id = await admitted();
    const { secondsLeft } = await getGeneration(db, { accountId, id });
    expect(secondsLeft).toBeGreaterThan(890);
    expect(secondsLeft).toBeLessThanOrEqual(900);
  });
});
