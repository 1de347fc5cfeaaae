const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const HOUR_US = 60 * MINUTE_US;
const DAY_US = 24 * HOUR_US;

const unitUs: Record<string, number> = {
  day: DAY_US,
  h: HOUR_US,
  min: MINUTE_US,
  s: SECOND_US,
  µs: 1,
};

/** `1 h 30 min`, `1 h 1 µs`, `3 days` in microseconds; null where the text says no length. */
export function lengthUs(text: string): number | null {
  if (!/^\d+ \S+( \d+ \S+)*$/.test(text)) return null;
  let us = 0;
  for (const [, number, word = ''] of text.matchAll(/(\d+) (\S+)/g)) {
    const unit = unitUs[word.replace(/^days$/, 'day')];
    if (unit === undefined) return null;
    us += Number(number) * unit;
  }
  return us;
}

/**
 * `01:30`, `01:00:00.000001`, `day 4 09:00` in microseconds since the example began, which is `00:00` of day 1; null
 * where the text says no time.
 */
export function timeUs(text: string): number | null {
  const match = /^(?:day (\d+) )?([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/.exec(
    text,
  );
  if (match === null) return null;
  const [, day = '1', hour, minute, second = '0', fraction = ''] = match;
  const us = Number(fraction.padEnd(6, '0'));
  const days = Number(day) - 1;
  return (
    days * DAY_US +
    Number(hour) * HOUR_US +
    Number(minute) * MINUTE_US +
    Number(second) * SECOND_US +
    us
  );
}

/** So long after a moment, ISO 8601 to the microsecond, which a JavaScript Date would drop. */
export function instantAfter(begin: Date, us: number): string {
  const ms = new Date(begin.getTime() + Math.floor(us / 1000)).toISOString().slice(0, -1);
  return `${ms}${`${us % 1000}`.padStart(3, '0')}Z`;
}

/** As answers show an instant: what is finer than a millisecond is cut off. */
export const shownInstant = (instant: string): string => `${instant.slice(0, -4)}Z`;
