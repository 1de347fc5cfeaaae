import fs from 'node:fs';
import path from 'node:path';
import { Hourly, type Session } from '@hourly/sdk';
import { expect, test } from '@playwright/test';
import { freePortPair } from '../support/free-ports.ts';
import {
  createInstallation,
  type Installation,
  type Product,
  processesOf,
} from '../support/product.ts';
import { type StandIns, standInsOf } from '../support/stand-ins.ts';

// One customer's money through every kind of violent end, on one installation.
test.describe.configure({ mode: 'serial' });
test.setTimeout(90_000);
// The processes of an installation are found in /proc.
test.skip(process.platform !== 'linux');

let port: number;
let installation: Installation;
let standIns: StandIns;
let hourly: Hourly;
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  port = await freePortPair();
  installation = createInstallation(port);
  standIns = standInsOf(port);
  product = installation.start();
  await product.ready;
  const made = await installation.hourly('keys', 'create', '--user', 'u1', '--mode', 'live');
  hourly = new Hourly({
    apiKey: made.stdout.trim(),
    baseUrl: `http://localhost:${port}`,
    maxRetries: 10,
    timeoutMs: 10_000,
  });
});
test.afterAll(async () => {
  await installation.remove();
});
test.afterEach(expectCleanAudit);

test('kill -9 of the web app while a paid top-up is confirmed: credited once, by the webhook', async () => {
  const { id, orderId } = await orderTopup();
  killPart('next-server');
  const payment = await standIns.pay(orderId);
  // The SDK goes on asking, and the stand-in goes on telling, until the web app is back.
  const confirmed = await hourly.topups.confirm(payment);
  expect(confirmed).toMatchObject({ id, status: 'paid' });
  await expect
    .poll(async () => (await standIns.deliveries(orderId)).map(({ status }) => status), {
      // It asks again after pauses that double, like Razorpay.
      timeout: 40_000,
    })
    .toEqual(['delivered', 'delivered']);
  expect(await creditsOf(id)).toEqual([10_000]);
});

test('kill -9 of the web app between capture and confirmation, the webhook lost: found by reconciling', async () => {
  const { id, orderId } = await orderTopup();
  const payment = await standIns.pay(orderId, { webhook: 'drop' });
  const interrupted = hourly.topups
    .confirm(payment, { maxRetries: 0 })
    .catch((error: unknown) => error);
  killPart('next-server');
  await interrupted;
  await expect.poll(isHealthy, { timeout: 30_000 }).toBe(true);
  const { code, stderr } = await installation.hourly('reconcile', '--yes');
  expect(code, stderr).toBe(0);
  expect(await hourly.topups.get(id)).toMatchObject({ status: 'paid' });
  expect(await hourly.topups.confirm(payment)).toMatchObject({ id, status: 'paid' });
  expect(await creditsOf(id)).toEqual([10_000]);
});

test('kill -9 of the worker: it comes back and finishes what nobody waits for', async () => {
  await hourly.sessions.start();
  const asked = await hourly.generate({ prompt: 'a lighthouse', waitSeconds: 0 });
  const killed = killPart('apps/worker/src/main.ts');
  await expect
    .poll(async () => (await hourly.generations.get(asked.id)).status, { timeout: 30_000 })
    .toBe('completed');
  expect(partPid('apps/worker/src/main.ts')).not.toBe(killed);
  const { body } = await hourly.generations.download(asked.id);
  expect(body.byteLength).toBeGreaterThan(1_000);
  await hourly.sessions.end();
});

