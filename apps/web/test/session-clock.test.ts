import { describe, expect, it } from 'vitest';
import {
  activeSecondsAt,
  nextLookMs,
  paidHourAt,
  type ServerClock,
  serverNowMs,
} from '../src/lib/session-clock.ts';

const at = (time: string) => Date.parse(`2026-01-31T${time}.000Z`);
const session = (fields: object = {}) => ({
  status: 'active' as const,
  activeSeconds: 1200,
  hoursCharged: 1,
  serverTime: '2026-01-31T10:20:00.000Z',
  paidThrough: '2026-01-31T11:00:00.000Z',
  ...fields,
});

describe('serverNowMs', () => {
  const clock: ServerClock = { serverMs: at('10:20:00'), receivedMs: 5_000, frozen: false };

  it('adds what the browser saw pass since the answer, sleep included', () => {
    expect(serverNowMs(clock, 5_000 + 3_600_000)).toBe(at('11:20:00'));
  });

  it('does not run backwards when the browser’s clock is set back', () => {
    expect(serverNowMs(clock, 1_000)).toBe(at('10:20:00'));
  });

  it('stands still for a test account', () => {
    expect(serverNowMs({ ...clock, frozen: true }, 9_999_999)).toBe(at('10:20:00'));
  });
});

describe('activeSecondsAt', () => {
  it('goes on from the answer while active', () => {
    expect(activeSecondsAt(session(), at('10:20:30'))).toBe(1230);
  });

  it('stands still while paused', () => {
    expect(activeSecondsAt(session({ status: 'paused' }), at('10:50:00'))).toBe(1200);
  });

  it('stops at the end of the paid hours, where only the server knows what happens', () => {
    expect(activeSecondsAt(session(), at('13:00:00'))).toBe(3600);
  });
});

describe('paidHourAt', () => {
  it('counts within the newest paid hour', () => {
    const second = session({ activeSeconds: 3700, hoursCharged: 2 });
    expect(paidHourAt(second, at('10:20:00'))).toEqual({
      hour: 2,
      usedSeconds: 100,
      leftSeconds: 3500,
    });
  });

  it('has nothing left at exactly the end of the hour', () => {
    const full = session({ status: 'paused', activeSeconds: 3600 });
    expect(paidHourAt(full, at('12:00:00')).leftSeconds).toBe(0);
  });
});

describe('nextLookMs', () => {
  it('looks calmly while nothing is due', () => {
    expect(nextLookMs({ session: session() })).toBe(15_000);
    expect(nextLookMs({ session: null })).toBe(15_000);
  });

  it('looks right after the paid hours run out', () => {
    expect(nextLookMs({ session: session({ serverTime: '2026-01-31T10:59:57.000Z' }) })).toBe(3100);
  });

  it('never looks in a tight loop', () => {
    expect(nextLookMs({ session: session({ serverTime: '2026-01-31T11:00:00.000Z' }) })).toBe(400);
  });
});
