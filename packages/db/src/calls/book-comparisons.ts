import type { Database } from '../connect.ts';
import { call } from './call.ts';

/** Something that the provider's books and ours say differently. `id` is the provider's. */
export interface BookDifference {
  kind:
    | 'payment_missing'
    | 'payment_kept'
    | 'payment_differs'
    | 'refund_missing'
    | 'refund_differs'
    | 'dispute_missing'
    | 'dispute_differs'
    | 'credit_without_payment';
  id: string;
  detail: string;
}

/** Stores what a comparison of the provider's books with ours found. */
export const addBookComparison = (
  db: Database,
  input: {
    from: string;
    to: string;
    startedAt: string;
    payments: number;
    refunds: number;
    disputes: number;
    differences: BookDifference[];
  },
): Promise<{ id: string }> =>
  call(db, 'add_hourly_book_comparison', [
    input.from,
    input.to,
    input.startedAt,
    input.payments,
    input.refunds,
    input.disputes,
    JSON.stringify(input.differences),
  ]);
