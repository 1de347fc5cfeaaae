import { balanceOf, openSession, type Topup } from '../simulation/account.ts';
import type { Preparable } from './prepare.ts';
import type { Actor } from './run.ts';

const smallestTopupCents = 10_000;

/** What makes there be something for a command to act on. */
export function instead({ simulated }: Actor, { do: what, who, when }: Preparable): Preparable {
  const base = { who, when, key: null };
  const plain = { ...base, named: 'none', nudge: false } as const;
  if (what === 'read') return { ...base, do: 'read', what: 'status' };
  if (what === 'finish' || what === 'cancel') return { ...plain, do: 'generate' };
  if (what === 'pay' || what === 'refund')
    return { ...base, do: 'topup', cents: smallestTopupCents };
  const isPayable = simulated.mode === 'live' && simulated.topups.some(isUnpaid);
  if (isPayable && what !== 'generate') {
    return { ...base, do: 'pay', nth: simulated.topups.findIndex(isUnpaid), payment: 'right' };
  }
  if (balanceOf(simulated) < hourCents) return { ...base, ...gift };
  return openSession(simulated) === undefined
    ? { ...base, do: 'start', ...plainGuards }
    : { ...plain, do: 'toggle', to: 'active' };
}

const isUnpaid = ({ status }: Topup): boolean => status === 'created';

const hourCents = 1500;
const gift = { do: 'adjust', type: 'promo', cents: 4500, isTarget: false } as const;

const plainGuards = {
  plan: 'hourly_standard',
  maxHours: null,
  hourEnd: 'continue',
  autoPauseMinutes: null,
} as const;
