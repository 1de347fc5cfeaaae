import os from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './support/browser.ts';
import { freePortPair } from './support/free-ports.ts';

const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 30_000;

// The workers evaluate this file again and have to come to the same answer.
process.env.HOURLY_E2E_PORT ??= String(await freePortPair());
const port = Number(process.env.HOURLY_E2E_PORT);
// Only a name: the product makes the folder, and whoever merely reads this file leaves nothing.
process.env.HOURLY_E2E_DATA_DIR ??= path.join(os.tmpdir(), `hourly-e2e-${process.pid}-${port}`);
const browser = await findBrowser();

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // One product, one database and one stand-in's switchboard serve all; a test that holds back
  // everyone's webhooks must not meet another one.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    baseURL: `http://localhost:${port}`,
    browserName: 'chromium',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { ...browser, env: { ...definedEnvironment(), ...browser.env } },
  },
  webServer: {
    // `exec`: without a shell in between, the signal reaches the one who stops everything.
    command: 'exec node support/app.mjs',
    env: { PORT: String(port), HOURLY_DATA_DIR: process.env.HOURLY_E2E_DATA_DIR },
    url: `http://localhost:${port}/api/health`,
    timeout: START_LIMIT_MS,
    gracefulShutdown: { signal: 'SIGTERM', timeout: STOP_LIMIT_MS },
    stdout: process.env.HOURLY_E2E_LOGS ? 'pipe' : 'ignore',
    stderr: 'pipe',
  },
});

function definedEnvironment(): Record<string, string> {
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(set);
}
