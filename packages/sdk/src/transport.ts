import {
  errorOfResponse,
  type FailedAnswer,
  parseJson,
  unexpectedResponse,
} from './error-of-response.ts';
import {
  abortedError,
  ConnectionError,
  type HourlyError,
  invalidInput,
  TimeoutError,
} from './errors.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import {
  type CallOptions,
  type MutationOptions,
  maxRetriesOf,
  type Settings,
  timeoutMsOf,
} from './options.ts';
import { fullJitterMs, maxRetryAfterMs, retryAfterMs } from './retry.ts';
import { signalWithTimeout, sleep } from './signals.ts';
import { version } from './version.ts';

/** A file as it was served. */
export interface Download {
  contentType: string;
  body: Uint8Array;
}

type Query = Readonly<Record<string, string | number | null | undefined>>;

/** One logical call, whatever number of attempts it takes. */
interface Call {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body: string | null;
  timeoutMs: number;
  maxRetries: number;
  signal: CallOptions['signal'];
}

type Attempt<Answer> = { answer: Answer } | { error: HourlyError; retryAfterMs: number | null };

/** How the bytes of a 2xx answer become what the caller wants. */
type Read<Answer> = (
  response: Response,
  describe: (body: string) => FailedAnswer,
) => Promise<Answer>;

/** A first attempt that is still under way waits for a provider: that takes seconds, so the waits double from here. */
const inProgressDelayMs = 1_000;

/**
 * Sends calls to Hourly's REST interface: the documented one, flat JSON with typed refusals, for which `fetch` is enough.
 * (tRPC would serve as well, but brings a client of its own, and the types it infers are not the ones published here.)
 *
 * A call that may succeed later is sent again, a bounded number of times and with the same idempotency key, after a
 * random wait or the one that the server asks for.
 */
export class Transport {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get timeoutMs(): number {
    return this.#settings.timeoutMs;
  }

  /** Reads a resource. `path` is below `/api/hourly-usage`. */
  get<Answer>(path: string, query: Query = {}, options: CallOptions = {}): Promise<Answer> {
    return this.#send<Answer>(this.#call('GET', path, query, null, options), readJson<Answer>);
  }

  /** Reads a file. */
  download(path: string, options: CallOptions = {}): Promise<Download> {
    return this.#send(this.#call('GET', path, {}, null, options), readBytes);
  }

  /** Changes something, once, however often it has to be sent. */
  post<Answer>(path: string, body: object, options: MutationOptions = {}): Promise<Answer> {
    return this.#send<Answer>(this.#call('POST', path, {}, body, options), readJson<Answer>);
  }

