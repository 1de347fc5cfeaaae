import { spawn } from 'node:child_process';
import { ROOT } from '../paths.ts';
import { StopError } from '../stop-error.ts';

export type QuietRun = {
  /** For the message when it fails: "building the web app". */
  what: string;
  limitMs: number;
  signal?: AbortSignal | undefined;
  env?: Record<string, string>;
};

/**
 * Runs a program of ours to its end and returns what it wrote; nobody has to read it while all is well.
 *
 * @throws StopError with everything it wrote, when it fails or takes too long
 */
export function runQuietly(command: string, args: string[], run: QuietRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...run.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([
        AbortSignal.timeout(run.limitMs),
        ...(run.signal ? [run.signal] : []),
      ]),
    });
    let stdout = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      all += text;
    });
    const fail = (why: string) =>
      reject(new StopError(`${all.trim()}\n\n${run.what} failed: ${why}`.trim()));
    child.once('error', (error) => {
      // Told to stop, it is waited for, so that nobody finds it still at work; not found, it never was.
      if (child.pid === undefined) fail(error.message);
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else fail(signal === null ? `exit code ${code}` : `stopped by ${signal}`);
    });
  });
}
