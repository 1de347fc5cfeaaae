import { expect, test } from 'vitest';
import { originOf } from '../../src/server/origin.ts';

const fallback = 'http://localhost:3000';

test.each<[Record<string, string>, string]>([
  [{ host: 'localhost:4000' }, 'http://localhost:4000'],
  [{ host: 'a.example.com', 'x-forwarded-proto': 'https' }, 'https://a.example.com'],
  [
    { host: '127.0.0.1', 'x-forwarded-host': 'A.example.com', 'x-forwarded-proto': 'https' },
    'https://a.example.com',
  ],
  [
    { 'x-forwarded-host': 'a.example.com, inner', 'x-forwarded-proto': 'https,http' },
    'https://a.example.com',
  ],
  [{ host: '[::1]:3000' }, 'http://[::1]:3000'],
  [{}, fallback],
  [{ host: 'a.example.com/path' }, fallback],
  [{ host: 'user@a.example.com' }, fallback],
  [{ host: 'a b' }, fallback],
  [{ host: 'a.example.com', 'x-forwarded-proto': 'javascript' }, fallback],
])('%j is %s', (headers, origin) => {
  expect(originOf(new Headers(headers), fallback)).toBe(origin);
});
