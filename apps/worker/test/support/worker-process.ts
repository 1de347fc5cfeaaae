import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitUntil } from './wait-until.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const home = fileURLToPath(new URL('../..', import.meta.url));

export interface WorkerProcess {
  child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  saw(text: string): Promise<void>;
  /** Its exit code, or the signal that ended it; kills it when the limit is over. */
  exit(limitMs: number): Promise<number | NodeJS.Signals>;
}

/** The worker as a process of its own; nothing of this process's environment but PATH. */
export function startWorkerProcess(environment: Record<string, string>): WorkerProcess {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main], {
    cwd: home,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const exited = once(child, 'exit');
  return {
    child,
    output: () => output,
    async saw(text) {
      await waitUntil(`"${text}" in ${output}`, () => output.includes(text), 15_000);
    },
    async exit(limitMs) {
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      const [code, signal] = await exited;
      clearTimeout(timer);
      return code ?? signal;
    },
  };
}

/** Stand-ins that nobody reaches: the process tests are about the worker itself. */
export const unreachable = {
  RAZORPAY_KEY_ID: 'rzp_test_1DP5mmOlF5G5ag',
  RAZORPAY_KEY_SECRET: 'key secret that must not be logged',
  RAZORPAY_WEBHOOK_SECRET: 'webhook secret that must not be logged',
  RAZORPAY_API_URL: 'http://127.0.0.1:9',
  RUNPOD_ENDPOINT_URL: 'http://127.0.0.1:9/v2/sandbox',
  RUNPOD_API_KEY: 'runpod key that must not be logged',
};
