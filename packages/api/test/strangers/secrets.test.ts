import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { CreatedApiKey, Generation, Session, Topup } from '@hourly/contract';
import {
  createRazorpayGateway,
  createRunpodGateway,
  finishGenerations,
  reconcileTopups,
} from '@hourly/services';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createApi } from '../../src/index.ts';
import { restBase } from '../../src/procedure.ts';
import { lever, pay } from '../support/customer.ts';
import { waitFor } from '../support/wait-for.ts';
import { createWorld, secrets, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 300_000 });

const cookieValue = 'planted-cookie-Zq7';
const browser = { cookie: `user=somebody; planted=${cookieValue}` };
const wrongSecret = 'wrong-key-secret-of-the-tests';

const lines: string[] = [];
const answers: string[] = [];
const standInLines: string[] = [];
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-secrets-'));
/** Whatever opens a door, as soon as it exists. */
const plants = new Set<string>([
  cookieValue,
  wrongSecret,
  secrets.keySecret,
  secrets.webhookSecret,
  secrets.runpodApiKey,
  Buffer.from(`${secrets.keyId}:${secrets.keySecret}`).toString('base64'),
  Buffer.from(`${secrets.keyId}:${wrongSecret}`).toString('base64'),
]);
const secretKeys: string[] = [];

