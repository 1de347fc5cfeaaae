import { lengthUs, timeUs } from './instants.ts';

/** One line of an example, read: what happens when, and what is to be seen then. */
export interface Step {
  /** Since the example began; for a setting, which happens before it begins, null. */
  atUs: number | null;
  action: string;
  /** The idempotency key that the call carries. */
  key: string | null;
  expected: string[];
}

/**
 * Reads `01:30 pause → paused (user), balance $70`. The time may also be `after 40 min`, counted from the line before, or
 * be missing, which makes the line a setting. Throws where the text has no such form.
 */
export function readStep(text: string, previousUs: number): Step {
  const [happens = '', sees, ...more] = text.split(' → ');
  if (more.length > 0) throw new Error('there is more than one arrow');
  const match =
    /^((?:day \d+ )?\d\d:\S+|after (?:\d+ (?:days?|h|min|s|µs) )+)\s*(.+)$/.exec(happens) ??
    undefined;
  const time = match?.[1]?.trim();
  const { action, key } = readKey(match?.[2] ?? happens);
  return {
    atUs: time === undefined ? null : readTime(time, previousUs),
    action,
    key,
    expected: sees === undefined ? [] : sees.split(', ').map((part) => part.trim()),
  };
}

function readTime(time: string, previousUs: number): number {
  const atUs = time.startsWith('after ')
    ? previousUs + (lengthUs(time.slice('after '.length)) ?? Number.NaN)
    : timeUs(time);
  if (atUs === null || Number.isNaN(atUs)) throw new Error(`no time: ${time}`);
  if (atUs < previousUs) throw new Error(`${time} is before the line above`);
  return atUs;
}

/** `start (key A)`: the call carries the idempotency key A. */
function readKey(happens: string): { action: string; key: string | null } {
  const match = /^(.+) \(key (\w+)\)$/.exec(happens);
  return { action: match?.[1] ?? happens, key: match?.[2] ?? null };
}
