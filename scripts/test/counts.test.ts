import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPlaywright, readVitest } from '../test-run/counts.ts';
import { runStep } from '../test-run/run-step.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-counts-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function report(content: unknown): string {
  const file = path.join(folder, 'report.json');
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}

test('vitest: a file that could not even be loaded counts as a failure', () => {
  const file = report({
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 4,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  });
  expect(readVitest(file)).toEqual({ passed: 5, failed: 2, skipped: 4, faults: {} });
});

test('vitest: what the tests broke on purpose is summed up', () => {
  const broke = (faults: object) => ({ status: 'passed', meta: { faults } });
  const file = report({
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    testResults: [
      { status: 'passed', assertionResults: [broke({ 'kill -9': 2 }), { status: 'passed' }] },
      { status: 'passed', assertionResults: [broke({ 'kill -9': 1, 'lost answer': 5 })] },
    ],
  });
  expect(readVitest(file).faults).toEqual({ 'kill -9': 3, 'lost answer': 5 });
});

test('Playwright: passed at the second try has passed', () => {
  const file = report({ stats: { expected: 3, unexpected: 2, flaky: 1, skipped: 9 } });
  expect(readPlaywright(file)).toEqual({ passed: 4, failed: 2 });
});

const step = { name: 'a step', command: process.execPath, limitMs: 10_000 };
const never = new AbortController().signal;

test('a step that fails counts one failure, or those of its tests', async () => {
  const failing = { ...step, args: ['-e', 'process.exit(3)'] };
  expect(await runStep(failing, never)).toMatchObject({ ok: false, failed: 1 });
  const counts = () => ({ passed: 7, failed: 2 });
  expect(await runStep({ ...failing, counts }, never)).toMatchObject({ ok: false, failed: 2 });
  const missing = path.join(folder, 'never-written.json');
  expect(await runStep({ ...failing, counts: () => readVitest(missing) }, never)).toMatchObject({
    ok: false,
    failed: 1,
  });
});

test('a step that hangs is ended and counts as failed', async () => {
  const hanging = { ...step, args: ['-e', 'setInterval(() => {}, 1000)'], limitMs: 300 };
  expect(await runStep(hanging, never)).toMatchObject({ ok: false, failed: 1 });
});

test('a step that succeeds counts its tests and nothing else', async () => {
  const fine = { ...step, args: ['-e', ''] };
  expect(await runStep(fine, never)).toMatchObject({ ok: true, passed: 0, failed: 0 });
  const counts = () => ({ passed: 7, failed: 0 });
  expect(await runStep({ ...fine, counts }, never)).toMatchObject({ ok: true, passed: 7 });
});
