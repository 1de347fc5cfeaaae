import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AbortedError, ConnectionError, Hourly, TimeoutError } from '../src/index.ts';
import { errorOfCall, hangUp, refusal, silence, startWireServer, testKey } from './wire-server.ts';

const hourlyAt = (baseUrl: string, options: { timeoutMs?: number; maxRetries?: number } = {}) =>
  new Hourly({ apiKey: testKey, baseUrl, ...options });

describe('a call', () => {
  it('carries key, JSON and an idempotency key', async () => {
    const { url, arrived } = await startWireServer({ json: { id: 's1' } });
    const session = await hourlyAt(url).sessions.start({ maxHours: 3 });
    expect(session.id).toBe('s1');
    expect(arrived).toMatchObject([
      {
        method: 'POST',
        path: '/api/hourly-usage/start',
        body: { maxHours: 3 },
        headers: {
          authorization: `Bearer ${testKey}`,
          'content-type': 'application/json',
          'idempotency-key': expect.stringMatching(/^[0-9a-f]{32}$/),
          'user-agent': expect.stringMatching(/^hourly-sdk\//),
        },
      },
    ]);
  });

  it('goes below the path of the base URL, with ids as one segment', async () => {
    const { url, arrived } = await startWireServer({ json: {} });
    await hourlyAt(`${url}/billing/`).sessions.get('../balance?x');
    expect(arrived[0]?.path).toBe('/billing/api/hourly-usage/sessions/..%2Fbalance%3Fx');
  });

  it.each(['', '.', '..'])('refuses the id %j before it is sent', async (id) => {
    const { url, arrived } = await startWireServer({ json: {} });
    expect(await errorOfCall(hourlyAt(url).sessions.get(id))).toMatchObject({
      reason: 'INVALID_INPUT',
      status: null,
    });
    expect(arrived).toEqual([]);
  });

  it('uses a fetch of the caller', async () => {
    const seen: unknown[] = [];
    const hourly = new Hourly({
      apiKey: testKey,
      baseUrl: 'https://hourly.invalid',
      fetch: async (input) => {
        seen.push(input);
        return Response.json({ days: [] });
      },
    });
    await hourly.usage({ tz: 'Asia/Kolkata' });
    expect(seen).toEqual(['https://hourly.invalid/api/hourly-usage/usage?tz=Asia%2FKolkata']);
  });

  it('leaves nothing behind on a signal that outlives it', async () => {
    const { url } = await startWireServer(refusal(503, 'INTERNAL'), { json: {} });
    const { signal } = new AbortController();
    await hourlyAt(url).balance({ signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('retries', () => {
  it('repeat what may pass, with one idempotency key', async () => {
    const { url, arrived } = await startWireServer(
      hangUp,
      refusal(503, 'INTERNAL'),
      (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad</h1>'),
      { json: { id: 's1' } },
    );
    expect(await hourlyAt(url).sessions.start()).toEqual({ id: 's1' });
    expect(arrived).toHaveLength(4);
    expect(new Set(arrived.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it("keep the caller's idempotency key", async () => {
    const { url, arrived } = await startWireServer(hangUp, { json: {} });
    await hourlyAt(url).topups.create({ amountCents: 10_000 }, { idempotencyKey: 'order 42' });
    expect(arrived.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'order 42',
      'order 42',
    ]);
  });

  it.each(['', ' x', 'ключ', 'x'.repeat(256)])('refuse the key %j', async (idempotencyKey) => {
    const { url, arrived } = await startWireServer({ json: {} });
    const call = hourlyAt(url).sessions.end({}, { idempotencyKey });
    expect(await errorOfCall(call)).toMatchObject({ reason: 'INVALID_INPUT' });
    expect(arrived).toEqual([]);
  });

  it('make another key for another call', async () => {
    const { url, arrived } = await startWireServer({ json: {} });
    const hourly = hourlyAt(url);
    await hourly.sessions.pause();
    await hourly.sessions.pause();
    expect(new Set(arrived.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
  });

  it('end with the last refusal', async () => {
    const { url, arrived } = await startWireServer(refusal(500, 'INTERNAL'));
    const call = hourlyAt(url, { maxRetries: 2 }).balance();
    expect(await errorOfCall(call)).toMatchObject({
      reason: 'INTERNAL',
      status: 500,
      requestId: 'req_1',
      retryable: true,
    });
    expect(arrived).toHaveLength(3);
  });

  it('are counted by call, too', async () => {
    const { url, arrived } = await startWireServer(refusal(500, 'INTERNAL'));
    await errorOfCall(hourlyAt(url).balance({ maxRetries: 0 }));
    expect(arrived).toHaveLength(1);
  });

  it.each([
    [402, 'INSUFFICIENT_BALANCE'],
    [404, 'NO_OPEN_SESSION'],
    [409, 'SESSION_PAUSED'],
    [422, 'IDEMPOTENCY_KEY_REUSED'],
  ])('do not repeat %i %s', async (status, reason) => {
    const { url, arrived } = await startWireServer(refusal(status, reason));
    expect(await errorOfCall(hourlyAt(url).sessions.start())).toMatchObject({
      reason,
      status,
      retryable: false,
    });
    expect(arrived).toHaveLength(1);
  });

  it('wait while the first call is under way', async () => {
    const { url, arrived } = await startWireServer(refusal(409, 'REQUEST_IN_PROGRESS'), {
      json: { id: 't1' },
    });
    expect(await hourlyAt(url).topups.create({ amountCents: 10_000 })).toEqual({ id: 't1' });
    expect(arrived[1]?.atMs).toBeGreaterThan((arrived[0]?.atMs ?? 0) + 900);
  });

  it('wait as long as Retry-After says', async () => {
    const limited = refusal(429, 'RATE_LIMITED', {}, { 'retry-after': '1' });
    const { url, arrived } = await startWireServer(limited, { json: {} });
    await hourlyAt(url).balance();
    expect(arrived[1]?.atMs).toBeGreaterThan((arrived[0]?.atMs ?? 0) + 990);
  });

  it('do not wait for minutes', async () => {
    const limited = refusal(429, 'RATE_LIMITED', {}, { 'retry-after': '3600' });
    const { url, arrived } = await startWireServer(limited);
    expect(await errorOfCall(hourlyAt(url).balance())).toMatchObject({
      name: 'RateLimitedError',
      retryAfterMs: 3_600_000,
    });
    expect(arrived).toHaveLength(1);
  });
});

describe('limits of time', () => {
  it('cover every attempt, and a late answer is asked for again with its key', async () => {
    const { url, arrived } = await startWireServer(silence, { json: { id: 's1' } });
    expect(await hourlyAt(url, { timeoutMs: 100 }).sessions.start()).toEqual({ id: 's1' });
    expect(arrived[0]?.headers['idempotency-key']).toBe(arrived[1]?.headers['idempotency-key']);
  });

  it('cover the body', async () => {
    const { url } = await startWireServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"days":');
    });
    const error = await errorOfCall(hourlyAt(url, { maxRetries: 0 }).usage({}, { timeoutMs: 100 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ reason: 'TIMED_OUT', status: null, retryable: true });
  });

  it('allow a generation the time that it waits for', async () => {
    const { url } = await startWireServer((response) => {
      setTimeout(() => response.end('{"id":"g1"}'), 300);
    });
    const hourly = hourlyAt(url, { timeoutMs: 50, maxRetries: 0 });
    expect(await hourly.generate({ prompt: 'x', waitSeconds: 2 })).toEqual({ id: 'g1' });
    const impatient = hourly.generate({ prompt: 'x', waitSeconds: 0 });
    expect(await errorOfCall(impatient)).toBeInstanceOf(TimeoutError);
  });
});

describe('an abort', () => {
  it('stops a call before it is sent', async () => {
    const { url, arrived } = await startWireServer({ json: {} });
    const error = await errorOfCall(hourlyAt(url).balance({ signal: AbortSignal.abort('enough') }));
    expect(error).toBeInstanceOf(AbortedError);
    expect(error).toMatchObject({ reason: 'ABORTED', cause: 'enough', retryable: false });
    expect(arrived).toEqual([]);
  });

  it('stops a call under way', async () => {
    const controller = new AbortController();
    const { url, arrived } = await startWireServer(() => controller.abort());
    const error = await errorOfCall(hourlyAt(url).balance({ signal: controller.signal }));
    expect(error).toBeInstanceOf(AbortedError);
    expect(arrived).toHaveLength(1);
  });

  it('stops the wait for the next attempt', async () => {
    const controller = new AbortController();
    const limited = refusal(429, 'RATE_LIMITED', {}, { 'retry-after': '30' });
    const { url, arrived } = await startWireServer(limited);
    const startedMs = performance.now();
    setTimeout(() => controller.abort(), 100);
    const error = await errorOfCall(hourlyAt(url).balance({ signal: controller.signal }));
    expect(error).toBeInstanceOf(AbortedError);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(arrived).toHaveLength(1);
  });
});

describe('what is no answer', () => {
  it('names what the network said', async () => {
    const { url, server, closed } = await startWireServer({ json: {} });
    const gone = closed();
    server.close();
    await gone;
    const error = await errorOfCall(hourlyAt(url, { maxRetries: 1 }).balance());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({
      reason: 'CONNECTION_FAILED',
      status: null,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it.each([
    ['malformed JSON', 200, 'application/json', '{"id":'],
    ['nothing', 200, 'application/json', ''],
    ["another site's page", 200, 'text/html', '<html>'],
    ["another site's 404", 404, 'text/html', '<html>'],
    ['JSON of something else', 400, 'application/json', '{"error":"no"}'],
    ['JSON that is no object', 400, 'application/json', 'null'],
  ])('tells %s', async (_what, status, type, body) => {
    const { url, arrived } = await startWireServer((response) => {
      response.writeHead(status, { 'content-type': type, 'x-request-id': 'req_9' }).end(body);
    });
    expect(await errorOfCall(hourlyAt(url).balance())).toMatchObject({
      name: 'HourlyError',
      reason: 'UNEXPECTED_RESPONSE',
      status,
      requestId: 'req_9',
      message: expect.stringContaining('base URL'),
    });
    expect(arrived).toHaveLength(1);
  });

  it('follows no redirect', async () => {
    const { url, arrived } = await startWireServer((response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await errorOfCall(hourlyAt(url).sessions.start())).toMatchObject({
      reason: 'UNEXPECTED_RESPONSE',
      status: 302,
    });
    expect(arrived).toHaveLength(1);
  });
});
