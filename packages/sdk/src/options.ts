import { configurationError } from './errors.ts';
import type { AbortSignalLike } from './signals.ts';
import type { Mode } from './types.ts';

/** The environment's own `fetch` type, so that nothing is asked of a program's `lib` or `types`. */
export type Fetch = typeof globalThis extends { fetch: infer Own }
  ? Own
  : (url: string, init?: object) => Promise<unknown>;

export interface HourlyOptions {
  /** `hk_live_…` or `hk_test_…`; the environment's `HOURLY_API_KEY` unless given. */
  apiKey?: string | undefined;
  /** Origin of Hourly's server, `https://hourly.example.com`; the environment's `HOURLY_BASE_URL` unless given. */
  baseUrl?: string | undefined;
  /** How long one attempt may take; 30,000 unless given. `generate` allows its `waitSeconds` on top. */
  timeoutMs?: number | undefined;
  /** How often a call that may succeed later is sent again, 0–10; 3 unless given. */
  maxRetries?: number | undefined;
  /** Used instead of the global `fetch`, e.g. to go through a proxy. */
  fetch?: Fetch | undefined;
  /** An API key in a browser belongs to whoever opens the developer tools. Say so here if that is what you want. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** What every call takes beside its input. */
export interface CallOptions {
  /** Stops the call, its retries included. */
  signal?: AbortSignalLike | undefined;
  /** How long one attempt may take. */
  timeoutMs?: number | undefined;
  maxRetries?: number | undefined;
}

/** What every call that changes something takes beside its input. */
export interface MutationOptions extends CallOptions {
  /**
   * Names the thing that should happen once; made for each call unless given. Give your own (an order's id, say) to make
   * the call safe to repeat from another process or after a crash. At most 255 printable ASCII characters.
   */
  idempotencyKey?: string | undefined;
}

/** Options, checked, with their defaults. */
export interface Settings {
  apiKey: string;
  /** Of the key. */
  mode: Mode;
  /** Without a slash at the end. */
  baseUrl: string;
  timeoutMs: number;
  maxRetries: number;
  fetch: Fetch;
}

const defaultTimeoutMs = 30_000;
const defaultMaxRetries = 3;
const retriesLimit = 10;
/** What timers can hold. */
const timeoutLimitMs = 2_147_483_647;

/** Checks the options, so that what cannot work fails where the client is made and not at its first call. */
export function settingsOf(options: HourlyOptions): Settings {
  if (options.dangerouslyAllowBrowser !== true && inBrowser()) {
    throw configurationError(
      'The Hourly client carries an API key and belongs on a server: in a browser, everybody can read it. ' +
        'Browsers of signed-in customers use @hourly/sdk/react. ' +
        'If the key may be seen by all, pass dangerouslyAllowBrowser: true.',
    );
  }
  const apiKey = apiKeyOf(options.apiKey ?? fromEnvironment('HOURLY_API_KEY'));
  return {
    apiKey,
    mode: apiKey.startsWith('hk_test_') ? 'test' : 'live',
    baseUrl: baseUrlOf(options.baseUrl ?? fromEnvironment('HOURLY_BASE_URL')),
    timeoutMs: timeoutMsOf(options.timeoutMs) ?? defaultTimeoutMs,
    maxRetries: maxRetriesOf(options.maxRetries) ?? defaultMaxRetries,
    // Looked up at each call: instrumentation replaces the global one later than clients are made.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  };
}

export function timeoutMsOf(value: number | undefined): number | undefined {
  if (value === undefined || (value > 0 && value <= timeoutLimitMs)) return value;
  throw configurationError(
    `timeoutMs must be above 0 and at most ${timeoutLimitMs}, not ${value}.`,
  );
}

export function maxRetriesOf(value: number | undefined): number | undefined {
  if (value === undefined) return value;
  if (Number.isInteger(value) && value >= 0 && value <= retriesLimit) return value;
  throw configurationError(
    `maxRetries must be a whole number from 0 to ${retriesLimit}, not ${value}.`,
  );
}

function apiKeyOf(value: string | undefined): string {
  const apiKey = value?.trim();
  if (!apiKey) {
    throw configurationError(
      'No API key. Pass apiKey, or set HOURLY_API_KEY; keys are made in the dashboard, under API keys.',
    );
  }
  // The key itself stays out of the message: messages end in logs.
  if (!/^hk_(live|test)_[!-~]+$/.test(apiKey))
    throw configurationError('The API key must begin with hk_live_ or hk_test_.');
  return apiKey;
}

function baseUrlOf(value: string | undefined): string {
  const text = value?.trim();
  if (!text) {
    throw configurationError(
      'No base URL. Pass baseUrl, or set HOURLY_BASE_URL, e.g. https://hourly.example.com.',
    );
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash) {
    throw configurationError(
      `The base URL must be an http or https address without query, e.g. https://hourly.example.com, not ${JSON.stringify(text)}.`,
    );
  }
  if (url.username || url.password)
    throw configurationError('The base URL must not hold a user name or password.');
  return url.href.replace(/\/+$/, '');
}

/** Node, Bun and Deno have `process.env`; edge runtimes may not. */
function fromEnvironment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name];
}

function inBrowser(): boolean {
  const { window } = globalThis as { window?: { document?: unknown } };
  return window?.document !== undefined;
}
