import { StopError } from '../stop-error.ts';
import type { Environment } from './env-file.ts';

/** Each outside system with the variables that make it real; all of them or none. */
export const SYSTEMS = {
  Razorpay: ['RAZORPAY_KEY_ID', 'RAZORPAY_KEY_SECRET', 'RAZORPAY_WEBHOOK_SECRET'],
  RunPod: ['RUNPOD_ENDPOINT_URL', 'RUNPOD_API_KEY'],
  Clerk: ['CLERK_SECRET_KEY', 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', 'CLERK_JWT_KEY'],
} as const;

/** Variables that say nothing without the set they belong to. */
const COMPANIONS = {
  Razorpay: ['RAZORPAY_API_URL', 'RAZORPAY_WEBHOOK_SECRET_PREVIOUS'],
  RunPod: [],
  Clerk: [],
} as const;

export type System = keyof typeof SYSTEMS;

/**
 * Which outside systems are real; stand-ins (for Clerk: the demo's sign-in) take the others' place.
 *
 * @throws StopError that lists everything missing, when a set is given in part, or when real money
 *   would meet a stand-in or the demo's sign-in
 */
export function realSystems(environment: Environment): Record<System, boolean> {
  const names = Object.keys(SYSTEMS) as System[];
  const problems = names.flatMap((name) => missingOf(name, environment));
  if (problems.length > 0) throw new StopError(problems.join('\n'));
  const [razorpay, runpod, clerk] = (['Razorpay', 'RunPod', 'Clerk'] as const).map(
    (name) => environment[SYSTEMS[name][0]] !== undefined,
  );
  const real = { Razorpay: razorpay === true, RunPod: runpod === true, Clerk: clerk === true };
  refuseDemoWithLiveKeys(environment, real);
  return real;
}

function missingOf(name: System, environment: Environment): string[] {
  const all = [...SYSTEMS[name], ...COMPANIONS[name]];
  const given = all.filter((variable) => environment[variable] !== undefined);
  const missing = SYSTEMS[name].filter((variable) => environment[variable] === undefined);
  if (given.length === 0 || missing.length === 0) return [];
  return [
    `${name} is set up in part: ${given.join(', ')} set, ${missing.join(', ')} missing. ` +
      'Set all of them to use the real one, or none to use what takes its place.',
  ];
}

/** Whoever reaches the demo's sign-in can be any customer, and the stand-ins give their goods away. */
function refuseDemoWithLiveKeys(environment: Environment, real: Record<System, boolean>): void {
  if (environment.RAZORPAY_KEY_ID?.startsWith('rzp_live_') !== true) return;
  if (environment.HOURLY_DEMO === '1') {
    throw new StopError('HOURLY_DEMO=1 and live Razorpay keys (rzp_live_…) exclude each other.');
  }
  const missing = (['Clerk', 'RunPod'] as const).filter((name) => !real[name]);
  if (missing.length === 0) return;
  throw new StopError(
    `Live Razorpay keys (rzp_live_…) never go with the demo's sign-in or a stand-in. Missing: ${missing
      .map((name) => `${SYSTEMS[name].join(', ')} (${name})`)
      .join('; ')}.`,
  );
}
