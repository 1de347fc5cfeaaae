import { z } from 'zod';
import {
  createRandomFaults,
  type RandomFaults,
  type RandomPlan,
  randomPlanSchema,
} from './random-plan.ts';
import { type Fault, faultSchema, matches, type Provider, providers } from './rules.ts';

const FAULTS_MAXIMUM = 100;
const ofOne = z.union([z.array(faultSchema).max(FAULTS_MAXIMUM), faultSchema]).optional();

/** Faults ordered for each provider, replacing those that it had; `random: null` ends the plan. */
export const faultsSchema = z.strictObject({
  razorpay: ofOne,
  runpod: ofOne,
  random: randomPlanSchema.nullable().optional(),
});

export type FaultsInput = z.input<typeof faultsSchema>;

export interface FaultsView {
  razorpay: Fault[];
  runpod: Fault[];
  random: RandomPlan | null;
  /** How many calls have been hit since the stand-in began or was reset. */
  hits: Record<Provider, number>;
}

/** Errors ordered by tests. */
export interface Faults {
  /** @throws ZodError for orders that make no sense. */
  set(faults: FaultsInput): void;
  /** Takes all faults away; what was hit stays counted. */
  clear(): void;
  view(): FaultsView;
  /** The fault that hits this call, if any, counted down. */
  take(provider: Provider, call: string): Fault | null;
  /** As new. */
  reset(): void;
}

export function createFaults(): Faults {
  const ordered: Record<Provider, Fault[]> = { razorpay: [], runpod: [] };
  const hits: Record<Provider, number> = { razorpay: 0, runpod: 0 };
  let random: RandomFaults | null = null;

  /** The first that means this call decides, even if it still lets it go well. */
  const takeOrdered = (provider: Provider, call: string): Fault | null => {
    const faults = ordered[provider];
    const at = faults.findIndex(({ match }) => matches(match, call));
    const fault = faults[at];
    if (!fault) return null;
    if (fault.skip > 0) {
      faults[at] = { ...fault, skip: fault.skip - 1 };
      return null;
    }
    if (fault.times <= 1) faults.splice(at, 1);
    else faults[at] = { ...fault, times: fault.times - 1 };
    return fault;
  };

  const clear = () => {
    for (const provider of providers) ordered[provider] = [];
    random = null;
  };

  return {
    set(input) {
      const faults = faultsSchema.parse(input);
      for (const provider of providers) {
        const given = faults[provider];
        if (given) ordered[provider] = [given].flat().filter(({ times }) => times > 0);
      }
      if (faults.random !== undefined) random = faults.random && createRandomFaults(faults.random);
    },
    clear,
    view: () => ({
      razorpay: [...ordered.razorpay],
      runpod: [...ordered.runpod],
      random: random?.plan ?? null,
      hits: { ...hits },
    }),
    take(provider, call) {
      const fault = takeOrdered(provider, call) ?? random?.take(provider, call) ?? null;
      if (fault) hits[provider] += 1;
      return fault;
    },
    reset() {
      clear();
      for (const provider of providers) hits[provider] = 0;
    },
  };
}
