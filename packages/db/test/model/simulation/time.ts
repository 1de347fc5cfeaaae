/** An instant or a duration in whole microseconds; instants count from 1970. What a Date would round is kept. */
export type Micros = bigint;

const second: Micros = 1_000_000n;
export const minute: Micros = 60n * second;
export const hour: Micros = 60n * minute;

const msOf = (us: Micros): string => new Date(Number(us / 1000n)).toISOString();

/** As answers show an instant: milliseconds, the rest cut off. */
export const shown = (us: Micros): string => msOf(us);

/** The whole instant, as calls take it. */
export const exact = (us: Micros): string =>
  `${msOf(us).slice(0, -1)}${String(us % 1000n).padStart(3, '0')}Z`;

/** Seconds to the microsecond, as answers show a duration. */
export const inSeconds = (us: Micros): number => Number(us) / 1e6;

export const parse = (iso: string): Micros => BigInt(Date.parse(iso)) * 1000n;

export const earliest = (one: Micros, other: Micros): Micros => (one < other ? one : other);
export const latest = (one: Micros, other: Micros): Micros => (one > other ? one : other);

/** When something was written for which no account's time counts: nobody can foresee it. */
export const realClock = 'by the real clock';

export const stamped = (at: Micros | typeof realClock): string =>
  at === realClock ? realClock : shown(at);
