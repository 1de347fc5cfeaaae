import type { Generation, Page } from '@hourly/contract';
import { finishGenerations } from '@hourly/services';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Customer,
  fundedLiveCustomer,
  fundedTestCustomer,
  lever,
  refusal,
  testCustomer,
} from './support/customer.ts';
import { waitFor } from './support/wait-for.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ generationMs: 400, generationTimeoutMs: 1_000 });
});
afterAll(() => world?.stop());
afterEach(() => fetch(`${world.sandbox.url}/_sandbox/faults`, { method: 'DELETE' }));

async function atWork(customer: Customer): Promise<Customer> {
  const { status } = await customer.post('/start');
  if (status !== 200) throw new Error(`start answered ${status}`);
  return customer;
}
const liveAtWork = async () => atWork(await fundedLiveCustomer(world));
const testAtWork = async () => atWork(await fundedTestCustomer(world));

const finished = (customer: Customer, id: string): Promise<Generation> =>
  waitFor(async () => {
    await finishGenerations(world.ctx, { limit: 10 });
    const { body } = await customer.get<Generation>(`/generations/${id}`);
    return body.completedAt === null ? null : body;
  });

const sinceNow = (id: string, change: string) =>
  world.db.owner.query(`update hourly_generations set ${change} where id = $1`, [id]);

describe('in test mode', () => {
  it('is finished at once with a sample, and never reaches the provider', async () => {
    const customer = await testAtWork();
    await lever(world, '/faults', { runpod: { status: 500, times: 10 } });
    const { body } = await customer.post<Generation>('/generate', {
      prompt: 'a cat',
      params: { count: 2 },
    });
    expect(body).toMatchObject({
      status: 'completed',
      prompt: 'a cat',
      model: 'flux-schnell',
      params: { count: 2 },
      output: [{ contentType: 'image/png' }, { contentType: 'image/png' }],
      error: null,
    });
    expect(body.output?.[0]?.url).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/api\/hourly-usage\/generations\//,
    );
    for (const hidden of ['accountId', 'jobId', 'mode', 'secondsLeft']) {
      expect(body).not.toHaveProperty(hidden);
    }

    // As a browser's picture element asks: with the cookie alone.
    const { cookie = '' } = customer.headers;
    const picture = await fetch(body.output?.[1]?.url ?? '', { headers: { cookie } });
    expect(picture.status).toBe(200);
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': expect.stringMatching(/private.*immutable/),
    });
    expect(Buffer.from(await picture.arrayBuffer()).toString('latin1', 1, 4)).toBe('PNG');
  });

  it('fails when the prompt asks for it', async () => {
    const customer = await testAtWork();
    const { status, body } = await customer.post<Generation>('/generate', {
      prompt: 'a [fail] cat',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'failed', output: null, error: { code: 'TEST_FAILURE' } });
  });

  it('is refused outside of an active session, and of a model that is not offered', async () => {
    const idle = await fundedTestCustomer(world);
    expect(refusal(await idle.post('/generate', { prompt: 'x' })).reason).toBe('NO_OPEN_SESSION');
    const customer = await testAtWork();
    const model = await customer.post('/generate', { prompt: 'x', model: 'gpt' });
    expect(model.body).toMatchObject({ reason: 'INVALID_INPUT', issues: [{ path: ['model'] }] });
    const params = await customer.post('/generate', {
      prompt: 'x',
      params: { webhook: 'http://x' },
    });
    expect(params.body).toMatchObject({ reason: 'INVALID_INPUT' });
    expect(refusal(await customer.post('/generate', { prompt: '  ' })).reason).toBe(
      'INVALID_INPUT',
    );
    expect(refusal(await customer.post('/generate', { prompt: 'a\u0000b' })).reason).toBe(
      'INVALID_INPUT',
    );
    await customer.post('/toggle', { to: 'paused' });
    const paused = await customer.post('/generate', { prompt: 'x' });
    expect([paused.status, refusal(paused).reason]).toEqual([409, 'SESSION_PAUSED']);
  });

  it('keeps half of a surrogate pair as a character', async () => {
    const customer = await testAtWork();
    const asked = { prompt: 'half \ud83d', params: { negativePrompt: '\ude00' } };
    const { status, body } = await customer.post<Generation>('/generate', asked);
    expect(status).toBe(200);
    expect(body.prompt).toBe('half \ufffd');
  });

  it('is shown to its owner alone', async () => {
    const owner = await testAtWork();
    const { body } = await owner.post<Generation>('/generate', { prompt: 'mine' });
    const stranger = testCustomer(world);
    const path = new URL(body.output?.[0]?.url ?? '').pathname;
    for (const answer of [
      await stranger.get(`/generations/${body.id}`),
      await stranger.post(`/generations/${body.id}/cancel`),
      await stranger.get(`${path.slice('/api/hourly-usage'.length)}?mode=test`),
      await owner.get(`/generations/${body.id}/outputs/7`),
      await owner.get(`/generations/${body.id}/outputs/x`),
      await owner.get('/generations/x/outputs/0'),
    ]) {
      expect([answer.status, refusal(answer).reason]).toEqual([404, 'NOT_FOUND']);
    }
    const nobody = await fetch(body.output?.[0]?.url ?? '');
    expect(nobody.status).toBe(401);
  });
});

