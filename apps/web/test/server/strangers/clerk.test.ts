import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sealDemoCookie } from '../../../src/server/auth/demo-cookie.ts';
import { claimsOf, hs256, keyPair, origin, rs256, unsigned } from '../clerk-tokens.ts';
import { clerkEnvironment, demoEnvironment } from '../environment.ts';
import { expectUnauthenticated, guardedAsks, knock, rowsOf } from './doors.ts';

const { privateKey, publicPem } = keyPair();
const proxied = { host: new URL(origin).host, 'x-forwarded-proto': 'https' };
// Thousands of requests, on machines that are busy.
vi.setConfig({ testTimeout: 300_000 });

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('hourly_app');
  const environment = {
    ...clerkEnvironment(publicPem),
    DATABASE_URL: db.ownerUrl,
    HOURLY_PUBLIC_URL: origin,
    LOG_LEVEL: 'silent',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterAll(() => db.drop());

const now = Math.floor(Date.now() / 1000);
const good = rs256(claimsOf(), privateKey);
const [header = '', , signature = ''] = good.split('.');
const claims = (changes: object) =>
  Buffer.from(JSON.stringify(claimsOf({ ...changes }))).toString('base64url');

/** Tokens that Clerk did not give to this customer for this site and this moment. */
const wrongTokens: Record<string, string> = {
  expired: rs256(claimsOf({ iat: now - 3600, nbf: now - 3600, exp: now - 60 }), privateKey),
  'without an end': rs256(claimsOf({ exp: undefined }), privateKey),
  'not yet valid': rs256(claimsOf({ nbf: now + 600 }), privateKey),
  'of the future': rs256(claimsOf({ iat: now + 600 }), privateKey),
  'signed by another key': rs256(claimsOf(), keyPair().privateKey),
  unsigned: unsigned(claimsOf()),
  'with another signature': `${good.slice(0, -8)}AAAAAAAA`,
  'without its signature': good.split('.').slice(0, 2).join('.'),
  'signed with the public key as a secret': hs256(claimsOf(), publicPem),
  'signed with the secret key': hs256(claimsOf(), clerkEnvironment(publicPem).CLERK_SECRET_KEY),
  'with changed claims': `${header}.${claims({ sub: 'user_other' })}.${signature}`,
  'made for another site': rs256(claimsOf({ azp: 'https://evil.example.com' }), privateKey),
  'made for a neighbour': rs256(claimsOf({ azp: 'https://blog.example.com' }), privateKey),
  'made for no site': rs256(claimsOf({ azp: undefined }), privateKey),
  'made for our site in the clear': rs256(
    claimsOf({ azp: 'http://hourly.example.com' }),
    privateKey,
  ),
  'with tasks pending': rs256(claimsOf({ sts: 'pending' }), privateKey),
  'without a user': rs256(claimsOf({ sub: undefined }), privateKey),
  'with an empty user': rs256(claimsOf({ sub: '' }), privateKey),
  'that is none': 'garbage',
  'of the demo': sealDemoCookie('demo_studio', demoEnvironment.HOURLY_DEMO_SECRET, Date.now()),
};

test('no wrong token opens any door, as a cookie or as a bearer, and nothing changes', async () => {
  const asks = await guardedAsks();
  expect(asks.length).toBeGreaterThan(40);
  const before = await rowsOf(db);
  for (const [name, token] of Object.entries(wrongTokens)) {
    for (const headers of [
      { cookie: `__session=${token}` },
      { authorization: `Bearer ${token}` },
      // Who asks cannot choose the site for which the token has to be made.
      { cookie: `__session=${token}`, 'x-forwarded-host': 'evil.example.com', host: 'x.example' },
    ]) {
      // Cookie or bearer, the same token is looked at: a few doors stand for all.
      const doors = 'cookie' in headers && !('host' in headers) ? asks : asks.slice(0, 5);
      for (const ask of doors) {
        const response = await knock(ask, { ...proxied, ...headers });
        await expectUnauthenticated(response, `${ask.method} ${ask.path} with a token ${name}`);
      }
    }
  }
  expect(await rowsOf(db)).toEqual(before);
});

test('the demo has no door here, and a good token fits one keyhole', async () => {
  const demo = sealDemoCookie('demo_studio', demoEnvironment.HOURLY_DEMO_SECRET, Date.now());
  const elsewhere: Record<string, string>[] = [
    {},
    { cookie: `hourly_demo=${demo}` },
    { cookie: `session=${good}` },
    { cookie: `__session_1a2b=${good}` },
    { cookie: `__Session=${good}` },
    { authorization: `Basic ${good}` },
    { authorization: good },
    { 'x-clerk-auth-token': good, 'x-clerk-auth-status': 'signed-in' },
    { cookie: `__session=garbage; __session=${good}` },
    { authorization: 'Bearer garbage', cookie: `__session=${good}` },
  ];
  const before = await rowsOf(db);
  for (const headers of elsewhere) {
    for (const ask of await guardedAsks()) {
      const response = await knock(ask, { ...proxied, ...headers });
      await expectUnauthenticated(response, `${ask.method} ${ask.path} ${JSON.stringify(headers)}`);
    }
  }
  expect(await rowsOf(db)).toEqual(before);
});

test('a good token signs in, and pages of other sites cannot use its cookie', async () => {
  const status = { method: 'GET', path: '/api/hourly-usage/end', body: null } as const;
  const cookie = `__session=${good}`;
  expect((await knock(status, { ...proxied, cookie })).status).toBe(200);
  expect((await knock(status, { ...proxied, authorization: `Bearer ${good}` })).status).toBe(200);
  const before = await rowsOf(db);
  for (const mark of [
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example.com', authorization: 'Basic YTpi' },
  ]) {
    for (const ask of await guardedAsks()) {
      if (ask.method === 'GET') continue;
      const response = await knock(ask, { ...proxied, cookie, ...mark });
      // Input that lacks something is refused before or after, but never acted on.
      expect([400, 403], `${ask.method} ${ask.path}`).toContain(response.status);
    }
  }
  expect(await rowsOf(db)).toEqual(before);
});
