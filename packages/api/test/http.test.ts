import { request as httpRequest } from 'node:http';
import type { ErrorBody, LedgerEntry, Page } from '@hourly/contract';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppRouter, createApi } from '../src/index.ts';
import { cellOf } from '../src/rest/export-transactions.ts';
import { type Customer, fundedTestCustomer } from './support/customer.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let customer: Customer;
beforeAll(async () => {
  world = await createWorld();
  customer = await fundedTestCustomer(world);
});
afterAll(() => world?.stop());

const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${world.url}${path}`, { ...init, headers: { ...customer.headers, ...init.headers } });

const errorOf = async (response: Response) => [
  response.status,
  ((await response.json()) as ErrorBody).reason,
];

const json = { 'content-type': 'application/json' };

describe('REST', () => {
  it('answers every call with its id, and none is stored by caches', async () => {
    for (const path of ['/end', '/nothing', '/sessions/x']) {
      const { headers } = await call(`/api/hourly-usage${path}`);
      expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('tells unknown paths from wrong methods', async () => {
    for (const path of ['/', '/nothing', '/sessions/a/b', '/sessions/%E0%A4%A', '/start/now']) {
      expect(await errorOf(await call(`/api/hourly-usage${path}`))).toEqual([404, 'NOT_FOUND']);
    }
    const start = await call('/api/hourly-usage/start');
    expect(start.headers.get('allow')).toBe('POST, OPTIONS');
    expect(await errorOf(start)).toEqual([405, 'METHOD_NOT_ALLOWED']);
    const end = await call('/api/hourly-usage/end', { method: 'DELETE' });
    expect(end.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
    expect(await errorOf(end)).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(await errorOf(await call('/api/hourly-usage/topups/x', { method: 'PUT' }))).toEqual([
      405,
      'METHOD_NOT_ALLOWED',
    ]);
  });

  it('answers HEAD like GET without a body, and OPTIONS with what is allowed', async () => {
    const head = await call('/api/hourly-usage/end', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const options = await call('/api/hourly-usage/end', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([
      204,
      'POST, GET, HEAD, OPTIONS',
    ]);
    expect(options.headers.has('access-control-allow-origin')).toBe(false);
    const missing = await call('/api/hourly-usage/sessions/x', { method: 'HEAD' });
    expect([missing.status, await missing.text()]).toEqual([404, '']);
  });

  it('takes JSON alone, and none that is broken or no object', async () => {
    const post = (body: string, headers: Record<string, string>, path = '/start') =>
      call(`/api/hourly-usage${path}`, { method: 'POST', body, headers });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      expect(await errorOf(await post('{}', { 'content-type': type }))).toEqual([
        415,
        'UNSUPPORTED_MEDIA_TYPE',
      ]);
    }
    for (const body of ['{', '[]', '"x"', 'null', '7']) {
      expect(await errorOf(await post(body, json))).toEqual([400, 'INVALID_INPUT']);
    }
    expect(await errorOf(await post('[1]', json, '/generations/x/cancel'))).toEqual([
      400,
      'INVALID_INPUT',
    ]);
    const charset = await post('{}', { 'content-type': 'Application/JSON; charset=utf-8' });
    expect(charset.status).toBe(200);
    const bodyless = await call('/api/hourly-usage/end', { method: 'POST' });
    expect(bodyless.status).toBe(200);
  });

  it('refuses bodies over 64 kB, announced or in chunks', async () => {
    const body = JSON.stringify({ prompt: 'x'.repeat(70_000) });
    const announced = await call('/api/hourly-usage/generate', {
      method: 'POST',
      body,
      headers: json,
    });
    expect(await errorOf(announced)).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(
        `${world.url}/api/hourly-usage/generate`,
        {
          method: 'POST',
          headers: { ...customer.headers, ...json, 'transfer-encoding': 'chunked' },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      sent.once('error', reject);
      for (let from = 0; from < body.length; from += 10_000)
        sent.write(body.slice(from, from + 10_000));
      sent.end();
    });
    expect(chunked).toBe(413);
  });

  it('tells nothing of what broke, and logs it', async () => {
    const broken = createApi({
      ctx: {
        ...world.ctx,
        db: {
          ...world.db,
          pool: { query: () => Promise.reject(new Error('secret of the database')) } as never,
        },
      },
      log: world.ctx.log,
      authenticateBrowser: async () => ({ userId: 'anybody' }),
    });
    const answers = [
      await broken.rest(new Request('http://localhost/api/hourly-usage/end')),
      await broken.trpc(new Request('http://localhost/api/trpc/hourlyUsage.status')),
    ];
    for (const answer of answers) {
      const text = await answer.text();
      const requestId = answer.headers.get('x-request-id');
      expect(answer.status).toBe(500);
      expect(text).toContain('"reason":"INTERNAL"');
      expect(text).toContain(`"requestId":"${requestId}"`);
      expect(text).not.toContain('secret of the database');
      const line = world.log.find(({ data }) => data.requestId === requestId);
      expect(line).toMatchObject({ level: 'error', data: { reason: 'INTERNAL' } });
      expect(String(line?.data.cause)).toContain('secret of the database');
    }
    expect((await broken.health(new Request('http://localhost/api/health'))).status).toBe(503);
  });
});

describe('tRPC', () => {
  const errorOfTrpc = async (response: Response) => {
    const body = (await response.json()) as { error: { data: ErrorBody } };
    expect(body.error.data.requestId).toBe(response.headers.get('x-request-id'));
    return [response.status, body.error.data.reason];
  };
  const post = (procedure: string, body: string | FormData, headers: Record<string, string>) =>
    call(`/api/trpc/${procedure}`, { method: 'POST', body, headers });

  it('tells its own refusals in our words', async () => {
    expect(await errorOfTrpc(await call('/api/trpc/hourlyUsage.nothing'))).toEqual([
      404,
      'NOT_FOUND',
    ]);
    expect(await errorOfTrpc(await call('/api/trpc/%E0%A4%A'))).toEqual([404, 'NOT_FOUND']);
    expect(await errorOfTrpc(await call('/api/trpc/hourlyUsage.start'))).toEqual([
      405,
      'METHOD_NOT_ALLOWED',
    ]);
    expect(await errorOfTrpc(await call('/api/trpc/hourlyUsage.start', { method: 'PUT' }))).toEqual(
      [405, 'METHOD_NOT_ALLOWED'],
    );
    expect(await errorOfTrpc(await post('hourlyUsage.start', '{', json))).toEqual([
      400,
      'INVALID_INPUT',
    ]);
    expect(await errorOfTrpc(await post('hourlyUsage.start', '{"maxHours":0}', json))).toEqual([
      400,
      'INVALID_INPUT',
    ]);
    expect(await errorOfTrpc(await post('hourlyUsage.start', 'x'.repeat(70_000), json))).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
  });

  it('takes no forms, which pages of other sites can send', async () => {
    const form = new FormData();
    form.set('x', 'y');
    const types = ['text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded'];
    for (const type of types) {
      const answer = await post('hourlyUsage.end', '{}', { 'content-type': type });
      expect(await errorOfTrpc(answer)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    }
    expect(await errorOfTrpc(await post('hourlyUsage.end', form, {}))).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
  });

  it('takes a call without input that has neither a body nor the type of one', async () => {
    const answer = await call('/api/trpc/hourlyUsage.end', {
      method: 'POST',
      headers: customer.headers,
    });
    expect(await errorOfTrpc(answer)).toEqual([404, 'NO_OPEN_SESSION']);
  });

  it('answers batches of ten, and no longer ones', async () => {
    const client = createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url: `${world.url}/api/trpc`, headers: customer.headers })],
    });
    const ask = (count: number) =>
      Promise.all(Array.from({ length: count }, () => client.hourlyUsage.balance.query()));
    expect(await ask(10)).toHaveLength(10);
    await expect(ask(11)).rejects.toMatchObject({ data: { reason: 'INVALID_INPUT' } });
  });
});

describe('the statement', () => {
  it('is CSV of every entry, whatever their number', async () => {
    const holder = await fundedTestCustomer(world, 1_000_000);
    for (const _ of Array.from({ length: 10 })) {
      await holder.post('/start');
      await holder.post('/clock', { advanceSeconds: 12 * 3600 });
      await holder.post('/end');
    }
    const { cookie = '' } = holder.headers;
    const path = '/api/hourly-usage/transactions?format=csv&mode=test';
    const response = await fetch(`${world.url}${path}`, { headers: { cookie } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    const lines = (await response.text()).trimEnd().split('\r\n');
    expect(lines[0]).toBe(
      'entryNo,type,amountCents,balanceAfterCents,sessionId,hour,topupId,effectiveAt,createdAt,description,amountInrPaise',
    );
    const rows = lines.slice(1).map((line) => line.split(','));
    const numbers = rows.map(([entryNo]) => Number(entryNo));
    expect(numbers).toEqual(numbers.map((_, index) => numbers.length - index));
    expect(rows).toHaveLength(121);
    const sum = rows.reduce((total, [, , amount]) => total + Number(amount), 0);
    expect(sum).toBe((await holder.trpc.hourlyUsage.balance.query()).balanceCents);
    const page = await holder.get<Page<LedgerEntry>>('/transactions?limit=100');
    expect(page.body.items).toHaveLength(100);
    expect(page.body.nextCursor).not.toBeNull();
  });

  it('needs credentials, and no other format exists', async () => {
    const path = `${world.url}/api/hourly-usage/transactions?format=csv`;
    expect((await fetch(path)).status).toBe(401);
    expect(await errorOf(await call('/api/hourly-usage/transactions?format=xls'))).toEqual([
      400,
      'INVALID_INPUT',
    ]);
  });

  it.each([
    [null, ''],
    [-1500, '-1500'],
    ['Hour 2 of a session', 'Hour 2 of a session'],
    ['=1+1', "'=1+1"],
    ['@x', "'@x"],
    ['+1,2', `"'+1,2"`],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
  ])('writes %j safely', (value, cell) => {
    expect(cellOf(value)).toBe(cell);
  });
});

describe('health', () => {
  it('asks the database', async () => {
    const response = await fetch(`${world.url}/api/health`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });
});
