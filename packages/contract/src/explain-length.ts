const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const HOUR_US = 60 * MINUTE_US;

/** Seconds with up to six decimals, as answers carry them, in whole microseconds: these add up exactly. */
export const microsOf = (seconds: number): number => Math.round(seconds * SECOND_US);

/** A length of time to read: `7 s`, `20:00 min`, `1:30:00 h`; microseconds where there are any: `0.000001 s`. */
export function formatLength(us: number): string {
  const second = `${Math.floor((us % MINUTE_US) / SECOND_US)}`;
  const rest = us % SECOND_US;
  const decimals = rest === 0 ? '' : `.${`${rest}`.padStart(6, '0').replace(/0+$/, '')}`;
  if (us < MINUTE_US) return `${second}${decimals} s`;
  const minute = `${Math.floor((us % HOUR_US) / MINUTE_US)}`;
  const seconds = `${second.padStart(2, '0')}${decimals}`;
  if (us < HOUR_US) return `${minute}:${seconds} min`;
  return `${Math.floor(us / HOUR_US)}:${minute.padStart(2, '0')}:${seconds} h`;
}
