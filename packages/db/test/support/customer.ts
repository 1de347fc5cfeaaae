import { randomUUID } from 'node:crypto';
import { addBalance, createTopup, ensureAccount, setTopupOrder } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';

const smallestTopupCents = 10_000;
const largestTopupCents = 1_000_000;

/** A live account of a customer of its own with this balance, paid in through Razorpay's door. */
export async function createCustomer(
  db: TestDatabase,
  { balanceCents = 0, now }: { balanceCents?: number; now?: string } = {},
): Promise<string> {
  const { accountId } = await ensureAccount(db, { userId: randomUUID(), mode: 'live' });
  if (balanceCents !== 0) {
    const cents = Math.min(Math.max(balanceCents, smallestTopupCents), largestTopupCents);
    await payIn(db, accountId, cents);
    if (cents !== balanceCents) await adjust(db, accountId, balanceCents - cents);
  }
  // Tests act in the past, so that the real clock never overtakes the instants that they name.
  if (now) await setAccountTime(db, accountId, now);
  return accountId;
}

/** A test account with this balance, whose frozen clock stands at `now`. */
export async function createTestCustomer(
  db: TestDatabase,
  { balanceCents = 0, now = at(0) }: { balanceCents?: number; now?: string } = {},
): Promise<string> {
  const { accountId } = await ensureAccount(db, { userId: randomUUID(), mode: 'test' });
  await db.owner.query(
    'update hourly_account_balance set created_at = $2, as_of = $2, clock_at = $2 where id = $1',
    [accountId, now],
  );
  if (balanceCents !== 0) {
    const cents = Math.min(Math.max(balanceCents, smallestTopupCents), largestTopupCents);
    await createTopup(db, { accountId, amountCents: cents });
    if (cents !== balanceCents) await adjust(db, accountId, balanceCents - cents);
  }
  return accountId;
}

/** Creates a top-up with an order and reports its payment, as a webhook does. */
export async function payIn(db: TestDatabase, accountId: string, cents: number): Promise<void> {
  const { orderId, amountPaise } = await order(db, accountId, cents);
  const paymentId = `pay_${orderId}`;
  await addBalance(db, { paymentId, orderId, amountPaise, currency: 'INR', source: 'webhook' });
}

/** An unpaid top-up that has its order. */
export async function order(
  db: TestDatabase,
  accountId: string,
  amountCents = smallestTopupCents,
): Promise<{ topupId: string; orderId: string; amountPaise: number }> {
  const { id: topupId, amountInrPaise } = await createTopup(db, { accountId, amountCents });
  const orderId = `order_${topupId}`;
  await setTopupOrder(db, { topupId, orderId });
  return { topupId, orderId, amountPaise: amountInrPaise };
}

/** An operator's correction, booked by hand: any balance is reached by it, also one below zero. */
export async function adjust(db: TestDatabase, accountId: string, cents: number): Promise<void> {
  await db.owner.query(
    `with moved as (
       update hourly_account_balance
       set balance_cents = balance_cents + $2::bigint, entry_no = entry_no + 1
       where id = $1
       returning *
     )
     insert into hourly_ledger_entries (account_id, entry_no, type, debit_account_id, credit_account_id,
       amount_cents, balance_after_cents, reason, effective_at, created_at)
     select id, entry_no, 'adjustment', case when $2 > 0 then 4 else id end,
       case when $2 > 0 then id else 4 end, abs($2), balance_cents, 'Correction', as_of, as_of
     from moved`,
    [accountId, cents],
  );
}

/** Makes `now` the instant of the account's last change. */
async function setAccountTime(db: TestDatabase, accountId: string, now: string): Promise<void> {
  await db.owner.query(
    'update hourly_account_balance set created_at = least(created_at, $2), as_of = $2 where id = $1',
    [accountId, now],
  );
}

/** `2024-01-08T10:00:00` plus so many seconds, to the microsecond: what a JavaScript Date would drop. */
export function at(seconds: number, micros = 0): string {
  const total = BigInt(Date.parse('2024-01-08T10:00:00Z')) * 1000n + BigInt(seconds) * 1_000_000n;
  const us = total + BigInt(micros);
  const iso = new Date(Number(us / 1000n)).toISOString().slice(0, -1);
  return `${iso}${String(us % 1000n).padStart(3, '0')}Z`;
}

/** The same instant as answers show it. */
export const shown = (seconds: number): string => at(seconds).replace('000Z', 'Z');

export const minutes = (n: number): number => n * 60;
export const hours = (n: number): number => n * 3600;
