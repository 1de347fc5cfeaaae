import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { restBase } from '../../src/procedure.ts';
import { createWorld, type World } from '../support/world.ts';
import { ask, type Seen } from './answer.ts';
import type { Headers } from './callers.ts';
import { decisions } from './decisions.ts';
import { fingerprint } from './fingerprint.ts';
import { operations, restRequestOf, trpcRequestOf } from './operations.ts';
import { createVictim, noPlants, type Victim } from './victim.ts';

// Thousands of requests, on machines that are busy.
vi.setConfig({ testTimeout: 300_000 });

let world: World;
let victims: Victim[];
beforeAll(async () => {
  world = await createWorld();
  victims = [await createVictim(world, 'live'), await createVictim(world, 'test')];
});
afterAll(() => world?.stop());

const mutations = operations.filter(({ type }) => type === 'mutation');

/** How browsers mark what a page of another site sends with the customer's cookies. */
const marks = (own: URL): Record<string, Headers> => ({
  'another site': { origin: 'https://evil.example' },
  'another site, in a new browser': {
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'no-cors',
  },
  'a page without an origin': { origin: 'null' },
  'a page that hides its origin': { 'sec-fetch-site': 'cross-site' },
  'a neighbour under the same domain': { 'sec-fetch-site': 'same-site' },
  'another port of the same host': { origin: `http://${own.hostname}:1` },
  'a host that begins like ours': { origin: `${own.origin}.evil.example` },
  'a host that ends like ours': { origin: `https://evil-${own.host}` },
  'our host as a user name': { origin: `https://${own.host}@evil.example` },
  'another scheme': { origin: 'file://' },
  'no origin at all': { origin: 'evil' },
  'another site, with a password that the browser knows': {
    origin: 'https://evil.example',
    authorization: `Basic ${Buffer.from('a:b').toString('base64')}`,
  },
});

/** What pages can send without being asked first, and what they could if they were let. */
const bodies: Record<
  string,
  { headers: Headers; wrap: (text: string) => string | Buffer<ArrayBuffer> }
> = {
  JSON: { headers: { 'content-type': 'application/json' }, wrap: (text) => text },
  text: { headers: { 'content-type': 'text/plain' }, wrap: (text) => text },
  'no type': { headers: {}, wrap: (text) => Buffer.from(text) },
  'a form': {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    wrap: (text) => `${encodeURIComponent(text)}=`,
  },
  'a form of text': {
    headers: { 'content-type': 'text/plain;application/json' },
    wrap: (text) => `${text.replace(/\}$/, '')}${text === '{}' ? '' : ','}"=":"="}`,
  },
};

describe("a page of another site, with the customer's cookies", () => {
  it('does nothing, whatever it sends', async () => {
    const before = await fingerprint(world);
    for (const victim of victims) {
      for (const operation of mutations) {
        for (const { input } of decisions[operation.name]?.cases(victim) ?? []) {
          const rest = restRequestOf(operation, input);
          await expectForbidden(rest, victim);
          if (operation.isProcedure) await expectForbidden(trpcRequestOf(operation, input), victim);
        }
      }
    }
    expect(await fingerprint(world)).toEqual(before);
  });

  async function expectForbidden(
    { path, init }: { path: string; init: RequestInit },
    { browser, mode }: Victim,
  ) {
    for (const [from, mark] of Object.entries(marks(new URL(world.url)))) {
      const headers = { ...browser.headers, ...mark };
      // The other kinds are refused whoever sends them: one sender stands for all.
      const kinds = Object.entries(bodies).slice(0, from === 'another site' ? undefined : 1);
      for (const [kind, body] of kinds) {
        const sent = {
          method: init.method ?? 'POST',
          body: body.wrap(String(init.body)),
          headers: body.headers,
        };
        const as = `${mode} from ${from} as ${kind}`;
        const seen = await ask(world, { path, init: sent, headers, as }, noPlants);
        expect(refused(seen, kind), `${seen.what}: ${seen.text}`).toBe(true);
      }
      const bodyless = { method: init.method ?? 'POST' };
      const seen = await ask(world, { path, init: bodyless, headers, as: from }, noPlants);
      // Where something is missing without a body, that may be said first.
      const reasons = ['FORBIDDEN', 'INVALID_INPUT'];
      expect(reasons, `${seen.what}: ${seen.text}`).toContain(seen.reason);
    }
  }

  const refused = ({ reason }: Seen, kind: string): boolean =>
    reason === 'FORBIDDEN' || (kind !== 'JSON' && reason === 'UNSUPPORTED_MEDIA_TYPE');

  it('turns no reading into doing', async () => {
    const before = await fingerprint(world);
    for (const { browser } of victims) {
      for (const operation of mutations.filter(({ isProcedure }) => isProcedure)) {
        const { path } = trpcRequestOf(operation, {}, { turned: true });
        const seen = await ask(world, { path, headers: browser.headers }, noPlants);
        expect(seen.reason, seen.what).toBe('METHOD_NOT_ALLOWED');
      }
      for (const path of [`${restBase}/end`, `${restBase}/topup`, `${restBase}/keys`]) {
        for (const override of [
          { 'x-http-method-override': 'POST' },
          { 'x-method-override': 'DELETE' },
        ]) {
          const headers = { ...browser.headers, ...override };
          const seen = await ask(world, { path: `${path}`, headers }, noPlants);
          expect(seen.status, seen.what).toBe(200);
        }
      }
      const headers = browser.headers;
      const seen = await ask(world, { path: `${restBase}/end?_method=POST`, headers }, noPlants);
      expect(seen.reason).toBe('INVALID_INPUT');
    }
    expect(await fingerprint(world)).toEqual(before);
  });

  it('hides no foreign mutation in a batch', async () => {
    const before = await fingerprint(world);
    const [victim] = victims;
    const headers = {
      ...victim?.browser.headers,
      origin: 'https://evil.example',
      'content-type': 'application/json',
    };
    const path = '/api/trpc/hourlyUsage.end,hourlyUsage.toggle?batch=1';
    const init = { method: 'POST', body: '{"0":{},"1":{}}' };
    const seen = await ask(world, { path, init, headers }, noPlants);
    const answers = JSON.parse(seen.text) as { error: { data: { reason: string } } }[];
    expect(answers.map(({ error }) => error.data.reason)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(await fingerprint(world)).toEqual(before);
  });
});

describe('who is no such page', () => {
  it('acts: our own pages, and programs with keys wherever they run', async () => {
    const [victim] = victims;
    if (victim === undefined) throw new Error('no victim');
    const own = new URL(world.url);
    const key = { authorization: `Bearer ${victim.secret}` };
    const callers: Headers[] = [
      victim.browser.headers,
      { ...victim.browser.headers, origin: own.origin, 'sec-fetch-site': 'same-origin' },
      { ...victim.browser.headers, 'sec-fetch-site': 'none' },
      key,
      { ...key, origin: 'https://customer.example', 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of callers) {
      for (const path of [`${restBase}/toggle`, '/api/trpc/hourlyUsage.toggle']) {
        const seen = await ask(world, { path, init: { method: 'POST' }, headers }, noPlants);
        expect(seen.status, `${seen.what}: ${seen.text}`).toBe(200);
      }
    }
  });
});
