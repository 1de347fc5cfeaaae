import { z } from 'zod';
import { draw, pick } from '../random.ts';
import { type Fault, faultSchema, matches, providers } from './rules.ts';

const share = z.number().min(0).max(1).default(0);

/** The kinds of fault a plan draws from, each with its chance at every call. */
const KINDS = {
  slow: { mode: 'slow' },
  hang: { mode: 'hang' },
  reset: { mode: 'reset' },
  lose_answer: { mode: 'lose_answer' },
  malformed: { mode: 'malformed' },
  server_error: { mode: 'status', status: 500 },
  bad_gateway: { mode: 'status', status: 502 },
  gateway_timeout: { mode: 'status', status: 504, afterWork: true },
  rate_limited: { mode: 'status', status: 429 },
  unauthorized: { mode: 'status', status: 401 },
} as const satisfies Record<string, z.input<typeof faultSchema>>;

type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];

export const randomPlanSchema = z
  .strictObject({
    /** The same seed makes the same faults at the nth call of a route. */
    seed: z.int(),
    provider: z.enum(providers).default('razorpay'),
    /** As of a fault. */
    match: z.string().max(200).default(''),
    slow: share,
    hang: share,
    reset: share,
    lose_answer: share,
    malformed: share,
    server_error: share,
    bad_gateway: share,
    gateway_timeout: share,
    rate_limited: share,
    unauthorized: share,
    slowMs: z.int().min(1).max(120_000).default(20),
    hangMs: z.int().min(1).max(120_000).default(200),
    /** After so many faults all goes well. */
    faultsMaximum: z.int().min(0).max(1_000_000).default(1_000_000),
  })
  .refine((plan) => kinds.reduce((sum, kind) => sum + plan[kind], 0) <= 1, {
    message: 'the shares are more than 1',
  });

export type RandomPlan = z.output<typeof randomPlanSchema>;

/** The route of a call: what differs from run to run is left out. */
const routeOf = (call: string): string => call.replace(/\b(order|pay|rfnd|disp)_[^/]+/g, ':id');

export interface RandomFaults {
  readonly plan: RandomPlan;
  /** The fault that the plan has for this call, if any. */
  take(provider: RandomPlan['provider'], call: string): Fault | null;
}

export function createRandomFaults(plan: RandomPlan): RandomFaults {
  const calls = new Map<string, number>();
  let faults = 0;
  return {
    plan,
    take(provider, call) {
      if (provider !== plan.provider || !matches(plan.match, call)) return null;
      const route = routeOf(call);
      const nth = calls.get(route) ?? 0;
      calls.set(route, nth + 1);
      const shares = kinds.map((kind) => [kind, plan[kind]] as const);
      const kind = pick(draw(plan.seed, route, nth), shares);
      if (kind === null || faults >= plan.faultsMaximum) return null;
      faults += 1;
      const { slowMs, hangMs } = plan;
      return faultSchema.parse({ ...KINDS[kind], slowMs, hangMs });
    },
  };
}
