import type { Clock } from '../clock.ts';
import type { Agenda } from './agenda.ts';
import type { RazorpayTables } from './entities.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

/**
 * How a refund goes. `processed` at once; `pending` until somebody settles it; `failed` after it
 * was accepted. `refused`: the account's balance doesn't cover it. `conflict`: an earlier request
 * with the same idempotency key is still under way.
 */
export const refundOutcomes = ['processed', 'pending', 'failed', 'refused', 'conflict'] as const;
export type RefundOutcome = (typeof refundOutcomes)[number];

export interface NextRefund {
  outcome: RefundOutcome;
  /** Answered as pending, and processed or failed only after this time of the clock. */
  afterSeconds: number;
}

/** Everything Razorpay's side knows. */
export interface RazorpayWorld {
  keyId: string;
  keySecret: string;
  clock: Clock;
  tables: RazorpayTables;
  webhooks: Webhooks;
  agenda: Agenda;
  /** How the next refunds go, first in first out; none left means `processed` at once. */
  nextRefunds: NextRefund[];
}
