import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { restBase } from '../../src/procedure.ts';
import { createWorld, type World } from '../support/world.ts';
import { hasAmount } from './answer.ts';
import { strangersTo } from './callers.ts';
import { fingerprint } from './fingerprint.ts';
import { templates } from './operations.ts';
import { type RawAnswer, sendRaw } from './raw.ts';
import { createVictim, type Victim } from './victim.ts';

// Thousands of requests, on machines that are busy.
vi.setConfig({ testTimeout: 300_000 });

let world: World;
let victim: Victim;
beforeAll(async () => {
  world = await createWorld();
  victim = await createVictim(world, 'live');
});
afterAll(() => world?.stop());

/** A path and what could be tried to be taken for another. */
const twists: Record<string, (path: string) => string> = {
  'as it is': (path) => path,
  'with a slash at its end': (path) => `${path}/`,
  'with two slashes': (path) => path.replace(/\/(\w+)$/, '//$1'),
  'with a dot': (path) => path.replace(/\/(\w+)$/, '/./$1'),
  'by a way round': (path) => path.replace(restBase, `${restBase}/keys/..`),
  'by a hidden way round': (path) => path.replace(restBase, `${restBase}/keys/%2e%2e`),
  'by a way round in one part': (path) => path.replace(restBase, `${restBase}/keys%2f..`),
  'with a hidden slash': (path) => `${path}%2f`,
  'with a hidden slash before': (path) => path.replace(/\/(\w+)$/, '/%2f$1'),
  'with a backslash': (path) => path.replace(/\/(\w+)$/, '\\$1'),
  'with a hidden backslash': (path) => `${path}%5c`,
  'with bytes that are no text': (path) => `${path}%ff`,
  'with a broken escape': (path) => `${path}%`,
  'with a broken character': (path) => `${path}%E0%A4%A`,
  'with NUL': (path) => `${path}%00`,
  'with NUL and more': (path) => `${path}%00.json`,
  'with a space': (path) => `${path}%20`,
  'with a line break': (path) => `${path}%0d%0aX-Planted:%201`,
  'with a parameter of the path': (path) => `${path};a=b`,
  'with an extension': (path) => `${path}.json`,
  'in capitals': (path) => path.replace(/\/(\w+)$/, (last) => last.toUpperCase()),
  'escaped twice': (path) => path.replace(/\/(\w+)$/, '%252f$1'),
  'with bytes in its query': (path) => `${path}?a=%ff&b=%`,
  'with a prototype in its query': (path) => `${path}?__proto__=1&constructor=1`,
  'very long': (path) => `${path}/${'a'.repeat(8000)}`,
};

function check(what: string, { status, headers, text }: RawAnswer): void {
  expect([200, 400, 401, 403, 404, 405], `${what}: ${text}`).toContain(status);
  expect(headers.get('x-request-id'), what).toMatch(/^req_/);
  expect(headers.has('x-planted'), what).toBe(false);
  expect(headers.get('location'), what).toBeNull();
  for (const plant of victim.strings) expect(text.includes(plant), `${what} ${plant}`).toBe(false);
  for (const amount of victim.amounts) expect(hasAmount(text, amount), what).toBe(false);
  if (status === 200) return;
  expect(JSON.parse(text), what).toMatchObject({
    message: expect.any(String),
    code: expect.any(String),
    reason: expect.any(String),
    requestId: headers.get('x-request-id'),
  });
}

const ids = (template: string) =>
  template
    .replace('{id}', template.startsWith('/generations') ? victim.generationId : victim.sessionId)
    .replace('{index}', '0');

describe('twisted paths', () => {
  it('lead nobody anywhere without credentials', async () => {
    const before = await fingerprint(world);
    for (const template of templates) {
      for (const [name, twist] of Object.entries(twists)) {
        for (const method of ['GET', 'POST']) {
          const path = twist(`${restBase}${ids(template)}`);
          const answer = await sendRaw(world, { method, path });
          check(`${method} ${path} (${name})`, answer);
          expect(answer.status, `${method} ${path}`).not.toBe(200);
        }
      }
    }
    expect(await fingerprint(world)).toEqual(before);
  });

  it("lead strangers to nothing of another's", async () => {
    const strangers = await strangersTo(world, victim);
    const without = strangers.map(({ accountId }) => accountId);
    const before = await fingerprint(world, { without });
    // A browser and the same customer's key of the other mode stand for all.
    for (const { name: as, headers } of [strangers.at(0), strangers.at(-2)].flatMap(
      (s) => s ?? [],
    )) {
      for (const template of templates) {
        for (const [name, twist] of Object.entries(twists)) {
          const path = twist(`${restBase}${ids(template)}`);
          check(`GET ${path} (${name}) as ${as}`, await sendRaw(world, { path, headers }));
        }
      }
    }
    expect(await fingerprint(world, { without })).toEqual(before);
  });

  it('of tRPC lead nowhere', async () => {
    const paths = [
      '/api/trpc/',
      '/api/trpc/hourlyUsage',
      '/api/trpc/hourlyUsage.',
      '/api/trpc/hourlyUsage.nothing',
      '/api/trpc/hourlyUsage.keys',
      '/api/trpc/__proto__',
      '/api/trpc/constructor.prototype',
      '/api/trpc/hourlyUsage.__proto__.status',
      '/api/trpc/hourlyUsage.status%00',
      '/api/trpc/%ff',
      '/api/trpc/%',
      '/api/trpc/hourlyUsage.status/../hourlyUsage.status',
      '/api/trpc/hourlyUsage%2estatus',
      '/api/trpc/hourlyUsage.status,hourlyUsage.balance',
      '/api/trpc/hourlyUsage.status,?batch=1',
      '/api/trpc/,,,?batch=1',
      `/api/trpc/${Array.from({ length: 11 }, () => 'hourlyUsage.status').join(',')}?batch=1`,
      '/api/trpc/hourlyUsage.session?input=%7B%22id%22',
      '/api/trpc/hourlyUsage.session?input=%ff',
      '/api/trpc/hourlyUsage.session?input=[]&input={}',
      '/api/trpc/hourlyUsage.status?batch=2&input={}',
    ];
    for (const path of paths) {
      const { status, headers, text } = await sendRaw(world, { path });
      expect([207, 400, 401, 404], `${path}: ${text}`).toContain(status);
      const requestId = headers.get('x-request-id');
      const body = JSON.parse(text) as { error: { data: object } } | { error: { data: object } }[];
      for (const { error } of [body].flat()) expect(error.data, path).toMatchObject({ requestId });
    }
  });
});