  #call(
    method: Call['method'],
    path: string,
    query: Query,
    body: object | null,
    options: MutationOptions,
  ): Call {
    const { apiKey, baseUrl, timeoutMs, maxRetries } = this.#settings;
    return {
      method,
      url: `${baseUrl}/api/hourly-usage${path}${queryString(query)}`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${apiKey}`,
        'user-agent': `hourly-sdk/${version}`,
        ...(body && {
          'content-type': 'application/json',
          'idempotency-key': idempotencyKeyOf(options.idempotencyKey),
        }),
      },
      body: body && JSON.stringify(body),
      timeoutMs: timeoutMsOf(options.timeoutMs) ?? timeoutMs,
      maxRetries: maxRetriesOf(options.maxRetries) ?? maxRetries,
      signal: options.signal,
    };
  }

  async #send<Answer>(call: Call, read: Read<Answer>): Promise<Answer> {
    for (let attempts = 1; ; attempts += 1) {
      if (call.signal?.aborted) throw abortedError(call.signal.reason);
      const attempt = await this.#attempt(call, read);
      if ('answer' in attempt) return attempt.answer;
      const { error } = attempt;
      const askedMs = attempt.retryAfterMs ?? 0;
      if (!error.retryable || attempts > call.maxRetries || askedMs > maxRetryAfterMs) throw error;
      const leastMs =
        error.reason === 'REQUEST_IN_PROGRESS' ? inProgressDelayMs * 2 ** (attempts - 1) : 0;
      await sleep(Math.max(askedMs, leastMs, fullJitterMs(attempts)), call.signal);
    }
  }

  async #attempt<Answer>(call: Call, read: Read<Answer>): Promise<Attempt<Answer>> {
    const limited = signalWithTimeout(call.signal, call.timeoutMs);
    try {
      const response = await this.#settings.fetch(call.url, {
        method: call.method,
        headers: call.headers,
        body: call.body,
        signal: limited.signal,
        // A redirected POST would arrive as a GET; the error names the status instead.
        redirect: 'manual',
      });
      const describe = (body: string): FailedAnswer => ({
        status: response.status,
        body,
        url: call.url,
        contentType: response.headers.get('content-type'),
        requestId: response.headers.get('x-request-id'),
        retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
      });
      if (response.ok) return { answer: await read(response, describe) };
      const failed = describe(await response.text());
      return { error: errorOfResponse(failed), retryAfterMs: failed.retryAfterMs };
    } catch (cause) {
      if (call.signal?.aborted) throw abortedError(call.signal.reason);
      if (limited.timedOut()) return { error: timeoutError(call, cause), retryAfterMs: null };
      if (cause instanceof UnreadableAnswer) throw cause.error;
      return { error: connectionError(call, cause), retryAfterMs: null };
    } finally {
      limited.release();
    }
  }
}

/** Carries an answer that came whole but cannot be read past the handling of lost connections. */
class UnreadableAnswer extends Error {
  readonly error: HourlyError;

  constructor(error: HourlyError) {
    super(error.message);
    this.error = error;
  }
}

async function readJson<Answer>(
  response: Response,
  describe: (body: string) => FailedAnswer,
): Promise<Answer> {
  const text = await response.text();
  const value = parseJson(text);
  if (value === undefined) throw new UnreadableAnswer(unexpectedResponse(describe(text)));
  return value as Answer;
}

const readBytes: Read<Download> = async (response) => ({
  contentType: response.headers.get('content-type') ?? 'application/octet-stream',
  body: new Uint8Array(await response.arrayBuffer()),
});

/** An id as one segment of a path. Those that would change the path (none of Hourly's own) are refused. */
export function pathSegment(id: string): string {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..')
    throw invalidInput('id', 'must be the id of something');
  return encodeURIComponent(id);
}

function queryString(query: Query): string {
  const present = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)] as [string, string]],
  );
  return present.length === 0 ? '' : `?${new URLSearchParams(present)}`;
}

function idempotencyKeyOf(value: string | undefined): string {
  if (value === undefined) return newIdempotencyKey();
  if (/^[!-~](?:[ -~]{0,253}[!-~])?$/.test(value)) return value;
  throw invalidInput('idempotencyKey', 'must have 1 to 255 printable ASCII characters');
}

const timeoutError = (call: Call, cause: unknown): TimeoutError =>
  new TimeoutError({
    reason: 'TIMED_OUT',
    message: `${call.method} ${call.url} was not answered within ${call.timeoutMs} ms.`,
    retryable: true,
    cause,
  });

function connectionError(call: Call, cause: unknown): ConnectionError {
  const detail = networkDetail(cause);
  return new ConnectionError({
    reason: 'CONNECTION_FAILED',
    message: `${call.method} ${call.url} was not answered${detail && `: ${detail}`}.`,
    retryable: true,
    cause,
  });
}

/** Node's `fetch failed` hides what happened (ECONNREFUSED, ENOTFOUND …) in its cause. */
function networkDetail(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if (cause.cause instanceof Error) {
    const code = (cause.cause as { code?: unknown }).code;
    return typeof code === 'string' ? code : cause.cause.message;
  }
  return cause.message;
}
