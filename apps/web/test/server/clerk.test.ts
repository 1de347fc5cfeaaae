import { expect, test } from 'vitest';
import { authenticate } from '../../src/server/auth/authenticate.ts';
import { parseWebEnv } from '../../src/server/env.ts';
import { claimsOf, hs256, keyPair, origin, rs256, unsigned } from './clerk-tokens.ts';
import { clerkEnvironment } from './environment.ts';

const { privateKey, publicPem } = keyPair();
const env = parseWebEnv(clerkEnvironment(publicPem));
const now = Math.floor(Date.now() / 1000);

const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'hourly.example.com' };

const byCookie = (token: string, headers: Record<string, string> = proxied, on = env) =>
  authenticate(on, {
    headers: new Headers(headers),
    cookie: (name) => (name === '__session' ? token : undefined),
  });

const byBearer = (authorization: string) =>
  authenticate(env, {
    headers: new Headers({ ...proxied, authorization }),
    cookie: () => undefined,
  });

test('a good token signs in, by cookie and as bearer', async () => {
  const token = rs256(claimsOf(), privateKey);
  await expect(byCookie(token)).resolves.toEqual({ userId: 'user_2abc', name: null });
  await expect(byBearer(`Bearer ${token}`)).resolves.toMatchObject({ userId: 'user_2abc' });
});

test('the name comes from the claims that the operator added', async () => {
  const token = rs256(claimsOf({ name: 'Studio', email: 'studio@example.com' }), privateKey);
  await expect(byCookie(token)).resolves.toEqual({ userId: 'user_2abc', name: 'Studio' });
});

test.each<[string, string]>([
  ['signed by another key', rs256(claimsOf(), keyPair().privateKey)],
  ['expired', rs256(claimsOf({ exp: now - 60 }), privateKey)],
  ['without an expiry', rs256(claimsOf({ exp: undefined }), privateKey)],
  ['not yet valid', rs256(claimsOf({ nbf: now + 120 }), privateKey)],
  ['issued in the future', rs256(claimsOf({ iat: now + 120 }), privateKey)],
  ['made for another site', rs256(claimsOf({ azp: 'https://evil.example.com' }), privateKey)],
  ['made for no site', rs256(claimsOf({ azp: undefined }), privateKey)],
  ['without a user', rs256(claimsOf({ sub: undefined }), privateKey)],
  ['with tasks pending', rs256(claimsOf({ sts: 'pending' }), privateKey)],
  ['unsigned', unsigned(claimsOf())],
  ['signed with the public key as a secret', hs256(claimsOf(), publicPem)],
  ['not a token', 'nonsense'],
  ['cut short', rs256(claimsOf(), privateKey).slice(0, -20)],
  ['empty', ''],
])('a token %s is refused', async (_what, token) => {
  await expect(byCookie(token)).resolves.toBeNull();
  if (token) await expect(byBearer(`Bearer ${token}`)).resolves.toBeNull();
});

test('claims changed after signing are refused', async () => {
  const [header, , signature] = rs256(claimsOf(), privateKey).split('.');
  const other = Buffer.from(JSON.stringify(claimsOf({ sub: 'user_other' }))).toString('base64url');
  await expect(byCookie(`${header}.${other}.${signature}`)).resolves.toBeNull();
});

test('an API key is not taken for a token, and the cookie still counts', async () => {
  await expect(byBearer('Bearer hk_live_abc')).resolves.toBeNull();
  const token = rs256(claimsOf(), privateKey);
  await expect(
    byCookie(token, { ...proxied, authorization: 'Bearer hk_live_abc' }),
  ).resolves.toMatchObject({ userId: 'user_2abc' });
});

test('the authorized party is the public address where one is set, whatever the request says', async () => {
  const fixed = parseWebEnv({ ...clerkEnvironment(publicPem), HOURLY_PUBLIC_URL: `${origin}/` });
  const elsewhere = { host: 'evil.example.com', 'x-forwarded-proto': 'https' };
  const own = rs256(claimsOf(), privateKey);
  const foreign = rs256(claimsOf({ azp: 'https://evil.example.com' }), privateKey);
  await expect(byCookie(own, elsewhere, fixed)).resolves.toMatchObject({ userId: 'user_2abc' });
  await expect(byCookie(foreign, elsewhere, fixed)).resolves.toBeNull();
});

test('a proxy that ends TLS without telling locks nobody out; one host is never taken for another', async () => {
  const token = rs256(claimsOf(), privateKey);
  const untold = { host: 'hourly.example.com' };
  await expect(byCookie(token, untold)).resolves.toMatchObject({ userId: 'user_2abc' });
  const insecure = rs256(claimsOf({ azp: 'http://hourly.example.com' }), privateKey);
  await expect(byCookie(insecure)).resolves.toBeNull();
  const port = rs256(claimsOf({ azp: 'https://hourly.example.com:8443' }), privateKey);
  await expect(byCookie(port, untold)).resolves.toBeNull();
});

test('a PEM in one line works like one in many', async () => {
  const oneLine = parseWebEnv(clerkEnvironment(`"${publicPem.replaceAll('\n', '\\n')}"`));
  const token = rs256(claimsOf(), privateKey);
  await expect(byCookie(token, proxied, oneLine)).resolves.toMatchObject({ userId: 'user_2abc' });
});
