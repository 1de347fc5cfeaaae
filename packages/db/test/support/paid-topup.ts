import { addBalance } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { order } from './customer.ts';

export interface PaidTopup {
  topupId: string;
  paymentId: string;
  amountPaise: number;
}

/** A top-up that is paid and credited, with the payment that paid it. */
export async function paidTopup(
  db: TestDatabase,
  accountId: string,
  { amountCents = 10_000, now }: { amountCents?: number; now?: string } = {},
): Promise<PaidTopup> {
  const { topupId, orderId, amountPaise } = await order(db, accountId, amountCents);
  const paymentId = `pay_${topupId}`;
  await addBalance(db, {
    paymentId,
    orderId,
    amountPaise,
    currency: 'INR',
    source: 'webhook',
    now,
  });
  return { topupId, paymentId, amountPaise };
}
