import type { RazorpayTables } from './entities.ts';
import type { Webhooks } from './webhooks.ts';

/** Everything Razorpay's side knows. */
export interface RazorpayWorld {
  keyId: string;
  keySecret: string;
  tables: RazorpayTables;
  webhooks: Webhooks;
  /** How the next refunds end, first in first out; none left means `processed`. */
  refundOutcomes: ('processed' | 'pending' | 'failed')[];
}
