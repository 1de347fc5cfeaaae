import { admitGeneration, type GenerationRecord, getGeneration } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGenerationLoop } from '../src/loops/generation-loop.ts';
import { memoryLog } from './support/log.ts';
import { sessionOpenFor } from './support/sessions.ts';
import { type StandIns, startStandIns } from './support/stand-ins.ts';
import { waitUntil } from './support/wait-until.ts';

let db: TestDatabase;
let standIns: StandIns;

beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterEach(async () => {
  await standIns.sandbox.stop();
  await db.drop();
});

/** Admitted, and then nobody waits for it: the call that did is gone. */
async function abandonedGeneration(prompt = 'a lighthouse'): Promise<GenerationRecord> {
  const { accountId } = await sessionOpenFor(db, 60);
  const { generation } = await admitGeneration(db, {
    accountId,
    prompt,
    model: 'flux-schnell',
    params: { width: 64, height: 64 },
  });
  await nobodyLooks();
  return generation;
}

const nobodyLooks = () =>
  db.owner.query(
    "update hourly_generations set look_after_at = clock_timestamp() - interval '1 second' where completed_at is null",
  );

const current = ({ accountId, id }: GenerationRecord) => getGeneration(db, { accountId, id });

const finished = (generation: GenerationRecord, tick: () => Promise<void>) =>
  waitUntil('the generation to finish', async () => {
    await nobodyLooks();
    await tick();
    const now = await current(generation);
    return now.completedAt !== null && now;
  });

test('a generation that nobody waits for is submitted, followed and stored', async () => {
  standIns = await startStandIns(db, { generationMs: 100 });
  const generation = await abandonedGeneration();
  const loop = createGenerationLoop({ ctx: standIns.ctx, log: memoryLog() });
  await loop.tick();
  expect((await current(generation)).jobId).not.toBeNull();
  const done = await finished(generation, () => loop.tick());
  expect(done).toMatchObject({ status: 'completed', error: null });
  expect(await db.prisma.generationOutput.count({ where: { generationId: generation.id } })).toBe(
    1,
  );
});

test('two workers submit it once', async () => {
  standIns = await startStandIns(db, { generationMs: 100 });
  const generation = await abandonedGeneration();
  const loops = [1, 2].map(() => createGenerationLoop({ ctx: standIns.ctx, log: memoryLog() }));
  await Promise.all(loops.map((loop) => loop.tick()));
  const { jobId } = await current(generation);
  expect(jobId).not.toBeNull();
  const done = await finished(generation, async () => {
    await Promise.all(loops.map((loop) => loop.tick()));
  });
  expect(done).toMatchObject({ status: 'completed', jobId });
});

test('after 15 minutes it fails as timed out, and its job is given up', async () => {
  standIns = await startStandIns(db, { generationMs: 60_000 });
  const generation = await abandonedGeneration();
  const loop = createGenerationLoop({ ctx: standIns.ctx, log: memoryLog() });
  await loop.tick();
  const { jobId } = await current(generation);
  await db.owner.query(
    "update hourly_generations set created_at = created_at - interval '15 minutes' where id = $1",
    [generation.id],
  );
  const done = await finished(generation, () => loop.tick());
  expect(done.status).toBe('failed');
  expect(done.error?.code).toBe('TIMED_OUT');
  expect(await standIns.ctx.generator.poll(jobId ?? '')).toEqual({ state: 'cancelled' });
});

test('one that was never submitted fails at its deadline, too', async () => {
  standIns = await startStandIns(db);
  const generation = await abandonedGeneration();
  await db.owner.query(
    "update hourly_generations set created_at = created_at - interval '16 minutes' where id = $1",
    [generation.id],
  );
  const loop = createGenerationLoop({ ctx: standIns.ctx, log: memoryLog() });
  await loop.tick();
  expect(await current(generation)).toMatchObject({ status: 'failed', jobId: null });
});

test('a provider that is away fails no generation: it is looked after again later', async () => {
  standIns = await startStandIns(db, { generationMs: 100 });
  const generation = await abandonedGeneration();
  const loop = createGenerationLoop({ ctx: standIns.ctx, log: memoryLog() });
  await standIns.lever('/faults', { runpod: { status: 503, times: 1 } });
  await loop.tick();
  expect(await current(generation)).toMatchObject({ status: 'queued', jobId: null });
  expect(standIns.log.lines.some(({ level }) => level === 'warn')).toBe(true);
  expect(await finished(generation, () => loop.tick())).toMatchObject({ status: 'completed' });
});
