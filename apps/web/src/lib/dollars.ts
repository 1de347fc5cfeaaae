import { formatUsd } from './format.ts';

type Limits = { minimumTopupCents: number; maximumTopupCents: number };

export type ParsedAmount = { cents: number; error: null } | { cents: null; error: string };

const amountPattern = /^\$?\s*(\d{1,9})(?:\.(\d{1,2}))?$/;

/**
 * Reads a typed amount of dollars as whole cents, by its digits: `250`, `$1,250.50`.
 * The error is a sentence for the person who typed it.
 */
export function parseDollars(typed: string, limits: Limits): ParsedAmount {
  const text = typed.trim();
  if (text === '') return { cents: null, error: 'Enter an amount.' };
  const match = amountPattern.exec(text.replace(/(\d),(?=\d{3}(?!\d))/g, '$1'));
  if (!match?.[1]) return { cents: null, error: 'Enter dollars and cents, such as 250 or 250.50.' };
  const cents = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  if (cents < limits.minimumTopupCents) {
    return { cents: null, error: `The smallest top-up is ${formatUsd(limits.minimumTopupCents)}.` };
  }
  if (cents > limits.maximumTopupCents) {
    return { cents: null, error: `The largest top-up is ${formatUsd(limits.maximumTopupCents)}.` };
  }
  return { cents, error: null };
}

/** Whole cents as somebody would type them: `250`, `250.50`. */
export function typedDollars(cents: number): string {
  const rest = cents % 100;
  const dollars = String((cents - rest) / 100);
  return rest === 0 ? dollars : `${dollars}.${String(rest).padStart(2, '0')}`;
}
