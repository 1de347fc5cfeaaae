import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHolder, tryLock } from '../installation/lock.ts';
import { ROOT } from '../paths.ts';

let folder: string;
let file: string;
const others: ChildProcess[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-lock-'));
  file = path.join(folder, 'running.json');
});
afterEach(() => {
  for (const other of others.splice(0)) other.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Another process that tries to take the lock, says whether it got it, and stays. */
async function otherProcess(): Promise<{ got: boolean; kill(): Promise<void> }> {
  const source = `
    const { tryLock } = await import(${JSON.stringify(path.join(ROOT, 'scripts/installation/lock.ts'))});
    console.log(tryLock(${JSON.stringify(file)}, 'test') !== undefined);
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  others.push(child);
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return {
    got: said === 'true',
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

test('one process holds it, tells the others what they need to know, and gives it back', () => {
  const lock = tryLock<{ url: string }>(file, 'start');
  expect(readHolder(file)).toMatchObject({ pid: process.pid, purpose: 'start' });
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(tryLock(file, 'cli')).toBeUndefined();
  lock?.publish({ url: 'http://localhost' });
  expect(readHolder(file)?.info).toEqual({ url: 'http://localhost' });
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  lock?.release();
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('another process does not get it until the holder is dead, however it died', async () => {
  const holder = await otherProcess();
  expect(holder.got).toBe(true);
  expect(tryLock(file, 'start')).toBeUndefined();
  await holder.kill();
  expect(readHolder(file)).toBeUndefined();
  expect(tryLock(file, 'start')).toBeDefined();
});

test('a reused pid is not the holder', () => {
  fs.writeFileSync(file, JSON.stringify({ pid: process.pid, born: 'long ago', purpose: 'start' }));
  expect(readHolder(file)).toBeUndefined();
  expect(tryLock(file, 'start')).toBeDefined();
});

test('of several who find a dead holder, one gets it', async () => {
  fs.writeFileSync(file, JSON.stringify({ pid: 1, born: 'long ago', purpose: 'start' }));
  const tries = await Promise.all([otherProcess(), otherProcess(), otherProcess()]);
  expect(tries.filter(({ got }) => got)).toHaveLength(1);
});
