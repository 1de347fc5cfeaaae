import type { IncomingMessage } from 'node:http';
import { Problem, readJson } from '../http.ts';
import type { Notes } from './entities.ts';
import { badRequest } from './errors.ts';

const BODY_LIMIT_BYTES = 256 * 1024;
const MINIMUM_PAISE = 100;
/** The instants Razorpay accepts: the years 2000 to 2120. */
const EARLIEST = 946_684_800;
const LATEST = 4_765_046_400;

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

/** Integer paise, as a JSON number or a string of digits. At least one rupee. */
export function parseAmount(value: unknown): number {
  if (value === undefined || value === null) {
    throw badRequest('The amount field is required.', 'amount');
  }
  const isDigits = typeof value === 'string' && /^\d{1,15}$/.test(value);
  const amount = isDigits ? Number(value) : value;
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount)) {
    throw badRequest('The amount must be an integer.', 'amount');
  }
  if (amount < MINIMUM_PAISE) throw badRequest('The amount must be at least INR 1.00', 'amount');
  return amount;
}

/** Three letters. */
export function parseCurrency(value: unknown): string {
  if (typeof value !== 'string') throw badRequest('The currency field is required.', 'currency');
  if (!/^[A-Z]{3}$/.test(value)) throw badRequest('Currency is not supported', 'currency');
  return value;
}

/** An id as it is made: prefix, underscore, 14 letters and digits. */
export function parseId(value: string | undefined, prefix: string): string {
  const id = value ?? '';
  const isWhole =
    id.startsWith(`${prefix}_`) && /^[0-9A-Za-z]{14}$/.test(id.slice(prefix.length + 1));
  if (!isWhole) {
    throw badRequest(`${id.slice(0, 100)} is not a valid id`);
  }
  return id;
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
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`The ${name} must be an integer.`, name);
  const value = Number(text);
  if (value > maximum) throw badRequest(`The ${name} may not be greater than ${maximum}.`, name);
  return value;
}

function instantParam(query: URLSearchParams, name: string, fallback: number): number {
  const value = intParam(query, name, fallback, Number.MAX_SAFE_INTEGER);
  if (value >= EARLIEST && value <= LATEST) return value;
  throw badRequest(`${name} must be between ${EARLIEST} and ${LATEST}`, name);
}

/** `count` (10, at most 100), `skip`, and `from`/`to` in unix seconds, both included. */
export function parsePage(query: URLSearchParams): Page {
  const count = intParam(query, 'count', 10, 100);
  if (count < 1) throw badRequest('The count must be at least 1.', 'count');
  return {
    count,
    skip: intParam(query, 'skip', 0, 1_000_000),
    from: instantParam(query, 'from', EARLIEST),
    to: instantParam(query, 'to', LATEST),
  };
}

/** Reads no further than the page needs. */
export function pageOf<T extends { created_at: number }>(rows: Iterable<T>, page: Page): T[] {
  const found: T[] = [];
  let left = page.skip;
  for (const row of rows) {
    if (row.created_at < page.from || row.created_at > page.to) continue;
    if (left > 0) left -= 1;
    else found.push(row);
    if (found.length === page.count) break;
  }
  return found;
}

/** What `expand[]` asks for, in any spelling of a list; names it can't be are refused. */
export function parseExpand(query: URLSearchParams, allowed: readonly string[]): string[] {
  const wanted = [...query.entries()]
    .filter(([name]) => /^expand(\[.*\])?$/.test(name))
    .map(([, value]) => value);
  const isKnown = wanted.every((value) => allowed.includes(value));
  if (isKnown) return wanted;
  throw badRequest(
    `Value of each expand must be one of following types: ${allowed.join(', ')}`,
    'expand',
  );
}
