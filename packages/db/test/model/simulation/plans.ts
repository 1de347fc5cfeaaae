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

export const otherPlans = plans.slice(1);

export function planNamed(name: string): Plan {
  const found = plans.find(({ plan }) => plan === name);
  if (found === undefined) throw new Error(`no plan ${name}`);
  return found;
}
