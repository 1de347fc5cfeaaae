import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { restBase } from '../../src/procedure.ts';
import { createWorld, type World } from '../support/world.ts';
import { ask, hasAmount, lasting, requestsSent, type Seen } from './answer.ts';
import { type Headers, type Stranger, strangersTo, wrongCredentials } from './callers.ts';
import { decisions } from './decisions.ts';
import { fingerprint } from './fingerprint.ts';
import {
  type Input,
  methods,
  type Operation,
  type Outcome,
  operations,
  restRequestOf,
  statusOf,
  templates,
  trpcRequestOf,
} from './operations.ts';
import { createVictim, noPlants, type Victim } from './victim.ts';

// Thousands of requests, on machines that are busy.
vi.setConfig({ testTimeout: 300_000 });

let world: World;
let victims: Victim[];
beforeAll(async () => {
  world = await createWorld();
  victims = [await createVictim(world, 'live'), await createVictim(world, 'test')];
});
afterAll(async () => {
  await world?.stop();
  console.info(`strangers sent ${requestsSent()} requests`);
});

/** Both victims' plants: nobody is told of either. */
const allPlants = () => ({
  strings: victims.flatMap(({ strings }) => strings),
  amounts: victims.flatMap(({ amounts }) => amounts),
});

const casesOf = ({ name }: Operation, victim: Victim) => decisions[name]?.cases(victim) ?? [];

/** The operation by REST and, where it is a procedure, by tRPC. */
function requestsOf(operation: Operation, input: Input) {
  const rest = restRequestOf(operation, input);
  return operation.isProcedure ? [rest, trpcRequestOf(operation, input)] : [rest];
}

const outcomeOf = ({ status, reason }: Seen): [number, string | null] => [status, reason];
const expectedOf = (outcome: Outcome): [number, string | null] => [
  statusOf(outcome),
  outcome === 'ok' ? null : outcome,
];

