import { renderToString } from 'react-dom/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, HourlyProvider, hourly } from '../src/react/index.ts';
import { linksOf } from '../src/react/links.ts';
import { type HourlyServer, startHourlyServer } from './hourly-server.ts';
import {
  type Answer,
  answeredCall,
  errorOfCall,
  hangUp,
  refusedCall,
  startWireServer,
} from './wire-server.ts';

/** The calls that the hooks make, without a page around them. */
const callsTo = (baseUrl: string, mode: 'live' | 'test' = 'test') =>
  hourly.createClient({ links: linksOf({ baseUrl, mode }) });

describe('the calls of the hooks', () => {
  it('name the mode, and give every mutation a key', async () => {
    const { url, arrived } = await startWireServer(answeredCall({ id: 's1' }));
    expect(await callsTo(url).hourlyUsage.start.mutate()).toEqual({ id: 's1' });
    expect(arrived).toMatchObject([
      {
        method: 'POST',
        path: '/api/trpc/hourlyUsage.start',
        headers: { 'hourly-mode': 'test' },
        body: { idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) },
      },
    ]);
  });

  it('repeat a mutation under its key when no answer came', async () => {
    const { url, arrived } = await startWireServer(
      hangUp,
      refusedCall(503, 'INTERNAL'),
      answeredCall({ id: 's1' }),
    );
    const input = { maxHours: 3, idempotencyKey: 'mine' };
    expect(await callsTo(url).hourlyUsage.start.mutate(input)).toEqual({ id: 's1' });
    expect(arrived.map(({ body }) => body)).toEqual([input, input, input]);
  });

  it('repeat no refusal', async () => {
    const { url, arrived } = await startWireServer(refusedCall(402, 'INSUFFICIENT_BALANCE'));
    const error = await errorOfCall(callsTo(url).hourlyUsage.start.mutate());
    expect(errorOf(error)).toMatchObject({ reason: 'INSUFFICIENT_BALANCE', retryable: false });
    expect(arrived).toHaveLength(1);
  });

  it('leave queries to the query client, without the scroll of an infinite one', async () => {
    const { url, arrived } = await startWireServer(refusedCall(500, 'INTERNAL'));
    const input = { limit: 5, direction: 'forward' };
    await errorOfCall(callsTo(url).hourlyUsage.topups.query(input));
    expect(arrived.map(({ path }) => decodeURIComponent(path))).toEqual([
      '/api/trpc/hourlyUsage.topups?input={"limit":5}',
    ]);
  });
});

describe('errorOf', () => {
  it('reads a refusal', async () => {
    const { url } = await startWireServer(refusedCall(409, 'SESSION_ALREADY_OPEN'));
    const error = await errorOfCall(callsTo(url).hourlyUsage.status.query());
    expect(errorOf(error)).toMatchObject({
      reason: 'SESSION_ALREADY_OPEN',
      message: 'because SESSION_ALREADY_OPEN',
      requestId: 'req_1',
      status: 409,
      retryable: false,
    });
  });

  it.each<[string, Answer]>([
    ['a cut line', hangUp],
    ['a page of a proxy', (response) => response.writeHead(502).end('<h1>Bad gateway</h1>')],
  ])('reads %s as no connection', async (_what, answer) => {
    const { url } = await startWireServer(answer);
    const error = await errorOfCall(callsTo(url).hourlyUsage.status.query());
    expect(errorOf(error)).toMatchObject({
      reason: 'CONNECTION_FAILED',
      message: expect.stringContaining('cannot be reached'),
      status: null,
      retryable: true,
    });
  });

  it.each([new Error('odd'), 'odd', null, undefined])('reads %j', (odd) => {
    expect(errorOf(odd)).toMatchObject({ reason: 'UNEXPECTED_RESPONSE', retryable: false });
  });
});

describe("the hooks against Hourly's server", () => {
  let server: HourlyServer;

  beforeAll(async () => {
    server = await startHourlyServer();
  });

  afterAll(() => server?.stop());

  it('do the main job', async () => {
    const calls = callsTo(server.url);
    await calls.hourlyUsage.topup.mutate({ amountCents: 10_000 });
    await calls.hourlyUsage.start.mutate();
    expect(await calls.hourlyUsage.status.query()).toMatchObject({
      session: { status: 'active' },
      balance: { mode: 'test', balanceCents: 8_500 },
    });
    const topups = { limit: 5, direction: 'forward' };
    expect(await calls.hourlyUsage.topups.query(topups)).toMatchObject({ nextCursor: null });
    expect(await calls.hourlyUsage.keys.list.query()).toEqual({ items: [], nextCursor: null });
    const error = await errorOfCall(calls.hourlyUsage.start.mutate());
    expect(errorOf(error)).toMatchObject({ reason: 'SESSION_ALREADY_OPEN', status: 409 });
    expect(await callsTo(server.url, 'live').hourlyUsage.balance.query()).toMatchObject({
      mode: 'live',
      balanceCents: 0,
    });
  });
});

const Status = () => <p>{hourly.hourlyUsage.status.useQuery().status}</p>;

describe('HourlyProvider', () => {
  it('renders on a server', () => {
    const page = renderToString(
      <HourlyProvider>
        <Status />
      </HourlyProvider>,
    );
    expect(page).toBe('<p>pending</p>');
  });
});
