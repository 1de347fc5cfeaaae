import { describe, expect, test } from 'vitest';
import { explainSession } from '../src/explain.ts';
import { formatLength } from '../src/explain-length.ts';
import { sessionDetail } from '../src/session.ts';
import { instant, type Story, sessionDetailOf, us } from './support/session-detail.ts';

const explained = (story: Story): string =>
  `\n${explainSession(sessionDetail.parse(sessionDetailOf(story)))}\n`;

const ended = (endReason: 'user' | 'operator' | 'max_hours' | 'insufficient_balance', at: number) =>
  ({ status: 'ended', endReason, endedAt: instant(at) }) as const;

/** The lines that say it, without their indentation. */
const linesWith = (text: string, ...words: string[]): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => words.some((word) => line.startsWith(word)));

test('hours of several stretches, down to the microsecond', () => {
  const text = explained({
    stretches: [
      { fromUs: 0, toUs: us(0, 40) },
      { fromUs: us(3), toUs: us(3, 50, 0, 7) },
      { fromUs: us(5), toUs: us(6) },
    ],
    triggers: ['start', 'settlement', 'call'],
    session: { ...ended('user', us(6)), maxHours: 5, autoPauseMinutes: 30 },
  });
  expect(text).toBe(`
Session 5e55105e-0000-4000-8000-000000000001: hourly_standard, $15 an hour. Times are UTC.
Limits: ends after 5 hours of active time; pauses after 30 idle minutes.
Started 2026-03-02 10:00:00. Ended 2026-03-02 16:00:00 by the customer.

Hour 1: $15, $15 so far
  due      2026-03-02 10:00:00, because a start charges the first hour at once
  pays for 2026-03-02 10:00:00 to 10:40:00: 40:00 min, 40:00 min so far
           2026-03-02 13:00:00 to 13:20:00: 20:00 min, 1:00:00 h so far
  balance  $100 - $15 = $85 (entry 2)

Hour 2: $15, $30 so far
  due      2026-03-02 13:20:00, because active time went beyond 1 hour; booked by the regular settlement
  pays for 2026-03-02 13:20:00 to 13:50:00: 30:00.000007 min, 1:30:00.000007 h so far
           2026-03-02 15:00:00 to 15:29:59.999: 29:59.999993 min, 2:00:00 h so far
  balance  $85 - $15 = $70 (entry 3)

Hour 3: $15, $45 so far
  due      2026-03-02 15:29:59.999, because active time went beyond 2 hours; booked when the account was next used or shown
  pays for 2026-03-02 15:29:59.999 to 16:00:00: 30:00.000007 min, 2:30:00.000007 h so far
  balance  $70 - $15 = $55 (entry 4)

Total: 3 hours x $15 = $45 for 2:30:00.000007 h of active time.
Paid and not used: 29:59.999993 min, because hours are charged in full.
`);
});

test('a resume that charges, a stretch of nothing, and other entries in between', () => {
  const text = explained({
    stretches: [
      { fromUs: 0, toUs: 0 },
      { fromUs: us(1), toUs: us(2) },
      { fromUs: us(13, 59), toUs: null },
    ],
    nowUs: us(14, 0, 0, 1),
    triggers: ['start', 'resume'],
    balanceCents: 2500,
    otherCents: { 2: 10_050 },
    session: { hourEnd: 'pause', paidThrough: instant(us(14, 59)) },
  });
  expect(text).toBe(`
Session 5e55105e-0000-4000-8000-000000000001: hourly_standard, $15 an hour. Times are UTC.
Limits: pauses at the end of every paid hour.
Started 2026-03-02 10:00:00. Running at 2026-03-03 00:00:00, paid through 2026-03-03 00:59:00.

Hour 1: $15, $15 so far
  due      2026-03-02 10:00:00, because a start charges the first hour at once
  pays for 2026-03-02 11:00:00 to 12:00:00: 1:00:00 h, 1:00:00 h so far
  balance  $25 - $15 = $10 (entry 2)

Hour 2: $15, $30 so far
  due      2026-03-02 23:59:00, because a resume with no paid time left charges the next hour at once
  pays for 2026-03-02 23:59:00 until now: 1:00.000001 min, 1:01:00.000001 h so far
  before   $10 became $110.50 by other entries (+$100.50)
  balance  $110.50 - $15 = $95.50 (entry 3)

Total: 2 hours x $15 = $30 for 1:01:00.000001 h of active time.
Paid and not used yet: 58:59.999999 min.
`);
});

