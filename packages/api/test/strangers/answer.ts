import { isReason, reasons } from '@hourly/contract';
import { expect } from 'vitest';
import type { World } from '../support/world.ts';
import type { Plants } from './victim.ts';

export interface Seen {
  /** `POST /api/… as somebody`, for messages. */
  what: string;
  status: number;
  /** Null when the call was answered. */
  reason: string | null;
  headers: Headers;
  text: string;
}

let requests = 0;

/** How many requests the walk of this process has sent. */
export const requestsSent = (): number => requests;

/**
 * Sends a request and holds its answer to what every answer owes to strangers: an id, errors of the one shape, no cause,
 * nothing for pages of other sites, and nothing of a victim's.
 */
export async function ask(
  world: World,
  request: { path: string; init?: RequestInit; headers?: Record<string, string>; as?: string },
  plants: Plants,
): Promise<Seen> {
  requests += 1;
  const { path, init = {}, headers = {}, as = '' } = request;
  const what = `${init.method ?? 'GET'} ${path} as ${as}`;
  const response = await fetch(`${world.url}${path}`, {
    ...init,
    headers: { ...(init.headers as Record<string, string> | undefined), ...headers },
    redirect: 'manual',
  });
  const text = await response.text();
  const seen: Seen = {
    what,
    status: response.status,
    reason: null,
    headers: response.headers,
    text,
  };
  checkHeaders(seen);
  checkSecrecy(seen, plants);
  if (seen.status >= 400 && init.method !== 'HEAD') seen.reason = reasonOf(seen);
  return seen;
}

function checkHeaders({ what, headers, status }: Seen): void {
  expect(headers.get('x-request-id'), what).toMatch(/^req_[0-9a-f]{32}$/);
  expect(status, what).toBeLessThan(500);
  const names = [...headers.keys()];
  expect(
    names.filter((name) => name.startsWith('access-control-')),
    what,
  ).toEqual([]);
  if (status >= 400) expect(headers.get('cache-control'), what).toBe('no-store');
  if (status === 405) expect(headers.get('allow'), what).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
}

function checkSecrecy({ what, headers, text }: Seen, { strings, amounts }: Plants): void {
  const answer = `${[...headers].join('\n')}\n\n${text}`;
  for (const plant of strings) expect(answer.includes(plant), `${what} tells ${plant}`).toBe(false);
  for (const amount of amounts) {
    expect(hasAmount(answer, amount), `${what} tells ${amount}`).toBe(false);
  }
}

/** Is the number in the text, and not by chance within an id? */
export const hasAmount = (text: string, amount: number): boolean =>
  new RegExp(`(?<![0-9a-zA-Z.-])${amount}(?![0-9a-zA-Z-])`).test(text);

/** The reason of an error, whose body is flat and the same in REST and, as `error.data`, in tRPC. */
function reasonOf({ what, status, headers, text }: Seen): string {
  const body = JSON.parse(text) as Record<string, unknown>;
  const one = (Array.isArray(body) ? body[0] : body) as { error?: { data?: unknown } };
  const data = (one.error?.data ?? one) as Record<string, unknown>;
  const reason = String(data.reason);
  if (!isReason(reason)) throw new Error(`${what}: ${text}`);
  expect(data, what).toMatchObject({
    message: expect.any(String),
    code: reasons[reason].code,
    requestId: headers.get('x-request-id'),
  });
  if (!Array.isArray(body)) expect(status, what).toBe(reasons[reason].status);
  expect(text, what).not.toMatch(
    /\bat .+\.[jt]s:\d+|node_modules|select |insert into|hourly_[a-z]+_/,
  );
  return reason;
}

/** The body without what differs from call to call. */
export const lasting = ({ text }: Seen): string => text.replaceAll(/req_[0-9a-f]{32}/g, 'req');
