import { NextRequest } from 'next/server';
import { expect, test } from 'vitest';
import { config } from '../../src/proxy.ts';

const matches = (path: string) => {
  const [pattern] = config.matcher;
  return new RegExp(`^${pattern}$`).test(
    new NextRequest(`http://localhost${path}`).nextUrl.pathname,
  );
};

test.each([
  ['/', true],
  ['/hourly-usage', true],
  ['/hourly-usage/history', true],
  ['/docs', true],
  ['/api/trpc/hourlyUsage.status', false],
  ['/api/hourly-usage/start', false],
  ['/_next/static/chunks/main.js', false],
  ['/icon.svg', false],
])('%s goes through the proxy: %s', (path, expected) => expect(matches(path)).toBe(expected));
