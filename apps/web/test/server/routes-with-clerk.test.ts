import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sealDemoCookie } from '../../src/server/auth/demo-cookie.ts';
import { claimsOf, keyPair, origin, rs256 } from './clerk-tokens.ts';
import { clerkEnvironment, demoEnvironment } from './environment.ts';

const { privateKey, publicPem } = keyPair();
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase('hourly_app');
  const environment = {
    ...clerkEnvironment(publicPem),
    DATABASE_URL: db.ownerUrl,
    LOG_LEVEL: 'silent',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterAll(() => db.drop());

async function statusOf(headers: Record<string, string>): Promise<number> {
  const { GET } = await import('../../src/app/api/hourly-usage/[...path]/route.ts');
  const { host } = new URL(origin);
  const response = await GET(
    new Request('http://localhost:3000/api/hourly-usage/end', {
      headers: { host, 'x-forwarded-proto': 'https', ...headers },
    }),
  );
  return response.status;
}

test("Clerk's token signs in through the whole stack, without any network", async () => {
  const token = rs256(claimsOf({ sub: 'user_clerk' }), privateKey);
  expect(await statusOf({ cookie: `__session=${token}` })).toBe(200);
  expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(200);
  expect(await db.prisma.account.count({ where: { userId: 'user_clerk', mode: 'live' } })).toBe(1);
});

test('other tokens, and the cookie of the demo, do not', async () => {
  const pending = rs256(claimsOf({ sub: 'user_pending', sts: 'pending' }), privateKey);
  const foreign = rs256(claimsOf({ azp: 'https://evil.example.com' }), privateKey);
  const demo = sealDemoCookie('demo_studio', demoEnvironment.HOURLY_DEMO_SECRET, Date.now());
  expect(await statusOf({})).toBe(401);
  expect(await statusOf({ cookie: `__session=${pending}` })).toBe(401);
  expect(await statusOf({ cookie: `__session=${foreign}` })).toBe(401);
  expect(await statusOf({ cookie: `hourly_demo=${demo}` })).toBe(401);
});
