import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { type Faults, faultsSchema } from '../faults/faults.ts';
import type { Route } from '../http.ts';
import type { PendingView } from '../pending.ts';
import type { RazorpayControls } from '../razorpay/controls.ts';
import type { WebhookControls } from '../razorpay/webhooks/controls.ts';
import { lever, look, nothing } from './lever.ts';
import { moneyRoutes } from './money.ts';
import { webhookRoutes } from './webhooks.ts';

const clockSchema = z.union([
  z.strictObject({
    advanceSeconds: z.number().min(0),
    /** In real time. */
    limitMs: z.int().min(1).max(600_000).optional(),
  }),
  z.strictObject({ mode: z.literal('real') }),
  z.strictObject({ mode: z.literal('manual'), at: z.int().min(0).optional() }),
]);

/** The parts of the stand-in that have levers. */
export interface Levers {
  razorpay: RazorpayControls;
  webhooks: WebhookControls;
  clock: Clock;
  faults: Faults;
  pending(): PendingView;
  reset(): void;
}

function clockRoutes({ clock }: Levers): Route[] {
  return [
    look('/clock', () => clock.view()),
    lever('POST', '/clock', clockSchema, async (input) => {
      if ('advanceSeconds' in input) await clock.advance(input.advanceSeconds, input.limitMs);
      else if (input.mode === 'real') clock.useReal();
      else clock.freeze(input.at === undefined ? undefined : input.at * 1000);
      return clock.view();
    }),
  ];
}

function faultRoutes({ faults }: Levers): Route[] {
  return [
    look('/faults', () => faults.view()),
    lever('POST', '/faults', faultsSchema, (input) => {
      faults.set(input);
      return faults.view();
    }),
    lever('DELETE', '/faults', nothing, () => {
      faults.clear();
      return faults.view();
    }),
  ];
}

/** The levers of the stand-in, for tests and the demo; docs/stand-ins.md tells them one by one. */
export function switchboardRoutes(levers: Levers): Route[] {
  return [
    look('/health', () => ({ status: 'ok' })),
    ...moneyRoutes(levers.razorpay),
    ...webhookRoutes(levers.webhooks),
    ...clockRoutes(levers),
    ...faultRoutes(levers),
    look('/pending', () => levers.pending()),
    lever('POST', '/reset', nothing, () => {
      levers.reset();
      return {};
    }),
  ];
}
