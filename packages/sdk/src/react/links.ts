import { httpLink, type Operation, retryLink, type TRPCLink } from '@trpc/client';
import { newIdempotencyKey } from '../idempotency-key.ts';
import { fullJitterMs } from '../retry.ts';
import { signalWithTimeout } from '../signals.ts';
import type { Mode } from '../types.ts';
import { errorOf } from './error-of.ts';
import type { HourlyRouter } from './router.ts';

const maxMutationAttempts = 3;

/** `generate` may wait 60 s for its output; nothing else takes nearly as long. */
const attemptTimeoutMs = 75_000;

/**
 * The way of every call of the hooks: fields of the wire, retries of mutations under one idempotency key, HTTP.
 * Queries are retried by the query client, which shows the attempts to the screen.
 */
export function linksOf(options: { baseUrl: string; mode: Mode }): TRPCLink<HourlyRouter>[] {
  return [
    wireInputLink,
    retryLink<HourlyRouter>({
      retry: ({ op, error, attempts }) =>
        op.type === 'mutation' && attempts < maxMutationAttempts && errorOf(error).retryable,
      retryDelayMs: (attempts) => fullJitterMs(attempts),
    }),
    httpLink<HourlyRouter>({
      url: `${options.baseUrl.replace(/\/+$/, '')}/api/trpc`,
      headers: { 'Hourly-Mode': options.mode },
      fetch: async (url, init) => {
        const limited = signalWithTimeout(init?.signal ?? undefined, attemptTimeoutMs);
        try {
          const response = await fetch(url, {
            ...init,
            credentials: 'include',
            signal: limited.signal,
          } as RequestInit);
          // Read here, so that the time limit covers the body too.
          const text = await response.text();
          return { ...answerOf(text), ok: response.ok, status: response.status };
        } finally {
          limited.release();
        }
      },
    }),
  ];
}

const answerOf = (text: string) => ({ json: async (): Promise<unknown> => JSON.parse(text) });

const wireInputLink: TRPCLink<HourlyRouter> = () => {
  return ({ op, next }) => next({ ...op, input: wireInput(op) });
};

/**
 * Every mutation carries an idempotency key, made here before the retries when the caller gave none. Infinite queries
 * of tRPC add the direction of the scroll, which the pages of Hourly do not know.
 */
function wireInput({ type, input }: Pick<Operation, 'type' | 'input'>): unknown {
  if (input !== undefined && (typeof input !== 'object' || input === null)) return input;
  if (type === 'mutation') return { idempotencyKey: newIdempotencyKey(), ...input };
  if (type === 'query' && input !== undefined && 'direction' in input) {
    const { direction: _direction, ...rest } = input;
    return rest;
  }
  return input;
}
