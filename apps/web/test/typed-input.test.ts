import { describe, expect, it } from 'vitest';
import { parseDollars } from '../src/lib/dollars.ts';
import { noGuards, readGuards } from '../src/lib/guards.ts';
import { emptyRequest, readRequest } from '../src/lib/picture-request.ts';

const limits = { minimumTopupCents: 10_000, maximumTopupCents: 1_000_000 };

describe('parseDollars', () => {
  it.each([
    ['250', 25_000],
    ['$1,250.50', 125_050],
    [' 100.1 ', 10_010],
    ['10000', 1_000_000],
  ])('reads %j as %i cents', (typed, cents) => {
    expect(parseDollars(typed, limits)).toEqual({ cents, error: null });
  });

  it.each(['', 'abc', '100.005', '-200', '1e5', '1,00', '99.99', '10000.01'])(
    'refuses %j with a sentence',
    (typed) => {
      const parsed = parseDollars(typed, limits);
      expect(parsed.cents).toBeNull();
      expect(parsed.error).toMatch(/\.$/);
    },
  );
});

describe('readGuards', () => {
  it('sends no guard that was left empty', () => {
    expect(readGuards(noGuards).input).toEqual({ hourEnd: 'continue' });
  });

  it('reads whole numbers within the limits', () => {
    const typed = { maxHours: '3', hourEnd: 'pause' as const, autoPause: '1440' };
    expect(readGuards(typed).input).toEqual({
      maxHours: 3,
      hourEnd: 'pause',
      autoPauseMinutes: 1440,
    });
  });

  it.each(['0', '1001', '1.5', 'x', '-1'])('refuses a cap of %j', (maxHours) => {
    const read = readGuards({ ...noGuards, maxHours });
    expect(read.input).toBeNull();
    expect(read.errors.maxHours).not.toBeNull();
  });
});

describe('readRequest', () => {
  it('trims the prompt and adds the size', () => {
    expect(readRequest({ ...emptyRequest, prompt: ' fog ', seed: '7' }).input).toEqual({
      prompt: 'fog',
      params: { width: 1024, height: 1024, count: 1, seed: 7 },
    });
  });

  it('waits for a prompt without complaining', () => {
    expect(readRequest(emptyRequest)).toEqual({ input: null, seedError: null });
  });

  it('refuses a seed that the models don’t know', () => {
    const read = readRequest({ ...emptyRequest, prompt: 'fog', seed: '4294967296' });
    expect(read.seedError).not.toBeNull();
  });
});
