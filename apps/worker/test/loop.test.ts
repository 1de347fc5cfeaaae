import { expect, test } from 'vitest';
import { createLoop, retryWaitMs } from '../src/loops/loop.ts';
import { memoryLog } from './support/log.ts';
import { waitUntil } from './support/wait-until.ts';

/** A pass that ends when it is told to. */
function gate() {
  const waiting: { open: (waitMs: number) => void; fail: (error: Error) => void }[] = [];
  const pass = () =>
    new Promise<number>((resolve, reject) => waiting.push({ open: resolve, fail: reject }));
  return { waiting, pass };
}

/** Sleeps as long as a test wants, and remembers how long it was meant to be. */
function patience() {
  const asked: number[] = [];
  let wake = () => {};
  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      asked.push(ms);
      wake = resolve;
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  return { asked, sleep, wake: () => wake() };
}

test('a tick joins the pass that is under way instead of overlapping it', async () => {
  const { waiting, pass } = gate();
  const loop = createLoop({ name: 'x', pass, log: memoryLog() });
  const ticks = [loop.tick(), loop.tick()];
  loop.start();
  expect(waiting).toHaveLength(1);
  waiting[0]?.open(1000);
  await Promise.all(ticks);
  await expect(loop.stop(1000)).resolves.toBe(true);
  expect(waiting).toHaveLength(1);
});

test('the next pass comes after the wait that the last one asked for', async () => {
  const { waiting, pass } = gate();
  const { asked, sleep, wake } = patience();
  const loop = createLoop({ name: 'x', pass, log: memoryLog(), sleep });
  loop.start();
  waiting[0]?.open(1234);
  await waitUntil('the sleep', () => asked.length === 1);
  expect(asked).toEqual([1234]);
  expect(waiting).toHaveLength(1);
  wake();
  await waitUntil('the second pass', () => waiting.length === 2);
  waiting[1]?.open(1);
  await expect(loop.stop(1000)).resolves.toBe(true);
});

test('a pass that asks for no wait, or for an odd one, neither spins nor sleeps for ever', async () => {
  const { asked, sleep, wake } = patience();
  const answers = [0, -5, Number.NaN, 1e12];
  const loop = createLoop({
    name: 'x',
    pass: async () => answers.shift() ?? 1,
    log: memoryLog(),
    sleep,
  });
  loop.start();
  for (let pass = 1; pass <= 4; pass += 1) {
    await waitUntil('a sleep', () => asked.length === pass);
    wake();
  }
  await loop.stop(1000);
  for (const ms of asked.slice(0, 4)) {
    expect(ms).toBeGreaterThanOrEqual(10);
    expect(ms).toBeLessThanOrEqual(60_000);
  }
});

test('a failing pass is logged, tried again later and later, and its recovery is told', async () => {
  const log = memoryLog();
  const { asked, sleep, wake } = patience();
  let passes = 0;
  const pass = async () => {
    passes += 1;
    if (passes <= 3) throw new Error('the database is away');
    return 500;
  };
  const loop = createLoop({ name: 'x', pass, log, sleep });
  loop.start();
  for (let pass = 1; pass <= 4; pass += 1) {
    await waitUntil('a sleep', () => asked.length === pass);
    if (pass < 4) wake();
  }
  await loop.stop(1000);
  expect(asked).toEqual([250, 500, 1000, 500]);
  expect(log.lines.map(({ level }) => level)).toEqual(['error', 'error', 'error', 'info']);
});

test('the pause after failures is bounded', () => {
  expect(retryWaitMs(1)).toBe(250);
  expect(retryWaitMs(100)).toBe(30_000);
});

test('stop wakes a sleeping loop', async () => {
  const loop = createLoop({ name: 'x', pass: async () => 60_000, log: memoryLog() });
  loop.start();
  await loop.tick();
  const before = performance.now();
  await expect(loop.stop(5000)).resolves.toBe(true);
  expect(performance.now() - before).toBeLessThan(1000);
});

test('stop waits for the pass under way and starts no other', async () => {
  const { waiting, pass } = gate();
  const loop = createLoop({ name: 'x', pass, log: memoryLog() });
  loop.start();
  let stopped = false;
  const stopping = loop.stop(5000).then((finished) => {
    stopped = true;
    return finished;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toBe(false);
  waiting[0]?.open(1);
  await expect(stopping).resolves.toBe(true);
  expect(waiting).toHaveLength(1);
});

test('stop says so when the pass does not end in time', async () => {
  const { pass } = gate();
  const loop = createLoop({ name: 'x', pass, log: memoryLog() });
  loop.start();
  await expect(loop.stop(20)).resolves.toBe(false);
});

test('a pass is asked to finish early', async () => {
  const pass = (signal: AbortSignal) =>
    new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(1)));
  const loop = createLoop({ name: 'x', pass, log: memoryLog() });
  loop.start();
  await expect(loop.stop(5000)).resolves.toBe(true);
});

test('a tick by hand reports its failure to whoever ticked', async () => {
  const pass = () => Promise.reject(new Error('away'));
  const loop = createLoop({ name: 'x', pass, log: memoryLog() });
  await expect(loop.tick()).rejects.toThrow('away');
  await expect(loop.stop(1000)).resolves.toBe(true);
});
