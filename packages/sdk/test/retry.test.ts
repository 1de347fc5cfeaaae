import { describe, expect, it } from 'vitest';
import { fullJitterMs, retryAfterMs } from '../src/retry.ts';

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-01-31T10:00:00Z');

  it.each([
    [null, null],
    ['', null],
    ['soon', null],
    ['0', 0],
    ['2', 2_000],
    ['1.5', 1_500],
    ['Sat, 31 Jan 2026 10:00:07 GMT', 7_000],
    ['Sat, 31 Jan 2026 09:00:00 GMT', 0],
  ])('%j is %j ms', (header, expected) => {
    expect(retryAfterMs(header, nowMs)).toBe(expected);
  });
});

describe('the wait between attempts', () => {
  it('is spread over a bound that doubles up to 8 s', () => {
    for (const [attempts, boundMs] of [
      [1, 500],
      [3, 2_000],
      [30, 8_000],
    ] as const) {
      const waits = Array.from({ length: 1000 }, () => fullJitterMs(attempts));
      expect(Math.max(...waits)).toBeLessThanOrEqual(boundMs);
      expect(Math.max(...waits)).toBeGreaterThan(boundMs * 0.9);
      expect(Math.min(...waits)).toBeLessThan(boundMs * 0.1);
    }
  });
});