let world: World;
beforeAll(async () => {
  // As the web app's own log, which has no options but its name and level.
  const productLog = pino({ name: 'web', level: 'debug' }, { write: (line) => lines.push(line) });
  const sandbox = { log: (line: string) => standInLines.push(line), dataDir };
  world = await createWorld({
    paymentTimeoutMs: 400,
    generationTimeoutMs: 400,
    productLog,
    sandbox,
  });
});
afterAll(async () => {
  await world?.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

type Headers = Record<string, string>;

/** One call by REST; what it answers is kept, but for the one answer that has a key's secret. */
async function call<Body = object>(
  method: string,
  at: string,
  options: {
    body?: unknown;
    headers?: Headers;
    api?: (request: Request) => Promise<Response>;
  } = {},
): Promise<Body> {
  const { body, headers = browser, api = (request: Request) => fetch(request) } = options;
  const response = await api(
    new Request(`${world.url}${restBase}${at}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const parsed = JSON.parse(text) as Body;
  const secret = (parsed as { secret?: string | null }).secret ?? null;
  if (secret !== null) {
    plants.add(secret);
    // A part of it would do as well: the first letters are shown on purpose.
    plants.add(secret.slice(13, 33));
    secretKeys.push(secret);
  }
  answers.push(
    `${[...response.headers].join('\n')}\n${secret === null ? text : text.replace(secret, '')}`,
  );
  return parsed;
}

const bearer = (secret: string | undefined): Headers => ({ authorization: `Bearer ${secret}` });

async function topUpAndFail(): Promise<void> {
  const topup = await call<Topup>('POST', '/topup', { body: { amountCents: 10_000 } });
  const paid = await pay(world, topup.checkout?.orderId ?? '', { webhook: 'duplicate' });
  await call('POST', '/topup/confirm', { body: paid });
  await call('POST', '/topup/confirm', { body: { ...paid, razorpay_signature: '0'.repeat(64) } });
  for (const fault of [
    { status: 500, times: 1 },
    { mode: 'reset', times: 1 },
    { mode: 'hang', times: 1 },
    { mode: 'lose_answer', times: 1 },
  ]) {
    await lever(world, '/faults', { razorpay: fault });
    await call('POST', '/topup', { body: { amountCents: 20_000 } });
  }
  await lever(world, '/faults', { razorpay: { status: 503, times: 100 } });
  await world.db.owner.query('update hourly_topup_transactions set next_check_at = now()');
  await reconcileTopups(world.ctx, { limit: 10 });
  await fetch(`${world.sandbox.url}/_sandbox/faults`, { method: 'DELETE' });
}

async function generateAndFail(): Promise<void> {
  await waitFor(async () => {
    const session = await call<Session>('POST', '/start');
    return session.status === 'active' ? session : null;
  });
  await call('POST', '/generate', { body: { prompt: 'a lighthouse', waitSeconds: 5 } });
  for (const fault of [
    { status: 500, times: 2 },
    { mode: 'reset', times: 2 },
    { mode: 'hang', times: 2 },
  ]) {
    await lever(world, '/faults', { runpod: fault });
    await call('POST', '/generate', { body: { prompt: 'a boat', waitSeconds: 0 } });
  }
  const started = await call<Generation>('POST', '/generate', {
    body: { prompt: 'a gull', waitSeconds: 0 },
  });
  await lever(world, '/faults', { runpod: { status: 500, times: 100 } });
  await world.db.owner.query(
    "update hourly_generations set look_after_at = now() - interval '1 s' where look_after_at is not null",
  );
  await finishGenerations(world.ctx, { limit: 10 });
  await call('POST', `/generations/${started.id}/cancel`);
  await fetch(`${world.sandbox.url}/_sandbox/faults`, { method: 'DELETE' });
}

async function useKeys(): Promise<void> {
  const key = await call<CreatedApiKey>('POST', '/keys', { body: { name: 'server' } });
  const doomed = await call<CreatedApiKey>('POST', '/keys', { body: { name: 'doomed' } });
  const headers = bearer(secretKeys[0]);
  for (const at of ['/end', '/topup', '/keys', '/sessions/x', '/transactions', '/usage?tz=Mars']) {
    await call('GET', at, { headers: { ...headers, ...browser } });
  }
  await call('GET', `/sessions/${secretKeys[0]}`, { headers });
  await call('DELETE', `/keys/${doomed.id}`);
  await call('GET', '/end', { headers: bearer(secretKeys[1]) });
  await call('GET', '/end', { headers: bearer(`${secretKeys[0]}x`) });
  await call('GET', '/keys');
  // A row that the database refuses is shown in its error, whole.
  await world.db.owner.query(
    "alter table hourly_api_keys add constraint nope check (name <> 'nope')",
  );
  await call('POST', '/keys', { body: { name: 'nope' }, headers: { ...browser } });
  await world.db.owner.query('alter table hourly_api_keys drop constraint nope');
  expect(key.prefix).toHaveLength(13);
}

async function breakTheDatabase(): Promise<void> {
  const headers = { ...browser, ...bearer(secretKeys[0]) };
  for (const table of ['hourly_api_keys', 'hourly_generation_outputs', 'hourly_requests']) {
    await world.db.owner.query(`alter table ${table} rename to away`);
    await call('GET', '/end', { headers });
    await call('GET', `/generations/${crypto.randomUUID()}/outputs/0`);
    await call('POST', '/end', { headers: { ...browser, 'idempotency-key': 'a key' } });
    await world.db.owner.query(`alter table away rename to ${table}`);
  }
}

async function misconfigure(): Promise<void> {
  // Somebody else's server, where the provider was expected.
  const server = createServer((asked, answer) => {
    answer.writeHead(401, { 'content-type': 'application/json' });
    answer.end(JSON.stringify({ error: { code: 'X', description: `No ${asked.url}` } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  for (const apiUrl of [world.sandbox.url, url, 'http://127.0.0.1:1']) {
    const wrong = createApi({
      ctx: {
        ...world.ctx,
        payments: createRazorpayGateway({
          ...secrets,
          keySecret: wrongSecret,
          apiUrl,
          timeoutMs: 400,
        }),
        generator: createRunpodGateway({ endpointUrl: `${apiUrl}/v2/x`, apiKey: wrongSecret }),
      },
      log: world.ctx.log,
      authenticateBrowser: async () => ({ userId: 'somebody' }),
    });
    await call('POST', '/topup', { body: { amountCents: 30_000 }, api: wrong.rest });
    const refused = await call('POST', '/generate', {
      body: { prompt: 'x', waitSeconds: 0 },
      api: wrong.rest,
    });
    expect(refused).toMatchObject({ reason: 'GENERATION_PROVIDER_ERROR' });
  }
  await new Promise((resolve) => server.close(resolve));
}

async function receiveWebhooks(): Promise<void> {
  const send = async (raw: string, secret: string) => {
    const headers = {
      ...browser,
      'x-razorpay-signature': createHmac('sha256', secret).update(raw).digest('hex'),
    };
    const response = await fetch(`${world.url}/api/webhooks/razorpay-hourly`, {
      method: 'POST',
      body: raw,
      headers,
    });
    answers.push(await response.text());
  };
  const foreign = {
    id: 'pay_1',
    order_id: 'order_1',
    amount: 5,
    currency: 'USD',
    status: 'captured',
  };
  const payload = { payment: { entity: foreign } };
  await send(JSON.stringify({ event: 'payment.captured', payload }), secrets.webhookSecret);
  await send(JSON.stringify({ event: 'payment.captured', payload: {} }), secrets.webhookSecret);
  await send('{', secrets.webhookSecret);
  await send('{}', wrongSecret);
}

/** Every row of every table as text. */
async function everyRow(): Promise<string> {
  const { rows: tables } = await world.db.owner.query<{ name: string }>(
    `select format('%s.%I', relnamespace::regnamespace, relname) as name from pg_class
     where relkind = 'r' and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await world.db.owner.query<{ row: string }>(
      `select t::text as row from ${name} t`,
    );
    found.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return found.join('\n');
}

it('no secret is written down anywhere, whatever happens', async () => {
  await topUpAndFail();
  await generateAndFail();
  await useKeys();
  await misconfigure();
  await breakTheDatabase();
  await receiveWebhooks();

  const rows = await everyRow();
  const log = lines.join('');
  const journal = fs.readFileSync(path.join(dataDir, 'sandbox.jsonl'), 'utf8');
  // There is something in each place in which a secret could be.
  expect(lines.length).toBeGreaterThan(15);
  expect(log).toMatch(/the order of a top-up was not made/);
  expect(log).toMatch(/a webhook event could not be processed/);
  expect(log).toMatch(/a request failed/);
  expect(answers.length).toBeGreaterThan(40);
  expect(answers.join('')).toMatch(/"reason":"INTERNAL"/);
  expect(answers.join('')).toMatch(/"reason":"PAYMENT_PROVIDER_ERROR"/);
  expect(answers.join('')).toMatch(/"reason":"GENERATION_PROVIDER_ERROR"/);
  expect(rows.length).toBeGreaterThan(1000);
  expect(journal.length).toBeGreaterThan(100);
  expect(standInLines.length).toBeGreaterThan(10);
  expect(secretKeys.length).toBe(2);

  const places = {
    log,
    answers: answers.join('\n'),
    rows,
    journal,
    standIns: standInLines.join('\n'),
  };
  const told = Object.entries(places).flatMap(([place, text]) =>
    [...plants].filter((plant) => text.includes(plant)).map((plant) => `${place}: ${plant}`),
  );
  expect(told).toEqual([]);
  // Nor the headers that carry them, under whatever name.
  expect(log).not.toMatch(/authorization|cookie|bearer |basic /i);
});
