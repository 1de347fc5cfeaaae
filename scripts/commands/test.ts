import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { secondsSince } from '../processes/output.ts';
import { ensureBuilt } from '../steps/build.ts';
import { ensureGenerated } from '../steps/generate.ts';
import { readPlaywright, readVitest } from '../test-run/counts.ts';
import { notRunHere } from '../test-run/debian.ts';
import { forgetProductVariables } from '../test-run/forget-product-variables.ts';
import { runStep, type Step, type StepResult } from '../test-run/run-step.ts';

const MINUTE_MS = 60_000;

/**
 * Runs every check, one after the other, the later ones also after an earlier has failed. The last
 * line is the sum over all test runners: `N passed, N failed`; a check that isn't a test counts when
 * it fails.
 *
 * @returns the exit code
 */
export async function test(signal: AbortSignal): Promise<number> {
  forgetProductVariables();
  const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-test-'));
  try {
    const results = await runAll(reports, signal);
    return summarise(results);
  } finally {
    fs.rmSync(reports, { recursive: true, force: true });
  }
}

async function runAll(reports: string, signal: AbortSignal): Promise<StepResult[]> {
  const results = [await inProcess('generated code', () => ensureGenerated(signal), signal)];
  for (const step of [...checks(), vitest(reports), sdk()]) {
    signal.throwIfAborted();
    results.push(await runStep(step, signal));
  }
  const log = (line: string) => console.log(line);
  const build = await inProcess('web build', () => ensureBuilt({}, log, signal), signal);
  results.push(build);
  // Without a build there is nothing that a browser could open; the build has failed already.
  if (build.ok) results.push(await runStep(playwright(reports), signal));
  return results;
}

function checks(): Step[] {
  const limitMs = 5 * MINUTE_MS;
  return [
    { name: 'sherif: manifests agree', command: 'sherif', args: [], limitMs },
    { name: 'knip: nothing unused', command: 'knip', args: [], limitMs },
    { name: 'biome: lint and format', command: 'biome', args: ['check'], limitMs },
    {
      name: 'dependency-cruiser: who may import whom',
      command: 'depcruise',
      args: ['--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'e2e', 'scripts'],
      limitMs,
    },
    {
      name: 'types',
      command: 'turbo',
      args: ['run', 'typecheck', '//#typecheck', '--output-logs=errors-only'],
      limitMs: 10 * MINUTE_MS,
    },
  ];
}

function vitest(reports: string): Step {
  const report = path.join(reports, 'vitest.json');
  return {
    name: 'vitest: SQL, services, API, SDK, worker',
    command: 'vitest',
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    limitMs: 20 * MINUTE_MS,
    counts: () => readVitest(report),
  };
}

/** Builds the package as it is published and uses it as strangers would. */
function sdk(): Step {
  return {
    name: 'SDK: build and consumers',
    command: 'turbo',
    args: ['run', 'check:package', '--filter=@hourly/sdk', '--output-logs=errors-only'],
    limitMs: 10 * MINUTE_MS,
  };
}

/** A step that is a function of ours and no program. */
async function inProcess(
  name: string,
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<StepResult> {
  const startedAt = performance.now();
  console.log(`\n── ${name}`);
  const result = (ok: boolean): StepResult => {
    return { name, ok, took: secondsSince(startedAt), passed: 0, failed: ok ? 0 : 1 };
  };
  try {
    await work();
    return result(true);
  } catch (error) {
    signal.throwIfAborted();
    console.error(error instanceof Error ? error.message : error);
    return result(false);
  }
}

function playwright(reports: string): Step {
  const report = path.join(reports, 'playwright.json');
  return {
    name: 'Playwright: what a customer does',
    command: 'node_modules/.bin/playwright',
    args: ['test', '--reporter=list,json'],
    cwd: 'e2e',
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    limitMs: 20 * MINUTE_MS,
    counts: () => readPlaywright(report),
  };
}

function summarise(results: readonly StepResult[]): number {
  console.log('\n── sum');
  for (const result of results) {
    const { name, ok, took, passed, failed, skipped = 0, faults = {} } = result;
    const skips = skipped > 0 ? `, ${skipped} skipped` : '';
    const tests = passed + failed > 0 ? ` (${passed} passed, ${failed} failed${skips})` : '';
    console.log(`${ok ? '✓' : '✗'} ${name}, ${took}${tests}`);
    for (const [kind, times] of Object.entries(faults)) console.log(`  ${times} × ${kind}`);
  }
  for (const tests of notRunHere()) console.log(`! not run: ${tests}`);
  const sum = (key: 'passed' | 'failed') => results.reduce((total, step) => total + step[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return results.every(({ ok }) => ok) ? 0 : 1;
}