describe('in live mode', () => {
  it('waits for the provider and keeps its pictures', async () => {
    const customer = await liveAtWork();
    const { body } = await customer.post<Generation>('/generate', {
      prompt: 'a lighthouse',
      model: 'sdxl',
      params: { width: 128, height: 64, seed: 7 },
    });
    expect(body).toMatchObject({
      status: 'completed',
      model: 'sdxl',
      output: [{ contentType: 'image/png', width: 128, height: 64 }],
    });
    const picture = await fetch(body.output?.[0]?.url ?? '', { headers: customer.headers });
    expect(picture.status).toBe(200);
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(100);
    const list = await customer.get<Page<Generation>>('/generations');
    expect(list.body.items).toMatchObject([{ id: body.id, status: 'completed' }]);
  });

  it('returns unfinished when the wait is over; the worker finishes it', async () => {
    const customer = await liveAtWork();
    const { body } = await customer.post<Generation>('/generate', {
      prompt: 'later',
      waitSeconds: 0,
    });
    expect(body).toMatchObject({ status: 'queued', output: null, completedAt: null });
    expect(await finished(customer, body.id)).toMatchObject({ status: 'completed' });
  });

  it('stops waiting when the caller goes away, and is finished all the same', async () => {
    const customer = await liveAtWork();
    const gone = AbortSignal.timeout(150);
    const call = customer.trpc.hourlyUsage.generate.mutate(
      { prompt: '[slow] leaving', waitSeconds: 60 },
      { signal: gone },
    );
    await expect(call).rejects.toThrow();
    const [left] = (await customer.get<Page<Generation>>('/generations')).body.items;
    expect(await finished(customer, left?.id ?? '')).toMatchObject({ status: 'completed' });
  });

  it('reports a failure of the provider', async () => {
    const customer = await liveAtWork();
    const { status, body } = await customer.post<Generation>('/generate', { prompt: '[fail] it' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'failed', error: { code: 'PROVIDER_FAILED' } });
  });

  it.each([
    ['a 500', { status: 500 }],
    ['a 429', { status: 429 }],
    ['a timeout', { mode: 'hang', hangMs: 3_000 }],
  ])('answers 502 when the provider does not take it: %s', async (_name, fault) => {
    const customer = await liveAtWork();
    await lever(world, '/faults', { runpod: { ...fault, match: 'POST /v2/sandbox/run' } });
    const key = { 'idempotency-key': 'refused' };
    const answer = await customer.post('/generate', { prompt: 'x' }, key);
    expect([answer.status, refusal(answer).reason]).toEqual([502, 'GENERATION_PROVIDER_ERROR']);
    const [failed] = (await customer.get<Page<Generation>>('/generations')).body.items;
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'GENERATION_PROVIDER_ERROR' },
    });
    const replay = await customer.post<Generation>('/generate', { prompt: 'x' }, key);
    expect(replay.body).toMatchObject({ id: failed?.id, status: 'failed' });
  });

  it('bears a provider that is down for a while', async () => {
    const customer = await liveAtWork();
    await lever(world, '/faults', {
      runpod: { status: 502, times: 3, match: 'GET /v2/sandbox/status' },
    });
    const { body } = await customer.post<Generation>('/generate', { prompt: 'patience' });
    expect(body.status).toBe('completed');
  });

  it('is cancelled here and at the provider', async () => {
    const customer = await liveAtWork();
    const asked = { prompt: '[slow] never', waitSeconds: 0 };
    const { body } = await customer.post<Generation>('/generate', asked);
    const cancelled = await customer.post<Generation>(`/generations/${body.id}/cancel`);
    expect(cancelled.body).toMatchObject({ id: body.id, status: 'cancelled', error: null });
    const again = await customer.trpc.hourlyUsage.cancelGeneration.mutate({ id: body.id });
    expect(again.status).toBe('cancelled');
    const { rows } = await world.db.owner.query(
      'select job_id from hourly_generations where id = $1',
      [body.id],
    );
    expect(await world.ctx.generator.poll(rows[0].job_id)).toEqual({ state: 'cancelled' });
  });

  it('is cancelled though the provider does not answer', async () => {
    const customer = await liveAtWork();
    const asked = { prompt: '[slow] never', waitSeconds: 0 };
    const { body } = await customer.post<Generation>('/generate', asked);
    await lever(world, '/faults', { runpod: { status: 500, match: 'POST /v2/sandbox/cancel' } });
    const cancelled = await customer.post<Generation>(`/generations/${body.id}/cancel`);
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
  });

  it('is one for calls with one key, which all wait for it', async () => {
    const customer = await liveAtWork();
    const key = { 'idempotency-key': 'generate-once' };
    const answers = await Promise.all(
      [25, 20, 10].map((waitSeconds) =>
        customer.post<Generation>('/generate', { prompt: 'once', waitSeconds }, key),
      ),
    );
    expect(answers.map(({ body }) => body.status)).toEqual(answers.map(() => 'completed'));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const list = await customer.get<Page<Generation>>('/generations');
    expect(list.body.items).toHaveLength(1);
  });
});

