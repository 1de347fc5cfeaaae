import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { freePortPair } from '../support/free-ports.ts';
import { createInstallation, type Installation, processesOf } from '../support/product.ts';

test.describe.configure({ mode: 'serial' });
test.setTimeout(180_000);
// The processes of an installation are found in /proc.
test.skip(process.platform !== 'linux');

let installation: Installation;
let port: number;

test.beforeAll(async () => {
  port = await freePortPair();
  installation = createInstallation(port);
});
test.afterAll(async () => {
  await installation.remove();
});

const left = () => processesOf(installation.dataDir).map(({ command }) => command);
const databaseServer = () => left().filter((command) => command.includes('/postgres -D'));

async function isHealthy(): Promise<boolean> {
  try {
    return (await fetch(`http://localhost:${port}/api/health`)).ok;
  } catch {
    return false;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`starts, and ${signal} stops all of it`, async () => {
    const product = installation.start();
    expect(await product.ready).toBe(`http://localhost:${port}/hourly-usage`);
    expect(await isHealthy()).toBe(true);
    expect(left().length).toBeGreaterThan(3);
    product.process.kill(signal);
    expect(await product.ended).toBe(0);
    expect(left()).toEqual([]);
  });
}

test('is stopped in the middle of its start', async () => {
  const product = installation.start();
  await expect.poll(() => left().length).toBeGreaterThan(2);
  product.process.kill('SIGTERM');
  await product.ended;
  await expect.poll(left).toEqual([]);
});

test('kill -9 of it leaves its database server alone, and the next start takes that over', async () => {
  const killed = installation.start();
  await killed.ready;
  killed.process.kill('SIGKILL');
  await killed.ended;
  await expect.poll(() => left().length, { timeout: 15_000 }).toBe(databaseServer().length);
  expect(databaseServer().length).toBeGreaterThan(0);

  const next = installation.start();
  await next.ready;
  expect(next.output()).toContain('took over the database server');
  next.process.kill('SIGTERM');
  expect(await next.ended).toBe(0);
  expect(left()).toEqual([]);
});

test('brings back whichever part is killed', async () => {
  const product = installation.start();
  await product.ready;
  const server = fs.readFileSync(
    path.join(installation.dataDir, 'postgres/postmaster.pid'),
    'utf8',
  );
  process.kill(Number(server.split('\n')[0]), 'SIGKILL');
  for (const part of ['apps/worker/src/main.ts', 'packages/sandbox/src/main.ts', 'next-server']) {
    const found = processesOf(installation.dataDir).find(({ command }) => command.includes(part));
    expect(found, part).toBeDefined();
    if (found !== undefined) process.kill(found.pid, 'SIGKILL');
  }
  for (const name of ['Postgres', 'worker', 'stand-ins', 'web']) {
    await expect.poll(product.output).toContain(`${name} ended unexpectedly`);
  }
  await expect.poll(isHealthy, { timeout: 30_000 }).toBe(true);
  const { code, stderr } = await installation.hourly('doctor');
  expect(code, stderr).toBe(0);
  product.process.kill('SIGTERM');
  expect(await product.ended).toBe(0);
});

test('a second start on the same data folder says that it already runs', async () => {
  const first = installation.start();
  const url = await first.ready;
  const second = installation.start();
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`already runs on ${installation.dataDir} at ${url}`);
  expect(await isHealthy()).toBe(true);
  first.process.kill('SIGTERM');
  await first.ended;
});

test('refuses to start with settings that do not fit, and says what is missing', async () => {
  const part = installation.start({ RAZORPAY_KEY_ID: 'rzp_test_1' });
  expect(await part.ended).toBe(1);
  expect(part.output()).toContain('RAZORPAY_KEY_SECRET, RAZORPAY_WEBHOOK_SECRET missing');
  const live = installation.start({
    RAZORPAY_KEY_ID: 'rzp_live_1',
    RAZORPAY_KEY_SECRET: 'a',
    RAZORPAY_WEBHOOK_SECRET: 'b',
  });
  expect(await live.ended).toBe(1);
  expect(live.output()).toContain('never go with the demo');
  const unreachable = installation.start({ DATABASE_URL: 'postgresql://u:hidden@127.0.0.1:1/db' });
  expect(await unreachable.ended).toBe(1);
  expect(unreachable.output()).toContain('DATABASE_URL');
  expect(unreachable.output()).not.toContain('hidden');
  const unreadable = installation.start({ DATABASE_URL: 'nonsense' });
  expect(await unreadable.ended).toBe(1);
  expect(unreadable.output()).toContain('DATABASE_URL is not an address of Postgres');
  expect(left()).toEqual([]);
});

test("the operator's commands work while it is down, keep stdout to themselves, and leave nothing running", async () => {
  const created = await installation.hourly('keys', 'create', '--user', 'u1', '--mode', 'test');
  expect(created.stderr).toBe('');
  expect(created.stdout).toMatch(/^hk_test_\S+\n$/);
  expect(created.code).toBe(0);
  expect(left()).toEqual([]);
  expect((await installation.hourly('no-such-command')).code).not.toBe(0);

  const several = await Promise.all([
    installation.hourly('balance', 'u1', '--mode', 'test', '--json'),
    installation.hourly('audit', '--json'),
  ]);
  for (const { code, stdout, stderr } of several) {
    expect(code, stderr).toBe(0);
    expect(() => JSON.parse(stdout)).not.toThrow();
  }
  expect(left()).toEqual([]);
});

test('a key made while it is down works once it is up', async () => {
  const { stdout } = await installation.hourly('keys', 'create', '--user', 'u2', '--mode', 'test');
  const product = installation.start();
  await product.ready;
  const answer = await fetch(`http://localhost:${port}/api/hourly-usage/topup`, {
    headers: { authorization: `Bearer ${stdout.trim()}` },
  });
  expect(await answer.json()).toMatchObject({ balanceCents: 0, mode: 'test' });
  product.process.kill('SIGTERM');
  await product.ended;
});