test('a session that has just started', () => {
  const text = explained({
    stretches: [{ fromUs: 0, toUs: null }],
    triggers: ['start'],
    session: { paidThrough: instant(us(1)) },
  });
  expect(text).toContain('Running at 2026-03-02 10:00:00, paid through 2026-03-02 11:00:00.');
  expect(text).toContain('pays for 2026-03-02 10:00:00 until now: 0 s, 0 s so far');
  expect(text).toContain('Total: 1 hour x $15 = $15 for 0 s of active time.');
  expect(text).toContain('Paid and not used yet: 1:00:00 h.');
  expect(text).not.toContain('Limits');
});

test('hours that a start charged ahead', () => {
  const story: Story = {
    stretches: [{ fromUs: 0, toUs: us(0, 59) }],
    triggers: ['start', 'start'],
  };
  const running = explained({ ...story, session: { status: 'paused', pauseReason: 'user' } });
  const reason = 'due      2026-03-02 10:00:00, because a start charges the first 2 hours at once';
  expect(linesWith(running, 'due')).toEqual([reason, reason]);
  expect(running).toContain('  pays for no active time yet\n');
  const over = explained({ ...story, session: ended('user', us(0, 59)) });
  expect(over).toContain('  pays for no active time\n');
  expect(over).toContain('Paid and not used: 1:01:00 h, because hours are charged in full.');
});

describe('a session', () => {
  const oneHour: Story = { stretches: [{ fromUs: 0, toUs: us(1) }], triggers: ['start'] };
  const used = 'All of the paid time was used.';

  test.each([
    ['user', 'by the customer.'],
    ['operator', 'by the operator.'],
    [
      'insufficient_balance',
      'when the paid time ran out, because the balance could not pay another hour.',
    ],
    ['max_hours', 'when the paid time ran out, because 1 hour is the limit it was given.'],
  ] as const)('ended: %s', (reason, words) => {
    const text = explained({ ...oneHour, session: ended(reason, us(1)) });
    expect(text).toContain(`Ended 2026-03-02 11:00:00 ${words}\n`);
    expect(text).toContain(used);
  });

  test('ended out of a pause', () => {
    const text = explained({ ...oneHour, session: ended('user', us(30)) });
    expect(text).toContain(
      'Ended 2026-03-03 16:00:00 by the customer, paused since 2026-03-02 11:00:00.\n',
    );
  });

  test.each([
    ['user', 'by the customer.'],
    ['hour_end', 'because the paid hour was over.'],
    ['idle', 'because it was idle for 60 minutes.'],
    ['frozen', 'because the balance fell below zero.'],
  ] as const)('paused: %s', (pauseReason, words) => {
    const session = { status: 'paused', pauseReason, autoPauseMinutes: 60 } as const;
    const text = explained({ ...oneHour, session });
    expect(text).toContain(`Paused since 2026-03-02 11:00:00 ${words}\n`);
    expect(text).toContain('No paid time is left: a resume charges the next hour.');
    const sooner = explained({
      ...oneHour,
      stretches: [{ fromUs: 0, toUs: us(0, 20) }],
      session,
    });
    expect(sooner).toContain('Paid and not used yet: 40:00 min, kept for a resume.');
  });
});

test.each([
  [0, '0 s'],
  [1, '0.000001 s'],
  [250_000, '0.25 s'],
  [59_000_000, '59 s'],
  [us(0, 0, 59, 999_999), '59.999999 s'],
  [us(0, 1), '1:00 min'],
  [us(0, 20), '20:00 min'],
  [us(0, 59, 59, 999_999), '59:59.999999 min'],
  [us(1), '1:00:00 h'],
  [us(1, 0, 0, 1), '1:00:00.000001 h'],
  [us(1000, 7, 8, 90), '1000:07:08.00009 h'],
])('%i microseconds are read as %s', (length, shown) => {
  expect(formatLength(length)).toBe(shown);
});
