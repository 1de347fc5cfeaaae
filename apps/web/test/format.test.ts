import { describe, expect, it } from 'vitest';
import {
  count,
  formatClock,
  formatDuration,
  formatPreciseClock,
  formatSignedUsd,
  formatTime,
} from '../src/lib/format.ts';

describe('durations', () => {
  it.each([
    [0, '0:00:00'],
    [2537.9, '0:42:17'],
    [36_000, '10:00:00'],
  ])('shows %d s as %s', (seconds, text) => expect(formatClock(seconds)).toBe(text));

  it('keeps milliseconds as evidence', () => {
    expect(formatPreciseClock(20.412_345)).toBe('0:00:20.412');
    expect(formatPreciseClock(3600)).toBe('1:00:00.000');
  });

  it.each([
    [25, '25 s'],
    [2400, '40 min'],
    [3600, '1 h'],
    [4320, '1 h 12 min'],
  ])('says %d s as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('the rest', () => {
  it('names the day only when it is another', () => {
    const instant = '2026-01-31T12:00:00.000Z';
    const now = Date.parse(instant);
    expect(formatTime(instant, now)).toMatch(/^\d\d:\d\d$/);
    expect(formatTime(instant, now + 3 * 86_400_000)).toMatch(/^31 Jan, \d\d:\d\d$/);
  });

  it('counts in words and signs money', () => {
    expect(count(1, 'hour')).toBe('1 hour');
    expect(count(1200, 'picture')).toBe('1,200 pictures');
    expect(formatSignedUsd(-1500)).toBe('−$15');
    expect(formatSignedUsd(10_000)).toBe('+$100');
  });
});
