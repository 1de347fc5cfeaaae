import { beforeEach, expect, test, vi } from 'vitest';
import { demoEnvironment } from './environment.ts';

beforeEach(() => {
  vi.resetModules();
  for (const [name, value] of Object.entries(demoEnvironment)) vi.stubEnv(name, value);
});

const load = async () => (await import('../../src/server/outside-request.ts')).outsideRequest;

test('a request keeps its method, headers, body and cancellation under the address that its sender used', async () => {
  const abort = new AbortController();
  const inside = new Request('http://localhost:3000/api/hourly-usage/start?a=1', {
    method: 'POST',
    headers: { host: 'hourly.example.com', 'x-forwarded-proto': 'https', 'idempotency-key': 'k' },
    body: '{"maxHours":2}',
    signal: abort.signal,
  });
  const outside = (await load())(inside);
  expect(outside.url).toBe('https://hourly.example.com/api/hourly-usage/start?a=1');
  expect(outside.method).toBe('POST');
  expect(outside.headers.get('idempotency-key')).toBe('k');
  await expect(outside.text()).resolves.toBe('{"maxHours":2}');
  abort.abort();
  expect(outside.signal.aborted).toBe(true);
});

test('the public address wins over what a request says', async () => {
  vi.stubEnv('HOURLY_PUBLIC_URL', 'https://billing.example.com/');
  const inside = new Request('http://localhost:3000/api/x', { headers: { host: 'evil.example' } });
  expect((await load())(inside).url).toBe('https://billing.example.com/api/x');
});
