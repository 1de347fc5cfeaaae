import { expect, test } from 'vitest';
import { authenticate } from '../../src/server/auth/authenticate.ts';
import { openDemoCookie, sealDemoCookie } from '../../src/server/auth/demo-cookie.ts';
import { parseWebEnv } from '../../src/server/env.ts';
import { keyPair } from './clerk-tokens.ts';
import { clerkEnvironment, demoEnvironment } from './environment.ts';

const secret = demoEnvironment.HOURLY_DEMO_SECRET;
const now = Date.UTC(2026, 0, 31);
const days = 24 * 3600 * 1000;

const signedIn = (cookie: string | undefined, variables: Record<string, string>) =>
  authenticate(parseWebEnv(variables), {
    headers: new Headers(),
    cookie: (name) => (name === 'hourly_demo' ? cookie : undefined),
  });

test('a sealed cookie names its customer for 30 days', () => {
  const cookie = sealDemoCookie('demo_studio', secret, now);
  expect(openDemoCookie(cookie, secret, now)).toBe('demo_studio');
  expect(openDemoCookie(cookie, secret, now + 30 * days - 1000)).toBe('demo_studio');
  expect(openDemoCookie(cookie, secret, now + 30 * days)).toBeNull();
});

test('a forged or torn cookie names nobody', () => {
  const cookie = sealDemoCookie('demo_studio', secret, now);
  const [userId, expiresAt, signature] = cookie.split('.');
  const forgeries = [
    `demo_agency.${expiresAt}.${signature}`,
    `${userId}.${Number(expiresAt) + 1}.${signature}`,
    `${userId}.${expiresAt}.`,
    `${userId}.${expiresAt}`,
    `${cookie}.more`,
    `${cookie}x`,
    '',
    '..',
    sealDemoCookie('demo_studio', 'another secret of the same kind', now),
  ];
  for (const forgery of forgeries) expect(openDemoCookie(forgery, secret, now)).toBeNull();
});

test('the cookie signs in without Clerk', async () => {
  const cookie = sealDemoCookie('demo_studio', secret, Date.now());
  await expect(signedIn(cookie, demoEnvironment)).resolves.toEqual({
    userId: 'demo_studio',
    name: 'Studio',
  });
});

test('a signed cookie of nobody we know signs nobody in', async () => {
  const cookie = sealDemoCookie('user_2abc', secret, Date.now());
  await expect(signedIn(cookie, demoEnvironment)).resolves.toBeNull();
  await expect(signedIn(undefined, demoEnvironment)).resolves.toBeNull();
});

test('the cookie counts for nothing where Clerk signs people in', async () => {
  const cookie = sealDemoCookie('demo_studio', secret, Date.now());
  await expect(signedIn(cookie, clerkEnvironment(keyPair().publicPem))).resolves.toBeNull();
});
