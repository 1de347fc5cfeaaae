import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Reply } from './http.ts';

export type Provider = 'razorpay' | 'runpod';

const faultSchema = z.strictObject({
  /**
   * `status`: answers an error. `hang`: answers nothing for `hangMs`, then drops the connection.
   * `reset`: drops it at once. `lose_answer`: does the work, then drops the connection.
   */
  mode: z.enum(['status', 'hang', 'reset', 'lose_answer']).default('status'),
  status: z.int().min(400).max(599).default(500),
  hangMs: z.int().min(1).max(120_000).default(30_000),
  /** How many calls fail; 0 takes the fault away. */
  times: z.int().min(0).max(1000).default(1),
  /** Only calls starting so, like `POST /v1/orders`. Default: all of the provider's. */
  match: z.string().max(200).default(''),
});

export const faultsSchema = z.strictObject({
  razorpay: faultSchema.optional(),
  runpod: faultSchema.optional(),
});

export type Fault = z.output<typeof faultSchema>;

/** Errors ordered by tests: at most one kind at a time for each provider. */
export interface Faults {
  set(faults: z.output<typeof faultsSchema>): void;
  clear(): void;
  list(): Partial<Record<Provider, Fault>>;
  /** The fault that hits this call, if any, counted down. */
  take(provider: Provider, call: string): Fault | null;
}

export function createFaults(): Faults {
  const pending = new Map<Provider, Fault>();
  return {
    set(faults) {
      for (const provider of ['razorpay', 'runpod'] as const) {
        const fault = faults[provider];
        if (fault) pending.set(provider, fault);
        if (fault?.times === 0) pending.delete(provider);
      }
    },
    clear: () => pending.clear(),
    list: () => Object.fromEntries(pending),
    take(provider, call) {
      const fault = pending.get(provider);
      if (!fault || !call.startsWith(fault.match)) return null;
      if (fault.times <= 1) pending.delete(provider);
      else pending.set(provider, { ...fault, times: fault.times - 1 });
      return fault;
    },
  };
}

/** Waits out a hang; ends early when the caller has gone. */
export async function hang(fault: Fault, signal: AbortSignal): Promise<void> {
  await sleep(fault.hangMs, undefined, { signal, ref: false }).catch(() => {});
}

/** The error as the provider words it. Gateways in front of both answer 502 to 504 in HTML. */
export function faultReply(provider: Provider, status: number): Reply {
  if (status >= 502 && status <= 504) {
    const body = `<html><head><title>${status}</title></head><body>Bad Gateway</body></html>\n`;
    return { status, body, headers: { 'content-type': 'text/html' } };
  }
  const headers: Record<string, string> = status === 429 ? { 'retry-after': '1' } : {};
  if (provider === 'runpod') return { status, body: { error: `fault ${status}` }, headers };
  const code = status >= 500 ? 'SERVER_ERROR' : 'BAD_REQUEST_ERROR';
  const description =
    status === 429
      ? 'Request failed. Please try after sometime.'
      : 'We are facing some trouble completing your request at the moment. Please try again shortly.';
  const error = { code, description, source: 'NA', step: 'NA', reason: 'NA', metadata: {} };
  return { status, body: { error }, headers };
}
