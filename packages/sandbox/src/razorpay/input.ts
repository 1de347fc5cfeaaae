import type { IncomingMessage } from 'node:http';
import { Problem, readJson } from '../http.ts';
import type { Notes } from './entities.ts';
import { badRequest } from './errors.ts';

const BODY_LIMIT_BYTES = 256 * 1024;

/** A JSON object body; anything else is refused in Razorpay's words. */
export async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  let body: unknown;
  try {
    body = await readJson(request, BODY_LIMIT_BYTES);
  } catch (error) {
    if (error instanceof Problem && error.reply.status === 400) {
      throw badRequest('The request body is not valid JSON.');
    }
    throw error;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The request body must be a JSON object.');
  }
  return body as Record<string, unknown>;
}

/** Razorpay refuses fields it doesn't know, which catches typing errors in a client. */
export function refuseUnknown(body: Record<string, unknown>, known: readonly string[]): void {
  const extra = Object.keys(body).filter((key) => !known.includes(key));
  if (extra.length > 0) {
    throw badRequest(`${extra.join(', ')} is/are not required and should not be sent`);
  }
}

/** Up to 15 pairs of at most 256 characters. Empty notes are `[]` in every answer. */
export function parseNotes(value: unknown): Notes {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.length === 0) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw badRequest('The notes must be key-value pairs.', 'notes');
  }
  const pairs = Object.entries(value);
  if (pairs.length > 15) throw badRequest('The notes may not have more than 15 items.', 'notes');
  for (const [key, note] of pairs) {
    const isScalar = typeof note === 'string' || typeof note === 'number';
    if (!isScalar || key.length > 256 || String(note).length > 256) {
      throw badRequest('The notes values should be strings of at most 256 characters.', 'notes');
    }
  }
  return pairs.length === 0 ? [] : (Object.fromEntries(pairs) as Record<string, string | number>);
}

/** A receipt of at most 40 characters, or null. */
export function parseReceipt(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw badRequest('The receipt must be a string.', 'receipt');
  if (value.length > 40) {
    throw badRequest('The receipt may not be greater than 40 characters.', 'receipt');
  }
  return value;
}

/** Integer paise, as a JSON number or a string of digits. */
export function parseAmount(value: unknown, minimum: number): number {
  if (value === undefined || value === null) {
    throw badRequest('The amount field is required.', 'amount');
  }
  const isDigits = typeof value === 'string' && /^\d{1,15}$/.test(value);
  const amount = isDigits ? Number(value) : value;
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount)) {
    throw badRequest('The amount must be an integer.', 'amount');
  }
  if (amount < minimum) {
    throw badRequest('Order amount less than minimum amount allowed', 'amount');
  }
  return amount;
}

export interface Page {
  count: number;
  skip: number;
  from: number;
  to: number;
}

function intParam(query: URLSearchParams, name: string, fallback: number, maximum: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,12}$/.test(text)) throw badRequest(`The ${name} must be an integer.`, name);
  const value = Number(text);
  if (value > maximum) throw badRequest(`The ${name} may not be greater than ${maximum}.`, name);
  return value;
}

/** `count` (10, at most 100), `skip`, and `from`/`to` in unix seconds, both included. */
export function parsePage(query: URLSearchParams): Page {
  const count = intParam(query, 'count', 10, 100);
  if (count < 1) throw badRequest('The count must be at least 1.', 'count');
  return {
    count,
    skip: intParam(query, 'skip', 0, 1_000_000),
    from: intParam(query, 'from', 0, 99_999_999_999),
    to: intParam(query, 'to', 99_999_999_999, 99_999_999_999),
  };
}

export function pageOf<T extends { created_at: number }>(rows: T[], page: Page): T[] {
  const within = rows.filter((row) => row.created_at >= page.from && row.created_at <= page.to);
  return within.slice(page.skip, page.skip + page.count);
}