describe('every operation', () => {
  it('is decided on, and nothing else is', () => {
    expect(operations.map(({ name }) => name).sort()).toEqual(Object.keys(decisions).sort());
  });

  it('is in the description of the API, and nothing else is', async () => {
    const response = await fetch(`${world.url}/api/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, object> };
    const described = Object.entries(paths)
      .filter(([path]) => path.startsWith(restBase))
      .flatMap(([path, of]) => Object.keys(of).map((method) => `${method.toUpperCase()} ${path}`));
    const routes = operations.map(({ method, template }) => `${method} ${restBase}${template}`);
    expect(described.sort()).toEqual([...new Set(routes)].sort());
  });

  it('shows the victim what is hidden from others', async () => {
    for (const victim of victims) {
      let told = '';
      for (const operation of operations.filter(({ type }) => type === 'query')) {
        for (const { input } of casesOf(operation, victim)) {
          for (const { path, init } of requestsOf(operation, input)) {
            const headers = victim.browser.headers;
            const seen = await ask(world, { path, init, headers }, noPlants);
            expect(seen.status, seen.what).toBe(200);
            told += seen.text;
          }
        }
      }
      for (const plant of victim.visible.strings) expect(told).toContain(plant);
      for (const amount of victim.visible.amounts) {
        expect(hasAmount(told, amount), String(amount)).toBe(true);
      }
    }
  });
});

describe('without credentials that are good', () => {
  it('every operation is refused, and nothing changes', async () => {
    for (const victim of victims) {
      const credentials = await wrongCredentials(world, victim);
      const before = await fingerprint(world);
      for (const [name, headers] of Object.entries(credentials)) {
        for (const operation of operations)
          await expectRefused(operation, { victim, name, headers });
      }
      expect(await fingerprint(world)).toEqual(before);
    }
  });

  async function expectRefused(
    operation: Operation,
    { victim, name, headers }: { victim: Victim; name: string; headers: Headers },
  ) {
    for (const { input } of casesOf(operation, victim)) {
      for (const { path, init } of requestsOf(operation, input)) {
        const seen = await ask(world, { path, init, headers, as: name }, allPlants());
        expect(outcomeOf(seen), seen.what).toEqual(expectedOf('UNAUTHENTICATED'));
      }
    }
  }

  it('no other method gets further', async () => {
    const [victim] = victims;
    if (victim === undefined) throw new Error('no victim');
    const credentials = Object.entries(await wrongCredentials(world, victim));
    const before = await fingerprint(world);
    // The method is looked at before the credentials: a few stand for all.
    for (const [name, headers] of credentials.filter((_, nth) => nth % 5 === 0)) {
      for (const template of templates) await tryMethods(template, { victim, name, headers });
      for (const operation of operations.filter(({ isProcedure }) => isProcedure)) {
        const { path, init } = trpcRequestOf(operation, {}, { turned: true });
        const seen = await ask(world, { path, init, headers, as: name }, allPlants());
        expect(['METHOD_NOT_ALLOWED', 'UNAUTHENTICATED'], seen.what).toContain(seen.reason);
      }
    }
    expect(await fingerprint(world)).toEqual(before);
  });

  /** Every method on a path of REST: those that it has ask for credentials, the others are not allowed. */
  async function tryMethods(
    template: string,
    { victim, name, headers }: { victim: Victim; name: string; headers: Headers },
  ) {
    const own = operations.filter((operation) => operation.template === template);
    const allowed = own.map(({ method }) => method);
    if (allowed.includes('GET')) allowed.push('HEAD');
    const ids = { id: victim.sessionId, index: '0' };
    for (const method of methods) {
      const { path, init } = restRequestOf({ name: '', method, template }, ids);
      const seen = await ask(world, { path, init, headers, as: name }, allPlants());
      if (method === 'OPTIONS') {
        expect([seen.status, seen.text], seen.what).toEqual([204, '']);
      } else {
        expect(seen.status, seen.what).toBe(allowed.includes(method) ? 401 : 405);
      }
      const allow = seen.headers.get('allow');
      if (allow === null) continue;
      expect(allow.split(', ').sort(), seen.what).toEqual([...new Set(allowed), 'OPTIONS'].sort());
    }
  }
});

describe.each([0, 1])('with credentials of another account (%i)', (index) => {
  let victim: Victim;
  let strangers: Stranger[];
  beforeAll(async () => {
    victim = victims[index] as Victim;
    strangers = await strangersTo(world, victim);
  });

  it('every operation is about the own account, which has nothing', async () => {
    const without = strangers.map(({ accountId }) => accountId);
    const before = await fingerprint(world, { without });
    for (const stranger of strangers) {
      for (const operation of operations) await expectOwn(operation, stranger);
      expect(await fingerprint(world, { without }), stranger.name).toEqual(before);
    }
  });

  async function expectOwn(operation: Operation, { name, headers, mode, kind }: Stranger) {
    const decision = decisions[operation.name];
    for (const { input, outcome } of casesOf(operation, victim)) {
      const own = typeof outcome === 'string' ? outcome : outcome[mode];
      const expected = decision?.keys === 'may not' && kind === 'key' ? 'FORBIDDEN' : own;
      for (const { path, init } of requestsOf(operation, input)) {
        const seen = await ask(world, { path, init, headers, as: name }, allPlants());
        expect(outcomeOf(seen), `${seen.what}: ${seen.text}`).toEqual(expectedOf(expected));
      }
    }
  }

  it("what is another's is refused in the very words in which what does not exist is", async () => {
    const nowhere: Victim = {
      ...victim,
      sessionId: crypto.randomUUID(),
      topupId: crypto.randomUUID(),
      generationId: crypto.randomUUID(),
      keyId: crypto.randomUUID(),
      payment: { ...victim.payment, razorpay_order_id: 'order_nowhere' },
    };
    let compared = 0;
    for (const { name, headers } of strangers) {
      for (const operation of operations) {
        const theirs = casesOf(operation, victim);
        const noOnes = casesOf(operation, nowhere);
        for (const [at, { input, outcome }] of theirs.entries()) {
          if (outcome !== 'NOT_FOUND') continue;
          const real = requestsOf(operation, input);
          const unreal = requestsOf(operation, noOnes[at]?.input ?? {});
          for (const [surface, request] of real.entries()) {
            const one = await ask(world, { ...request, headers, as: name }, allPlants());
            const other = await ask(
              world,
              { ...(unreal[surface] ?? request), headers },
              allPlants(),
            );
            expect(lasting(one), one.what).toBe(lasting(other));
            expect(namesOf(one), one.what).toEqual(namesOf(other));
            compared += 1;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  const namesOf = ({ headers }: Seen) => [...headers.keys()].sort();
});

describe("a victim's own key", () => {
  it('acts on its account, and manages no keys', async () => {
    for (const victim of victims) {
      const headers = { authorization: `Bearer ${victim.secret}`, cookie: 'user=somebody' };
      await ask(world, { path: `${restBase}/end`, headers }, noPlants);
      const ignore = { 'public.hourly_api_keys': ['last_used_at'] };
      const before = await fingerprint(world, { ignore });
      for (const operation of operations) {
        if (decisions[operation.name]?.keys !== 'may not') continue;
        for (const { input } of casesOf(operation, victim)) {
          for (const { path, init } of requestsOf(operation, input)) {
            const seen = await ask(world, { path, init, headers }, allPlants());
            expect(outcomeOf(seen), seen.what).toEqual(expectedOf('FORBIDDEN'));
          }
        }
      }
      expect(await fingerprint(world, { ignore })).toEqual(before);
    }
  });
});
