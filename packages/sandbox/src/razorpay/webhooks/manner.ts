import { z } from 'zod';
import { draw, pick } from '../../random.ts';
import type { EventName } from './delivery.ts';

/**
 * How an event is announced. `duplicate` twice, `late` after `lateMs`, `hold` when it is released,
 * `reorder` the events of one act one after another, the last one first.
 */
export const webhookModes = ['send', 'drop', 'duplicate', 'late', 'hold', 'reorder'] as const;
export type WebhookMode = (typeof webhookModes)[number];

/** What an act asks for its own events; what it leaves open goes the standing way. */
export interface Announcing {
  webhook?: WebhookMode | undefined;
  lateMs?: number | undefined;
}

/** How one event is announced. */
export interface Manner {
  mode: WebhookMode;
  /** Of `late`: how long it is held back, by the clock. Of `duplicate`: how much later its copy is. */
  lateMs: number;
}

const share = z.number().min(0).max(1).default(0);
const lateMs = z
  .int()
  .min(0)
  .max(30 * 24 * 3600 * 1000);

const randomSchema = z
  .strictObject({
    /** The same seed makes the same choices for the nth event of a name. */
    seed: z.int(),
    drop: share,
    duplicate: share,
    late: share,
    hold: share,
    reorder: share,
    /** The longest delay; each is drawn. */
    lateMs: lateMs.default(60_000),
  })
  .refine((plan) => sum(plan) <= 1, 'the shares are more than 1');

/** The standing way: how events are announced whose act says nothing of its own. Default: `send`. */
export const mannerSchema = z.strictObject({
  mode: z.enum(webhookModes).optional(),
  lateMs: lateMs.optional(),
  /** Chances instead of one mode for all. */
  random: randomSchema.nullable().optional(),
});

export type MannerInput = z.input<typeof mannerSchema>;
type RandomPlan = z.output<typeof randomSchema>;

const DRAWN = ['drop', 'duplicate', 'late', 'hold', 'reorder'] as const;

function sum(plan: Record<(typeof DRAWN)[number], number>): number {
  return DRAWN.reduce((total, name) => total + plan[name], 0);
}

export interface Manners {
  set(input: z.output<typeof mannerSchema>): void;
  view(): { mode: WebhookMode; lateMs: number | null; random: RandomPlan | null };
  /** How this event is announced when its act asks for `wanted`, or for nothing. */
  choose(event: EventName, wanted: Announcing): Manner;
  reset(): void;
}

const LATE_DEFAULT_MS = 4_000;

export function createManners(): Manners {
  let mode: WebhookMode = 'send';
  let standingLateMs: number | null = null;
  let random: RandomPlan | null = null;
  let counts = new Map<string, number>();

  /** `late` without a time of its own is 4 s; a duplicate's copy comes at once. */
  const withTime = (chosen: WebhookMode, wantedMs: number | undefined): Manner => {
    const fallback = chosen === 'late' ? LATE_DEFAULT_MS : 0;
    return { mode: chosen, lateMs: wantedMs ?? standingLateMs ?? fallback };
  };

  const drawn = (plan: RandomPlan, event: EventName): Manner => {
    const nth = counts.get(event) ?? 0;
    counts.set(event, nth + 1);
    const shares = DRAWN.map((name) => [name, plan[name]] as const);
    const chosen = pick(draw(plan.seed, `mode ${event}`, nth), shares) ?? 'send';
    return {
      mode: chosen,
      lateMs: Math.round(draw(plan.seed, `late ${event}`, nth) * plan.lateMs),
    };
  };

  return {
    set(input) {
      mode = input.mode ?? 'send';
      standingLateMs = input.lateMs ?? null;
      random = input.random ?? null;
      counts = new Map();
    },
    view: () => ({ mode, lateMs: standingLateMs, random }),
    choose(event, wanted) {
      if (wanted.webhook !== undefined) return withTime(wanted.webhook, wanted.lateMs);
      return random ? drawn(random, event) : withTime(mode, wanted.lateMs);
    },
    reset() {
      mode = 'send';
      standingLateMs = null;
      random = null;
      counts = new Map();
    },
  };
}
