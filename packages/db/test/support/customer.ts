import { randomUUID } from 'node:crypto';
import { addBalance, createTopup, ensureAccount, setTopupOrder } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';

/** A live account of a customer of its own, with this much paid in through Razorpay's door. */
export async function createCustomer(
  db: TestDatabase,
  { balanceCents = 0, now }: { balanceCents?: number; now?: string } = {},
): Promise<string> {
  const { accountId } = await ensureAccount(db, { userId: randomUUID(), mode: 'live' });
  // Tests act in the past, so that the real clock never overtakes the instants that they name.
  if (now) {
    await db.owner.query(
      'update hourly_account_balance set created_at = $2, as_of = $2 where id = $1',
      [accountId, now],
    );
  }
  if (balanceCents > 0) await payIn(db, accountId, balanceCents);
  if (now) {
    await db.owner.query('update hourly_account_balance set as_of = $2 where id = $1', [
      accountId,
      now,
    ]);
  }
  return accountId;
}

/** Any amount becomes a balance: what is above whole top-ups is spent again, as the owner. */
export async function payIn(db: TestDatabase, accountId: string, cents: number): Promise<void> {
  const topup = await createTopup(db, { accountId, amountCents: cents });
  const orderId = `order_${topup.id}`;
  await setTopupOrder(db, { topupId: topup.id, orderId });
  await addBalance(db, {
    paymentId: `pay_${topup.id}`,
    orderId,
    amountPaise: topup.amountInrPaise,
    currency: 'INR',
    source: 'webhook',
  });
}

/** `2026-01-05T10:00:00` plus so many seconds, to the microsecond: what a JavaScript Date would drop. */
export function at(seconds: number, micros = 0): string {
  const total = BigInt(Date.parse('2026-01-05T10:00:00Z')) * 1000n + BigInt(seconds) * 1_000_000n;
  const us = total + BigInt(micros);
  const iso = new Date(Number(us / 1000n)).toISOString().slice(0, -1);
  return `${iso}${String(us % 1000n).padStart(3, '0')}Z`;
}

export const minutes = (n: number): number => n * 60;
export const hours = (n: number): number => n * 3600;
