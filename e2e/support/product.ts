import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const READY_LIMIT_MS = 120_000;

export type Product = {
  process: ChildProcess;
  /** Everything it has written. */
  output(): string;
  /** Settles with the dashboard's address once it is ready; rejects when it ends before. */
  ready: Promise<string>;
  /** Settles with the exit code, null after a signal. */
  ended: Promise<number | null>;
};

export type CliRun = { code: number | null; stdout: string; stderr: string };

export type Installation = {
  dataDir: string;
  start(env?: Record<string, string>): Product;
  /** Runs a command of the operator's CLI. */
  hourly(...args: string[]): Promise<CliRun>;
  /** Kills what is left of it and removes the folder. */
  remove(): Promise<void>;
};

/** A data folder of its own, to start, stop and kill the whole product on. */
export function createInstallation(port: number): Installation {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-installation-'));
  const products: Product[] = [];
  return {
    dataDir,
    start(env) {
      const product = watch(run(dataDir, ['start'], { PORT: String(port), ...env }));
      products.push(product);
      return product;
    },
    hourly: (...args) => runToItsEnd(dataDir, args),
    async remove() {
      for (const { process: child, ended } of products) {
        child.kill('SIGTERM');
        await ended;
      }
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Runs a command of the operator's CLI on an installation, running or not.
 *
 * @returns what it prints; @throws with what it says when it fails
 */
export async function runCli(dataDir: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runToItsEnd(dataDir, args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
  return stdout;
}

async function runToItsEnd(dataDir: string, args: readonly string[]): Promise<CliRun> {
  const child = run(dataDir, ['cli', ...args]);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await endOf(child);
  return { code, stdout: stdout(), stderr: stderr() };
}

function run(dataDir: string, args: readonly string[], env: Record<string, string> = {}) {
  return spawn(process.execPath, ['scripts/bootstrap.mjs', ...args], {
    cwd: ROOT,
    env: { ...process.env, HOURLY_DATA_DIR: dataDir, HOURLY_ENV_FILE: '/dev/null', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function watch(child: ChildProcess): Product {
  const output = collect(child.stdout, child.stderr);
  const ended = endOf(child);
  const ready = new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${why}:\n${output()}`));
    const limit = setTimeout(() => fail('not ready in time'), READY_LIMIT_MS);
    child.stdout?.on('data', () => {
      const url = /^ready (\S+)$/m.exec(output())?.[1];
      if (url === undefined) return;
      clearTimeout(limit);
      resolve(url);
    });
    ended.then((code) => {
      clearTimeout(limit);
      fail(`ended with ${code} before it was ready`);
    });
  });
  // Whoever waits for the end alone has no use for this failure.
  ready.catch(() => {});
  return { process: child, output, ready, ended };
}

function collect(...streams: (NodeJS.ReadableStream | null)[]): () => string {
  let text = '';
  for (const stream of streams) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

/** The processes that work for this installation, its database server aside. */
export function processesOf(dataDir: string): { pid: number; command: string }[] {
  // The stand-ins are told of their own folder alone.
  const marks = [`HOURLY_DATA_DIR=${dataDir}`, `SANDBOX_DATA_DIR=${path.join(dataDir, 'sandbox')}`];
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const environment = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!marks.some((mark) => environment.includes(mark))) return [];
      const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return command === '' ? [] : [{ pid: Number(pid), command }];
    } catch {
      // Ended while we looked.
      return [];
    }
  });
}
