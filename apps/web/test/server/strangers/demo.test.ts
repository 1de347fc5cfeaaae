import { createHmac } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sealDemoCookie } from '../../../src/server/auth/demo-cookie.ts';
import { claimsOf, keyPair, rs256 } from '../clerk-tokens.ts';
import { demoEnvironment } from '../environment.ts';
import { expectUnauthenticated, guardedAsks, knock, rowsOf } from './doors.ts';

const secret = demoEnvironment.HOURLY_DEMO_SECRET;
const day = 24 * 3600 * 1000;
// Thousands of requests, on machines that are busy.
vi.setConfig({ testTimeout: 300_000 });

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('hourly_app');
  const environment = { ...demoEnvironment, DATABASE_URL: db.ownerUrl, LOG_LEVEL: 'silent' };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterAll(() => db.drop());

const good = sealDemoCookie('demo_studio', secret, Date.now());
const [userId, expiresAt, signature] = good.split('.') as [string, string, string];
const plain = (claim: string) => createHmac('sha256', secret).update(claim).digest('base64url');
const reversed = [...signature].reverse().join('');

/** What could be taken for the demo's cookie, by what is wrong with it. */
const forgeries: Record<string, string> = {
  empty: '',
  'a name alone': 'demo_studio',
  'no signature': `${userId}.${expiresAt}.`,
  'another signature': `${userId}.${expiresAt}.${reversed}`,
  'another customer': `demo_agency.${expiresAt}.${signature}`,
  'a later end': `${userId}.${Number(expiresAt) + 86_400}.${signature}`,
  'no end': `${userId}.Infinity.${signature}`,
  'cut short': good.slice(0, -1),
  'more at its end': `${good}.x`,
  'in quotes': `"${good}"`,
  'in capitals': good.toUpperCase(),
  escaped: encodeURIComponent(good).replaceAll('.', '%2E'),
  'signed with another secret': sealDemoCookie('demo_studio', `${secret}0`, Date.now()),
  'signed with the webhook secret': sealDemoCookie(
    'demo_studio',
    demoEnvironment.RAZORPAY_WEBHOOK_SECRET,
    Date.now(),
  ),
  'signed for another purpose': `${userId}.${expiresAt}.${plain(`${userId}.${expiresAt}`)}`,
  'over since yesterday': sealDemoCookie('demo_studio', secret, Date.now() - 31 * day),
  'of nobody we know': sealDemoCookie('user_2abc', secret, Date.now()),
  'of an operator': sealDemoCookie('admin', secret, Date.now()),
};

test('no forged cookie opens any door, and nothing changes', async () => {
  const asks = await guardedAsks();
  expect(asks.length).toBeGreaterThan(40);
  const before = await rowsOf(db);
  for (const [name, value] of Object.entries(forgeries)) {
    for (const ask of asks) {
      const response = await knock(ask, { cookie: `hourly_demo=${value}` });
      await expectUnauthenticated(response, `${ask.method} ${ask.path} with a cookie ${name}`);
    }
  }
  expect(await rowsOf(db)).toEqual(before);
});

test('nothing else than that cookie signs in', async () => {
  const token = rs256(claimsOf({ azp: 'http://localhost:3000' }), keyPair().privateKey);
  const elsewhere: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${good}` },
    { authorization: `Bearer ${token}` },
    { 'x-hourly-demo': good },
    { cookie: `Hourly_Demo=${good}` },
    { cookie: `xhourly_demo=${good}` },
    { cookie: `__session=${good}` },
    { cookie: `__session=${token}` },
    { cookie: `a="; hourly_demo=${good}"` },
    { cookie: `hourly_demo=; hourly_demo=${good}` },
  ];
  for (const headers of elsewhere) {
    for (const ask of await guardedAsks()) {
      const response = await knock(ask, headers);
      await expectUnauthenticated(response, `${ask.method} ${ask.path} ${JSON.stringify(headers)}`);
    }
  }
});

test('the good one does, and pages of other sites cannot use it', async () => {
  const cookie = `hourly_demo=${good}`;
  const status = { method: 'GET', path: '/api/hourly-usage/end', body: null } as const;
  expect((await knock(status, { cookie })).status).toBe(200);
  const before = await rowsOf(db);
  for (const mark of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ]) {
    for (const ask of await guardedAsks()) {
      if (ask.method === 'GET') continue;
      const response = await knock(ask, { cookie, host: 'localhost:3000', ...mark });
      // Input that lacks something is refused before or after, but never acted on.
      expect([400, 403], `${ask.method} ${ask.path}`).toContain(response.status);
    }
  }
  expect(await rowsOf(db)).toEqual(before);
});
