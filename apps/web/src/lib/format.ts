import { formatInr, formatUsd } from '@hourly/contract';

export { formatInr, formatUsd };

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const preciseTime = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** `14:32`; on another day than `nowMs`: `23 Nov, 14:32`. In the browser's time zone. */
export function formatTime(instant: string, nowMs: number): string {
  const date = new Date(instant);
  const clock = time.format(date);
  return sameDay(date, new Date(nowMs)) ? clock : `${day.format(date)}, ${clock}`;
}

/** `22 Nov 2026, 14:32` in the browser's time zone. */
export const formatDateTime = (instant: string): string => {
  const date = new Date(instant);
  return `${dayOfYear.format(date)}, ${time.format(date)}`;
};

/** `14:32:07` in the browser's time zone. */
export const formatPreciseTime = (instant: string): string => preciseTime.format(new Date(instant));

/** `22 Nov 2026` in the browser's time zone. */
export const formatDay = (instant: string): string => dayOfYear.format(new Date(instant));

/** Seconds as a running clock: `0:42:17`. */
export function formatClock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Seconds as a clock to the millisecond, for evidence: `0:42:17.042`. */
export function formatPreciseClock(seconds: number): string {
  const milliseconds = Math.floor(seconds * 1000 + 0.000_5);
  return `${formatClock(milliseconds / 1000)}.${String(milliseconds % 1000).padStart(3, '0')}`;
}

/** Seconds in words, to the minute: `1 h 12 min`, `40 min`, `25 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  if (hours === 0) return `${minutes} min`;
  return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
}

/** `1 hour`, `2 hours`. */
export const count = (amount: number, one: string, many = `${one}s`): string =>
  `${amount.toLocaleString('en-US')} ${amount === 1 ? one : many}`;

/** `+$100`, `−$15`: what an entry does to a balance. */
export const formatSignedUsd = (cents: number): string =>
  `${cents < 0 ? '−' : '+'}${formatUsd(Math.abs(cents))}`;
