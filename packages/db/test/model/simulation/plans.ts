import type { Plan } from './account.ts';

/** The prices that the product starts with. */
export const inrPerUsd = 83;

export const standardPlan = {
  plan: 'hourly_standard',
  rateCents: 1500,
  sessionMinimumHours: 1,
  commitmentHours: 6,
  minimumTopupCents: 10_000,
  maximumTopupCents: 1_000_000,
  topupTiersCents: [10_000, 20_000, 50_000],
  minimumStartBalanceCents: 1500,
  inrPerUsd,
};

const plans: Plan[] = [
  standardPlan,
  // Two hours at once.
  {
    plan: 'hourly_double',
    rateCents: 2000,
    sessionMinimumHours: 2,
    minimumStartBalanceCents: 1500,
  },
  // A start needs more than its first charge.
  { plan: 'hourly_odd', rateCents: 701, sessionMinimumHours: 1, minimumStartBalanceCents: 5000 },
];

/** Those beside the standard one. */
export const otherPlans = plans.slice(1);

/** All of them by their names, as they stand before anybody changes a price. */
export const plansByName = (): Map<string, Plan> => new Map(plans.map((plan) => [plan.plan, plan]));
