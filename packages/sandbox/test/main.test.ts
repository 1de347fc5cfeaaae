import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { KEY_ID, KEY_SECRET, razorpayClient, WEBHOOK_SECRET } from './helpers.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-main-'));
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const tsx = createRequire(new URL('../../../package.json', import.meta.url)).resolve('tsx');

let child: ChildProcess | null = null;

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the process and waits for the line that says where it listens. */
async function start(): Promise<{ url: string; process: ChildProcess }> {
  const started = spawn(process.execPath, ['--import', tsx, main], {
    env: {
      PATH: process.env.PATH,
      SANDBOX_PORT: '0',
      SANDBOX_DATA_DIR: dataDir,
      RAZORPAY_KEY_ID: KEY_ID,
      RAZORPAY_KEY_SECRET: KEY_SECRET,
      RAZORPAY_WEBHOOK_SECRET: WEBHOOK_SECRET,
      RUNPOD_API_KEY: 'runpod-key',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  for await (const line of createInterface({ input: started.stdout })) {
    const url = /^sandbox listening (\S+)$/.exec(line)?.[1];
    if (url) return { url, process: started };
  }
  throw new Error('the process ended before it listened');
}

describe('the process', () => {
  it('keeps what it acknowledged over kill -9, and ends cleanly on SIGTERM', async () => {
    const killed = await start();
    const order = await razorpayClient(killed.url).orders.create({ amount: 100, currency: 'INR' });
    killed.process.kill('SIGKILL');
    await once(killed.process, 'exit');

    const again = await start();
    expect((await razorpayClient(again.url).orders.fetch(order.id)).id).toBe(order.id);
    again.process.kill('SIGTERM');
    const [code] = await once(again.process, 'exit');
    expect(code).toBe(0);
  }, 20_000);
});
