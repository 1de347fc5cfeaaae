import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { restBase } from '../../src/procedure.ts';
import { createWorld, type World } from '../support/world.ts';
import { ask, type Seen } from './answer.ts';
import { strangersTo } from './callers.ts';
import { decisions } from './decisions.ts';
import { fingerprint } from './fingerprint.ts';
import { type Input, operations, restRequestOf, trpcRequestOf } from './operations.ts';
import { sendRaw } from './raw.ts';
import { createVictim, newKey, noPlants, type Victim } from './victim.ts';

// Thousands of requests, on machines that are busy.
vi.setConfig({ testTimeout: 300_000 });

let world: World;
let owner: Victim;
beforeAll(async () => {
  world = await createWorld();
  owner = await createVictim(world, 'test');
});
afterAll(() => world?.stop());

const mutations = operations.filter(({ type }) => type === 'mutation');
const casesOf = (name: string) => decisions[name]?.cases(owner) ?? [];

/** Both doors of a mutation, for somebody who may do it: only the body is wrong. */
function doorsOf(operation: (typeof operations)[number], input: Input): string[] {
  const { path } = restRequestOf(operation, input);
  return operation.isProcedure ? [path, trpcRequestOf(operation, input).path] : [path];
}

async function sendBody(
  operation: (typeof operations)[number],
  sent: { body: string | Buffer<ArrayBuffer>; headers?: Record<string, string> },
  check: (seen: Seen) => void,
): Promise<void> {
  const [first] = casesOf(operation.name);
  for (const path of doorsOf(operation, first?.input ?? {})) {
    const method = path.startsWith('/api/trpc') ? 'POST' : operation.method;
    const init = { method, body: sent.body };
    const headers = {
      ...owner.browser.headers,
      'content-type': 'application/json',
      ...sent.headers,
    };
    check(await ask(world, { path, init, headers }, noPlants));
  }
}

const notJson: (string | Buffer<ArrayBuffer>)[] = [
  '{',
  '}',
  '{"a":}',
  "{'a':1}",
  '{"a":1}{"a":1}',
  '{"a":NaN}',
  '[1,]',
  'undefined',
  '\u0000',
  Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
  Buffer.from('{"a":"\xff"}', 'latin1'),
];

const notObjects = [
  '[]',
  '[{}]',
  '"{}"',
  'null',
  'true',
  '7',
  `${'['.repeat(9000)}${']'.repeat(9000)}`,
];

const unasked = [
  '{"__proto__":{"amountCents":10000,"advanceSeconds":5,"name":"x","prompt":"x"}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"prototype":{}}',
  '{"toString":1,"hasOwnProperty":1}',
  '{"accountId":"1001","userId":"somebody","mode":"live"}',
  '{"now":"2020-01-01T00:00:00.000Z"}',
  '{"json":{},"meta":{}}',
  `{"${'a'.repeat(9000)}":1}`,
];

