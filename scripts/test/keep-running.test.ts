import { expect, test, vi } from 'vitest';
import { keepRunning } from '../processes/keep-running.ts';

type Part = { ended: Promise<string>; end(how: string): void; stop(): Promise<void> };

function part(): Part {
  let end: (how: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { ended, end, stop: async () => end('SIGTERM') };
}

function keep({ firstDelayMs = 5 } = {}) {
  const parts = [part()];
  const first = parts[0] as Part;
  const onGiveUp = vi.fn<(error: Error) => void>();
  const log = vi.fn<(line: string) => void>();
  const again = () => {
    const next = part();
    parts.push(next);
    return next;
  };
  return {
    parts,
    onGiveUp,
    log,
    kept: keepRunning('worker', first, again, { log, onGiveUp, firstDelayMs }),
  };
}

test('what never came up is given up at once', async () => {
  const { parts, onGiveUp } = keep();
  parts[0]?.end('exit code 1');
  await vi.waitFor(() => expect(onGiveUp).toHaveBeenCalledOnce());
  expect(onGiveUp.mock.calls[0]?.[0].message).toContain('worker did not start (exit code 1)');
  expect(parts).toHaveLength(1);
});

test('what ran is started again, and given up the sixth time within minutes', async () => {
  const { parts, kept, onGiveUp, log } = keep();
  kept.started();
  for (let ended = 0; ended < 5; ended += 1) {
    parts[ended]?.end('SIGKILL');
    await vi.waitFor(() => expect(parts).toHaveLength(ended + 2), 2_000);
  }
  expect(log).toHaveBeenCalledWith('worker ended unexpectedly (SIGKILL); starting it again');
  expect(onGiveUp).not.toHaveBeenCalled();
  parts[5]?.end('exit code 7');
  await vi.waitFor(() => expect(onGiveUp).toHaveBeenCalledOnce());
  expect(onGiveUp.mock.calls[0]?.[0].message).toContain('the last time with exit code 7');
  expect(parts).toHaveLength(6);
});

test('accidents that lie minutes apart are no series', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { parts, kept, onGiveUp } = keep();
  kept.started();
  try {
    for (let ended = 0; ended < 8; ended += 1) {
      parts[ended]?.end('SIGKILL');
      await vi.waitFor(() => expect(parts).toHaveLength(ended + 2), 2_000);
      vi.advanceTimersByTime(6 * 60_000);
    }
    expect(onGiveUp).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
    await kept.stop();
  }
});

test('a stop is no accident', async () => {
  const { parts, kept, onGiveUp, log } = keep();
  kept.started();
  await kept.stop();
  expect(parts).toHaveLength(1);
  expect(onGiveUp).not.toHaveBeenCalled();
  expect(log).not.toHaveBeenCalled();
});

test('a stop during the pause before a restart cancels it', async () => {
  const { parts, kept, log } = keep({ firstDelayMs: 60_000 });
  kept.started();
  parts[0]?.end('SIGKILL');
  await vi.waitFor(() => expect(log).toHaveBeenCalled());
  await kept.stop();
  expect(parts).toHaveLength(1);
});
