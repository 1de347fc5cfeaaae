import { type NextFetchEvent, NextRequest } from 'next/server';
import { beforeEach, expect, test, vi } from 'vitest';
import { claimsOf, keyPair, rs256 } from './clerk-tokens.ts';
import { clerkEnvironment, demoEnvironment } from './environment.ts';

const { privateKey, publicPem } = keyPair();
const address = 'http://localhost:3000';

beforeEach(() => {
  vi.resetModules();
  vi.unstubAllEnvs();
});

async function visit(environment: Record<string, string>, cookie = ''): Promise<Response> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { default: proxy } = await import('../../src/proxy.ts');
  const headers = { cookie, accept: 'text/html', 'sec-fetch-dest': 'document' };
  const request = new NextRequest(`${address}/hourly-usage`, { headers });
  const response = await proxy(request, {} as NextFetchEvent);
  if (!response) throw new Error('the proxy answered nothing');
  return response;
}

const passes = (response: Response) => response.headers.get('x-middleware-next') === '1';
/** Clerk lets a request pass by rewriting it to itself, with what it found out. */
const passesThroughClerk = (response: Response) =>
  response.headers.get('x-middleware-rewrite') === `${address}/hourly-usage`;

const policyOf = (response: Response) => response.headers.get('content-security-policy');

test('without Clerk every page passes, and may load what this server was started with', async () => {
  const response = await visit({
    ...demoEnvironment,
    RAZORPAY_CHECKOUT_URL: 'http://localhost:3001/v1/checkout.js',
  });
  expect(policyOf(response)).toContain('http://localhost:3001');
  expect(policyOf(response)).not.toContain('clerk.accounts');
  expect(passes(response)).toBe(true);
  expect([...response.headers.keys()].filter((name) => name.includes('clerk'))).toEqual([]);
});

test('with Clerk, a page of somebody signed in passes without any network', async () => {
  const token = rs256(claimsOf({ azp: address }), privateKey);
  const cookie = `__session=${token}; __client_uat=${Math.floor(Date.now() / 1000) - 60}; __clerk_db_jwt=dvb_1`;
  // A key in one line, as env files carry it, is what Clerk's own code cannot read.
  const oneLine = publicPem.trim().replaceAll('\n', '\\n');
  const response = await visit(clerkEnvironment(oneLine), cookie);
  expect(response.status).toBe(200);
  expect(passesThroughClerk(response)).toBe(true);
  expect(policyOf(response)).toContain('https://clerk.example.com');
});

test("with Clerk, a visitor's session is looked for at Clerk first", async () => {
  const response = await visit(clerkEnvironment(publicPem));
  expect(response.status).toBe(307);
  expect(response.headers.get('location')).toMatch(/^https:\/\/clerk\.example\.com\/v1\/client\//);
});

test.each([
  ['/', true],
  ['/hourly-usage', true],
  ['/hourly-usage/history', true],
  ['/docs', true],
  ['/api/trpc/hourlyUsage.status', false],
  ['/api/hourly-usage/start', false],
  ['/_next/static/chunks/main.js', false],
  ['/icon.svg', false],
  ['/api/hourly-usage/sessions/%ff', true],
])('%s goes through the proxy: %s', async (path, expected) => {
  const { config } = await import('../../src/proxy.ts');
  const matched = config.matcher.some((matcher) => new RegExp(`^${matcher}$`).test(path));
  expect(matched).toBe(expected);
});

test('a path of the API with escapes that mean nothing is refused in its words, before Next reads it', async () => {
  for (const [name, value] of Object.entries(demoEnvironment)) vi.stubEnv(name, value);
  const { default: proxy } = await import('../../src/proxy.ts');
  const visitApi = (path: string) =>
    proxy(new NextRequest(`${address}${path}`), {} as NextFetchEvent);
  for (const path of ['/api/hourly-usage/sessions/%ff', '/api/%', '/api/trpc/%E0%A4%A']) {
    const response = await visitApi(path);
    const requestId = response.headers.get('x-request-id');
    expect(response.status).toBe(404);
    await expect(response.json()).resolves.toEqual({
      message: expect.any(String),
      code: 'NOT_FOUND',
      reason: 'NOT_FOUND',
      requestId,
    });
  }
  expect(passes(await visitApi('/api/hourly-usage/sessions/a%2Fb'))).toBe(true);
});
