import type { Dispute, Order, Payment, Refund } from '@hourly/sandbox';
import type { Stage } from '../stage/stage.ts';

/** The provider's records. Amounts in paise. */
export interface Theirs {
  orders: Order[];
  payments: Payment[];
  refunds: Refund[];
  disputes: Dispute[];
}

export const readTheirs = async ({ list }: Stage): Promise<Theirs> => ({
  orders: await list<Order>('orders'),
  payments: await list<Payment>('payments'),
  refunds: await list<Refund>('refunds'),
  disputes: await list<Dispute>('disputes'),
});

/** The money reached us, whatever was given back since. */
export const isCaptured = ({ captured }: Payment): boolean => captured;

/** What a dispute has come to, in our words. */
export const stateOf = ({
  status,
  amount_deducted,
}: Dispute): 'open' | 'won' | 'lost' | 'closed' =>
  status === 'under_review' ? 'open' : status === 'closed' && amount_deducted > 0 ? 'lost' : status;

/** The id of ours that a refund carries; null for one that was made outside the product. */
export const ourIdOf = ({ notes }: Refund): string | null => {
  const note = Array.isArray(notes) ? undefined : notes.hourly_refund;
  return typeof note === 'string' ? note : null;
};
