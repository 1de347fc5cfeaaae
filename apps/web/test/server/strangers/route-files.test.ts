import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { demoEnvironment } from '../environment.ts';
import { loadRoutes, type Method, methods, routeFiles, rowsOf } from './doors.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase('hourly_app');
  const environment = { ...demoEnvironment, DATABASE_URL: db.ownerUrl, LOG_LEVEL: 'silent' };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterAll(() => db.drop());

/** What each file of routes answers to nobody: where, the status of each method, and what is allowed. */
const decisions: Record<
  string,
  { path: string; allow: string; statuses: Partial<Record<Method, number>>; other: number }
> = {
  '[...path]/route.ts': { path: '/api/nothing', allow: '', statuses: {}, other: 404 },
  'health/route.ts': {
    path: '/api/health',
    allow: 'GET, HEAD',
    statuses: { GET: 200, HEAD: 200 },
    other: 405,
  },
  'hourly-usage/[...path]/route.ts': {
    path: '/api/hourly-usage/end',
    allow: 'POST, GET, HEAD, OPTIONS',
    statuses: { GET: 401, HEAD: 401, POST: 401, OPTIONS: 204 },
    other: 405,
  },
  'openapi.json/route.ts': {
    path: '/api/openapi.json',
    allow: 'GET, HEAD',
    statuses: { GET: 200, HEAD: 200 },
    other: 405,
  },
  'trpc/[trpc]/route.ts': {
    path: '/api/trpc/hourlyUsage.status',
    allow: 'GET, POST',
    statuses: { GET: 401 },
    other: 405,
  },
  'webhooks/razorpay-hourly/route.ts': {
    path: '/api/webhooks/razorpay-hourly',
    allow: 'POST',
    statuses: { POST: 400 },
    other: 405,
  },
};

test('every file of routes is decided on, and answers every method itself', async () => {
  expect(routeFiles).toEqual(Object.keys(decisions).sort());
  const before = await rowsOf(db);
  for (const [file, { path, allow, statuses, other }] of Object.entries(decisions)) {
    const routes = await loadRoutes(file);
    for (const method of methods) {
      const request = new Request(`http://localhost:3000${path}`, { method });
      const response = await routes[method]?.(request);
      const what = `${method} ${path}`;
      expect(response?.status, what).toBe(statuses[method] ?? other);
      expect(response?.headers.get('x-request-id'), what).toMatch(/^req_/);
      if (response?.status === 405 && file !== 'trpc/[trpc]/route.ts') {
        expect(response.headers.get('allow'), what).toBe(allow);
      }
      if (response?.status === 405) expect(response.headers.get('allow'), what).not.toBeNull();
      const text = (await response?.text()) ?? '';
      if ((response?.status ?? 0) >= 400) expect(text, what).toContain('"reason":"');
    }
  }
  expect(await rowsOf(db)).toEqual(before);
});