describe('a body', () => {
  it('that is no JSON, no object, or says more than was asked does nothing', async () => {
    const before = await fingerprint(world);
    for (const operation of mutations) {
      for (const body of [...notJson, ...notObjects, ...unasked]) {
        await sendBody(operation, { body }, ({ what, status, reason, text }) => {
          expect([status, reason], `${what} ${body}: ${text}`).toEqual([400, 'INVALID_INPUT']);
        });
      }
    }
    expect(await fingerprint(world)).toEqual(before);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('of another type than JSON is not read', async () => {
    const before = await fingerprint(world);
    const types = [
      'text/plain',
      'text/json',
      'application/jsonp',
      'application/xml',
      'application/octet-stream',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
      'application/vnd.api+json',
    ];
    for (const operation of mutations) {
      for (const type of types) {
        await sendBody(operation, { body: '{}', headers: { 'content-type': type } }, (seen) => {
          expect([seen.status, seen.reason], `${seen.what} ${type}`).toEqual([
            415,
            'UNSUPPORTED_MEDIA_TYPE',
          ]);
        });
      }
    }
    expect(await fingerprint(world)).toEqual(before);
  });

  it('that is compressed is taken as it is, and so is no JSON', async () => {
    const body = Buffer.from(gzipSync('{}'));
    for (const operation of mutations) {
      await sendBody(operation, { body, headers: { 'content-encoding': 'gzip' } }, (seen) => {
        expect([seen.status, seen.reason], seen.what).toEqual([400, 'INVALID_INPUT']);
      });
    }
  });

  it('that is too large is refused, announced or not, before it is read to its end', async () => {
    const before = await fingerprint(world);
    const chunks = Array.from({ length: 10 }, () => `"${'x'.repeat(7000)}",`);
    for (const operation of mutations) {
      const tooLarge = (what: string, status: number, text: string) => {
        expect([status, text.includes('"reason":"PAYLOAD_TOO_LARGE"')], what).toEqual([413, true]);
      };
      await sendBody(operation, { body: `{"a":"${'x'.repeat(65_536)}"}` }, (seen) =>
        tooLarge(seen.what, seen.status, seen.text),
      );
      for (const path of doorsOf(operation, casesOf(operation.name)[0]?.input ?? {})) {
        const method = path.startsWith('/api/trpc') ? 'POST' : operation.method;
        const headers = { ...owner.browser.headers, 'content-type': 'application/json' };
        const { status, text } = await sendRaw(world, { method, path, headers, chunks });
        tooLarge(`${method} ${path} in chunks`, status, text);
      }
    }
    expect(await fingerprint(world)).toEqual(before);
  });

  it('with an idempotency key that cannot be kept does nothing', async () => {
    const before = await fingerprint(world);
    const keys = ['', '\u0000', 'a\u0000b', 'k'.repeat(256), 7, null, {}, ['k']];
    for (const operation of mutations.filter(({ isProcedure }) => isProcedure)) {
      for (const { input } of casesOf(operation.name)) {
        for (const idempotencyKey of keys) {
          const given = { ...input, idempotencyKey };
          for (const { path, init } of [
            restRequestOf(operation, given),
            trpcRequestOf(operation, given),
          ]) {
            const seen = await ask(world, { path, init, headers: owner.browser.headers }, noPlants);
            expect([seen.status, seen.reason], `${seen.what} ${JSON.stringify(given)}`).toEqual([
              400,
              'INVALID_INPUT',
            ]);
          }
        }
      }
    }
    expect(await fingerprint(world)).toEqual(before);
  });
});

describe('an id', () => {
  it('in the path is the one that counts', async () => {
    const [stranger] = await strangersTo(world, owner);
    if (stranger === undefined) throw new Error('no stranger');
    const before = await fingerprint(world, { without: [stranger.accountId] });
    const { sessionId, generationId, keyId, topupId } = owner;
    const nobody = crypto.randomUUID();
    const json = { 'content-type': 'application/json' };
    const attempts = [
      { path: `/generations/${nobody}/cancel`, method: 'POST', body: { id: generationId } },
      { path: `/generations/${generationId}/cancel`, method: 'POST', body: { id: nobody } },
      { path: `/keys/${nobody}`, method: 'DELETE', body: { id: keyId } },
      { path: `/keys/${keyId}`, method: 'DELETE', body: { id: nobody } },
      { path: `/sessions/${nobody}?id=${sessionId}`, method: 'GET' },
      { path: `/sessions/${sessionId}?id=${nobody}`, method: 'GET' },
      { path: `/topups/${nobody}?id=${topupId}`, method: 'GET' },
      { path: `/generations/${nobody}?id=${generationId}`, method: 'GET' },
      { path: `/generations/${generationId}/outputs/0?id=${nobody}&mode=test`, method: 'GET' },
    ];
    for (const { path, method, body } of attempts) {
      const init = { method, ...(body && { body: JSON.stringify(body), headers: json }) };
      const asked = { path: `${restBase}${path}`, init, headers: stranger.headers };
      const seen = await ask(world, asked, owner);
      expect([seen.status, seen.reason], seen.what).toEqual([404, 'NOT_FOUND']);
    }
    expect(await fingerprint(world, { without: [stranger.accountId] })).toEqual(before);
  });

  it('that no row can have is NOT_FOUND, like one that no row has', async () => {
    const ids = [
      'x',
      '0',
      '1001',
      'null',
      'undefined',
      '*',
      "' or '1'='1",
      '..',
      '../keys',
      '\u0000',
      '\ud800',
      '💥',
      `{${crypto.randomUUID()}}`,
      crypto.randomUUID().replaceAll('-', ''),
      '00000000-0000-0000-0000-000000000000',
      'a'.repeat(4000),
    ];
    const naming = operations.filter(
      ({ name, isProcedure }) =>
        isProcedure && casesOf(name).some(({ input }) => 'id' in input || 'sessionId' in input),
    );
    expect(naming.length).toBeGreaterThanOrEqual(8);
    const before = await fingerprint(world);
    for (const operation of naming) {
      for (const { input } of casesOf(operation.name)) {
        const field = ['id', 'sessionId'].find((name) => name in input);
        if (field === undefined) continue;
        for (const id of ids) {
          const { path, init } = trpcRequestOf(operation, { ...input, [field]: id });
          const seen = await ask(world, { path, init, headers: owner.browser.headers }, noPlants);
          expect([seen.status, seen.reason], seen.what).toEqual([404, 'NOT_FOUND']);
        }
      }
    }
    expect(await fingerprint(world)).toEqual(before);
  });
});

describe("another customer's idempotency key", () => {
  it('is nothing special: it repeats nothing of theirs', async () => {
    const [stranger] = await strangersTo(world, owner);
    if (stranger === undefined) throw new Error('no stranger');
    const mine = await newKey(owner.browser);
    expect(mine.name).toBe('a key');
    const before = await fingerprint(world, { without: [stranger.accountId] });
    const attempts: [string, object, number][] = [
      ['/start', { maxHours: 777, autoPauseMinutes: 1437 }, 402],
      ['/keys', { name: 'planted name of test' }, 200],
    ];
    for (const [path, body, status] of attempts) {
      const name = path === '/start' ? 'start' : 'key';
      const init = { method: 'POST', body: JSON.stringify(body) };
      const headers = {
        ...stranger.headers,
        'content-type': 'application/json',
        'idempotency-key': `${owner.idempotencyKey}-${name}`,
      };
      const asked = { path: `${restBase}${path}`, init, headers };
      // The name that was sent comes back; nothing else of the owner's does.
      const strings = owner.strings.filter((plant) => plant !== 'planted name of test');
      const seen = await ask(world, asked, { ...owner, strings });
      expect(seen.status, seen.text).toBe(status);
    }
    expect(await fingerprint(world, { without: [stranger.accountId] })).toEqual(before);
  });
});