describe('the worker', () => {
  it('submits what its caller never did', async () => {
    const customer = await liveAtWork();
    const { body } = await customer.post<Generation>('/generate', {
      prompt: 'orphan',
      waitSeconds: 0,
    });
    await sinceNow(body.id, "job_id = null, status = 'queued'");
    expect(await finished(customer, body.id)).toMatchObject({ status: 'completed' });
  });

  it('fails what takes longer than 15 minutes, and cancels it at the provider', async () => {
    const customer = await liveAtWork();
    const asked = { prompt: '[slow] forever', waitSeconds: 0 };
    const { body } = await customer.post<Generation>('/generate', asked);
    await sinceNow(body.id, "created_at = created_at - interval '16 minutes'");
    expect(await finished(customer, body.id)).toMatchObject({
      status: 'failed',
      error: { code: 'TIMED_OUT' },
    });
    const { rows } = await world.db.owner.query(
      'select job_id from hourly_generations where id = $1',
      [body.id],
    );
    expect(await world.ctx.generator.poll(rows[0].job_id)).toEqual({ state: 'cancelled' });
  });

  it('fails what the provider has forgotten', async () => {
    const customer = await liveAtWork();
    const { body } = await customer.post<Generation>('/generate', {
      prompt: 'gone',
      waitSeconds: 0,
    });
    await sinceNow(body.id, "job_id = 'nobody-knows'");
    expect(await finished(customer, body.id)).toMatchObject({
      status: 'failed',
      error: { code: 'PROVIDER_RESULT_EXPIRED' },
    });
  });

  it('goes on with the others when one fails', async () => {
    const customer = await liveAtWork();
    const ids: string[] = [];
    for (const prompt of ['one', 'two', 'three']) {
      const { body } = await customer.post<Generation>('/generate', { prompt, waitSeconds: 0 });
      ids.push(body.id);
    }
    await lever(world, '/faults', { runpod: { status: 500, match: 'GET /v2/sandbox/status' } });
    const done = await waitFor(async () => {
      const pass = await finishGenerations(world.ctx, { limit: 10 });
      return pass.claimed >= 3 ? pass : null;
    });
    expect(done.failed).toBe(1);
    await world.db.owner.query(
      'update hourly_generations set look_after_at = now() where completed_at is null',
    );
    for (const id of ids) expect((await finished(customer, id)).status).toBe('completed');
  });
});
