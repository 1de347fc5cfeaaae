import { z } from 'zod';

export const providers = ['razorpay', 'runpod'] as const;
export type Provider = (typeof providers)[number];

/**
 * What happens to a call. `status`: answers an error. `slow`: does the work, then answers after
 * `slowMs`. `hang`: answers nothing for `hangMs`, then drops the connection. `reset`: drops it at
 * once. `lose_answer`: does the work, then drops it. `malformed`: does the work, then answers half
 * of the JSON.
 */
const faultModes = ['status', 'slow', 'hang', 'reset', 'lose_answer', 'malformed'] as const;

export const faultSchema = z.strictObject({
  mode: z.enum(faultModes).default('status'),
  status: z.int().min(400).max(599).default(500),
  /** Of a `status`: default `html` for 502 to 504, as the gateways in front answer, else `json`. */
  body: z.enum(['json', 'html', 'empty']).optional(),
  /** Of a 429: the header `Retry-After`, or null for none. */
  retryAfterSeconds: z.int().min(0).max(3600).nullable().default(1),
  slowMs: z.int().min(1).max(120_000).default(1_000),
  hangMs: z.int().min(1).max(120_000).default(30_000),
  /** Does the work before it fails: the caller cannot know. Always so for `lose_answer`. */
  afterWork: z.boolean().default(false),
  /** How many matching calls go well before. */
  skip: z.int().min(0).max(1_000_000).default(0),
  /** How many calls fail; 0 takes the fault away. */
  times: z.int().min(0).max(1_000_000).default(1),
  /**
   * Only calls starting so, like `POST /v1/orders`; `*` stands for one part of a path, `$` at the
   * end for its end. Default: all of the provider's.
   */
  match: z.string().max(200).default(''),
});

export type Fault = z.output<typeof faultSchema>;

/** Whether a call like `POST /v1/payments/pay_1/refund` is one that a pattern means. */
export function matches(pattern: string, call: string): boolean {
  const isWhole = pattern.endsWith('$');
  const parts = (isWhole ? pattern.slice(0, -1) : pattern).split('*');
  const escaped = parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^/]+')}${isWhole ? '$' : ''}`).test(call);
}