test('kill -9 of Postgres under load: every call that is repeated happens once', async () => {
  const before = await hourly.balance();
  const calls = Array.from({ length: 8 }, (_, call) => call);
  // All of them mean one start; half of them are sent before the server dies, half after.
  const start = () => hourly.sessions.start({}, { idempotencyKey: 'one start' });
  const early = calls.map(start);
  killPostgres();
  const started = await Promise.all([...early, ...calls.map(start)]);
  expect(new Set(started.map(({ id }) => id)).size).toBe(1);
  const [session] = started;

  // Whatever is in the middle of being written dies with it.
  const turns = calls.map(() => turnOnceAndBack(session));
  killPostgres();
  await Promise.all(turns);

  const detail = await hourly.sessions.get(session?.id ?? '');
  expect(detail.charges.map(({ amountCents }) => amountCents)).toEqual([1_500]);
  expect((await hourly.balance()).balanceCents).toBe(before.balanceCents - 1_500);
});

test('kill -9 of everything that watches: the session runs on, and so does the next start', async () => {
  const before = await hourly.status();
  expect(before.session?.status).toBe('active');
  product.process.kill('SIGKILL');
  await product.ended;
  await expect.poll(isHealthy, { timeout: 15_000 }).toBe(false);

  product = installation.start();
  await product.ready;
  const after = await hourly.status();
  expect(after.balance).toEqual(before.balance);
  expect(after.session).toMatchObject({
    id: before.session?.id,
    status: 'active',
    hoursCharged: 1,
  });
  // It never stopped counting.
  expect(after.session?.activeSeconds).toBeGreaterThan(before.session?.activeSeconds ?? 0);
});

test('kill -9 of it all at once: nothing that was answered is forgotten', async () => {
  const before = await hourly.status();
  const paused = await hourly.sessions.pause();
  for (const { pid } of processesOf(installation.dataDir)) kill(pid);
  await product.ended;
  product = installation.start();
  await product.ready;
  const { session, balance } = await hourly.status();
  expect(session).toMatchObject({
    id: paused.id,
    status: 'paused',
    activeSeconds: paused.activeSeconds,
  });
  expect(balance).toEqual(before.balance);
});

test('Ctrl-C stops all of it and keeps the data', async () => {
  const before = await hourly.balance();
  product.process.kill('SIGINT');
  expect(await product.ended).toBe(0);
  expect(processesOf(installation.dataDir)).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${port}/api/health`)).rejects.toThrow();
  await expect(fetch(`http://127.0.0.1:${port + 1}/v1/checkout.js`)).rejects.toThrow();
  const { stdout } = await installation.hourly('balance', 'u1', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ balanceCents: before.balanceCents });
});

async function orderTopup(): Promise<{ id: string; orderId: string }> {
  const { id, checkout } = await hourly.topups.create({ amountCents: 10_000 });
  if (checkout === null) throw new Error('a live top-up has a checkout');
  return { id, orderId: checkout.orderId };
}

/** What the ledger has credited for a top-up. */
async function creditsOf(topupId: string): Promise<number[]> {
  const amounts = [];
  for await (const entry of hourly.transactions.list()) {
    if (entry.topupId === topupId) amounts.push(entry.amountCents);
  }
  return amounts;
}

/** Pauses and resumes, each with its own key; the SDK repeats what the killed server didn't answer. */
async function turnOnceAndBack(session: Session | undefined): Promise<void> {
  const sessionId = session?.id ?? '';
  await hourly.sessions.pause({ sessionId });
  await hourly.sessions.resume({ sessionId });
}

async function isHealthy(): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api/health`)).ok;
  } catch {
    return false;
  }
}

/** Recomputes every balance and charge. */
async function expectCleanAudit(): Promise<void> {
  const { code, stdout, stderr } = await installation.hourly('audit');
  expect(`${stdout}${stderr}`).toMatch(/no differences?$/m);
  expect(code).toBe(0);
}

function partPid(command: string): number | undefined {
  return processesOf(installation.dataDir).find((found) => found.command.includes(command))?.pid;
}

/** @returns the process id of the killed part */
function killPart(command: string): number {
  const pid = partPid(command);
  if (pid === undefined) throw new Error(`${command} does not run`);
  kill(pid);
  return pid;
}

function killPostgres(): void {
  const file = path.join(installation.dataDir, 'postgres/postmaster.pid');
  kill(Number(fs.readFileSync(file, 'utf8').split('\n')[0]));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Went by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
