import { randomUUID } from 'node:crypto';
import type { Session } from '@hourly/contract';
import {
  addBalance,
  auditAccounts,
  createTopup,
  ensureAccount,
  setTopupOrder,
  startSession,
} from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';

export interface OpenSession {
  accountId: string;
  userId: string;
  session: Session;
}

/** A live customer with a balance, paid in through Razorpay's door. */
export async function createCustomer(
  db: TestDatabase,
  { balanceCents = 10_000 }: { balanceCents?: number } = {},
): Promise<{ accountId: string; userId: string }> {
  const userId = `user_${randomUUID()}`;
  const { accountId } = await ensureAccount(db, { userId, mode: 'live' });
  const topup = await createTopup(db, { accountId, amountCents: balanceCents });
  const orderId = `order_${topup.id}`;
  await setTopupOrder(db, { topupId: topup.id, orderId });
  await addBalance(db, {
    paymentId: `pay_${topup.id}`,
    orderId,
    amountPaise: topup.amountInrPaise,
    currency: 'INR',
    source: 'webhook',
  });
  return { accountId, userId };
}

/** A customer whose session began so long ago, in real time, and was not settled since. */
export async function sessionOpenFor(
  db: TestDatabase,
  seconds: number,
  options: { balanceCents?: number; maxHours?: number; hourEnd?: 'pause' } = {},
): Promise<OpenSession> {
  const { balanceCents, ...guards } = options;
  const customer = await createCustomer(db, balanceCents === undefined ? {} : { balanceCents });
  const startedAt = new Date(Date.now() - seconds * 1000).toISOString();
  // An account's clock never goes back: its past is made before the session begins.
  await db.owner.query(
    'update hourly_account_balance set created_at = $2, as_of = $2 where id = $1',
    [customer.accountId, startedAt],
  );
  const { accountId } = customer;
  const session = await startSession(db, { accountId, now: startedAt, ...guards });
  return { ...customer, session };
}

/** Rows as they are, without the settling that every call of the product does. */
export async function chargedHours(db: TestDatabase, sessionId: string): Promise<number[]> {
  const { rows } = await db.owner.query<{ hour: number }>(
    "select hour from hourly_ledger_entries where session_id = $1 and type = 'hour' order by hour",
    [sessionId],
  );
  return rows.map(({ hour }) => hour);
}

export async function sessionRow(db: TestDatabase, id: string) {
  return db.prisma.session.findUniqueOrThrow({ where: { id } });
}

export async function expectCleanBooks(db: TestDatabase): Promise<void> {
  const { differences, nextAccountId } = await auditAccounts(db, { limit: 1000 });
  if (differences.length > 0) throw new Error(JSON.stringify(differences, null, 2));
  if (nextAccountId !== null) throw new Error('more accounts than one audit looks at');
}
