import { spawn } from 'node:child_process';
import { ROOT } from '../paths.ts';
import { secondsSince } from '../processes/output.ts';
import type { Counts } from './counts.ts';

export type Step = {
  name: string;
  command: string;
  args: string[];
  limitMs: number;
  /** Folder to run in, from the root. */
  cwd?: string;
  env?: Record<string, string>;
  /** For a step that runs tests: their counts, once it has ended. */
  counts?: () => Counts;
};

export type StepResult = Counts & { name: string; ok: boolean; took: string };

/**
 * Runs one step with its output in view. A step that fails counts at least one failure: its tests',
 * or its own where it has none.
 */
export async function runStep(step: Step, signal: AbortSignal): Promise<StepResult> {
  const startedAt = performance.now();
  console.log(`\n── ${step.name}`);
  const ok = await succeeds(step, signal);
  const { passed, failed } = step.counts?.() ?? { passed: 0, failed: 0 };
  const result = { passed, failed: ok ? failed : Math.max(failed, 1) };
  return { name: step.name, ok: ok && failed === 0, took: secondsSince(startedAt), ...result };
}

async function succeeds(step: Step, signal: AbortSignal): Promise<boolean> {
  const child = spawn(step.command, step.args, {
    cwd: step.cwd === undefined ? ROOT : `${ROOT}/${step.cwd}`,
    env: { ...process.env, ...step.env },
    stdio: ['ignore', 'inherit', 'inherit'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(step.limitMs)]),
  });
  child.on('error', (error) => console.error(`${step.name}: ${error.message}`));
  // `close` follows in any case, also after an error.
  const code = await new Promise((resolve) => child.once('close', resolve));
  return code === 0;
}
