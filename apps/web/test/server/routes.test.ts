import { createHmac } from 'node:crypto';
import { ensureAccount } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { createKey } from '@hourly/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sealDemoCookie } from '../../src/server/auth/demo-cookie.ts';
import { demoEnvironment } from './environment.ts';

const address = 'http://localhost:3000';
let db: TestDatabase;
let routes: Awaited<ReturnType<typeof loadRoutes>>;

beforeAll(async () => {
  db = await createTestDatabase('hourly_app');
  const environment = { ...demoEnvironment, DATABASE_URL: db.ownerUrl, LOG_LEVEL: 'silent' };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  routes = await loadRoutes();
});
afterAll(() => db.drop());

async function loadRoutes() {
  const [rest, trpc, webhook, health, openApi, unknown] = await Promise.all([
    import('../../src/app/api/hourly-usage/[...path]/route.ts'),
    import('../../src/app/api/trpc/[trpc]/route.ts'),
    import('../../src/app/api/webhooks/razorpay-hourly/route.ts'),
    import('../../src/app/api/health/route.ts'),
    import('../../src/app/api/openapi.json/route.ts'),
    import('../../src/app/api/[...path]/route.ts'),
  ]);
  return { rest, trpc, webhook, health, openApi, unknown };
}

const cookie = () =>
  `other=1; hourly_demo=${sealDemoCookie('demo_studio', demoEnvironment.HOURLY_DEMO_SECRET, Date.now())}`;

const get = (path: string, headers: Record<string, string> = {}) =>
  new Request(`${address}${path}`, { headers });

test('health asks the database', async () => {
  const response = await routes.health.GET(get('/api/health'));
  expect(response.status).toBe(200);
  await expect(response.json()).resolves.toEqual({ status: 'ok' });
});

test('without credentials REST answers UNAUTHENTICATED', async () => {
  const response = await routes.rest.GET(get('/api/hourly-usage/end'));
  expect(response.status).toBe(401);
  await expect(response.json()).resolves.toMatchObject({ reason: 'UNAUTHENTICATED' });
});

test("the demo's cookie and an API key both reach REST", async () => {
  const byCookie = await routes.rest.GET(get('/api/hourly-usage/end', { cookie: cookie() }));
  await expect(byCookie.json()).resolves.toMatchObject({
    session: null,
    balance: { mode: 'live', balanceCents: 0 },
  });
  const { accountId } = await ensureAccount(db, { userId: 'user_key', mode: 'test' });
  const { secret } = await createKey({ db }, { accountId, mode: 'test', name: 'CI' });
  const byKey = await routes.rest.GET(
    get('/api/hourly-usage/end', { authorization: `Bearer ${secret}` }),
  );
  await expect(byKey.json()).resolves.toMatchObject({ balance: { mode: 'test' } });
});

test('a forged cookie reaches nothing', async () => {
  const forged = cookie().replace('demo_studio', 'demo_agency');
  const response = await routes.rest.GET(get('/api/hourly-usage/end', { cookie: forged }));
  expect(response.status).toBe(401);
});

test('tRPC answers the same customer', async () => {
  const response = await routes.trpc.GET(
    get('/api/trpc/hourlyUsage.status', { cookie: cookie(), 'hourly-mode': 'test' }),
  );
  expect(response.status).toBe(200);
  await expect(response.json()).resolves.toMatchObject({
    result: { data: { balance: { mode: 'test' } } },
  });
});

test('a body passes through: a test customer tops up and starts', async () => {
  const post = (path: string, body: object) =>
    routes.rest.POST(
      new Request(`${address}/api/hourly-usage/${path}`, {
        method: 'POST',
        headers: {
          cookie: cookie(),
          'hourly-mode': 'test',
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      }),
    );
  const topup = await post('topup', { amountCents: 10_000 });
  await expect(topup.json()).resolves.toMatchObject({ status: 'paid' });
  const started = await post('start', { maxHours: 2 });
  await expect(started.json()).resolves.toMatchObject({ status: 'active', maxHours: 2 });
});

test("a wrong method is answered in the API's own words", async () => {
  const request = new Request(`${address}/api/hourly-usage/start`, { method: 'DELETE' });
  const response = await routes.rest.DELETE(request);
  expect(response.status).toBe(405);
  await expect(response.json()).resolves.toMatchObject({ reason: 'METHOD_NOT_ALLOWED' });
});

test('an unknown path of the API is answered in its words, too', async () => {
  for (const path of ['/api/hourly-usage', '/api/nothing', '/api/trpc', '/api/trpc/a/b']) {
    const response = await routes.unknown.GET(get(path));
    expect(response.status).toBe(404);
    await expect(response.json()).resolves.toMatchObject({ reason: 'NOT_FOUND' });
  }
});

test('a webhook counts by its signature alone', async () => {
  const body = JSON.stringify({ entity: 'event', event: 'payment.downtime', payload: {} });
  const signature = createHmac('sha256', demoEnvironment.RAZORPAY_WEBHOOK_SECRET)
    .update(body)
    .digest('hex');
  const deliver = (signed: string) =>
    routes.webhook.POST(
      new Request(`${address}/api/webhooks/razorpay-hourly`, {
        method: 'POST',
        headers: { 'x-razorpay-signature': signed, 'x-razorpay-event-id': 'evt_1' },
        body,
      }),
    );
  expect((await deliver('0'.repeat(64))).status).toBe(400);
  expect(await db.prisma.webhookEvent.count()).toBe(0);
  expect((await deliver(signature)).status).toBe(200);
  expect(await db.prisma.webhookEvent.count()).toBe(1);
});

test('the document names the address that its reader used', async () => {
  const response = await routes.openApi.GET(
    get('/api/openapi.json', { host: 'hourly.example.com', 'x-forwarded-proto': 'https' }),
  );
  const document = await response.json();
  expect(document.openapi).toMatch(/^3\.1/);
  expect(JSON.stringify(document.servers)).toContain('https://hourly.example.com');
});
