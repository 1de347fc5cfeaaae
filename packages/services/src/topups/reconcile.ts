import {
  claimTopupsToReconcile,
  recordTopupUnpaid,
  setTopupOrder,
  type TopupRecord,
} from '@hourly/db';
import { captured, creditPayment } from '../payments/credit.ts';
import { recordPaymentRefunds } from '../payments/record.ts';
import { runBounded } from '../run-bounded.ts';
import type { ServiceContext } from '../service-context.ts';

/** Longer than the calls for one top-up can take, several times over. */
const leaseSeconds = 120;
const atOnce = 4;

/** What one pass of the reconciliation did. */
export interface Reconciliation {
  checked: number;
  credited: number;
  /** The provider did not answer; they come again when their lease is over. */
  failed: number;
}

/**
 * Asks the payment provider about up to `limit` unpaid top-ups whose turn has come (with `all`: about every one of them)
 * and credits what was captured.
 */
export async function reconcileTopups(
  ctx: ServiceContext,
  input: { limit: number; all?: boolean | undefined; signal?: AbortSignal | undefined },
): Promise<Reconciliation> {
  const { topups } = await claimTopupsToReconcile(ctx.db, {
    limit: input.limit,
    leaseSeconds,
    all: input.all ?? false,
  });
  const done: Reconciliation = { checked: 0, credited: 0, failed: 0 };
  await runBounded(topups, {
    atOnce,
    signal: input.signal,
    work: async (topup) => {
      if (await reconcileTopup(ctx, topup)) done.credited += 1;
      done.checked += 1;
    },
    onError: (error, topup) => {
      done.failed += 1;
      ctx.log.warn({ err: error, topupId: topup.id }, 'a top-up could not be reconciled');
    },
  });
  return done;
}

/** Answers whether this call credited it. */
async function reconcileTopup(ctx: ServiceContext, topup: TopupRecord): Promise<boolean> {
  const orderId = topup.orderId ?? (await findLostOrder(ctx, topup));
  const payments = orderId === null ? [] : await ctx.payments.listOrderPayments(orderId);
  let isPaid = false;
  let isCredited = false;
  for (const payment of captured(payments)) {
    const { outcome } = await creditPayment(
      ctx,
      { ...payment, orderId: payment.orderId ?? orderId },
      'reconciliation',
    );
    if (payment.refundedPaise > 0) await recordPaymentRefunds(ctx, payment);
    isCredited ||= outcome === 'credited';
    isPaid ||= outcome !== 'kept';
  }
  if (!isPaid) await recordTopupUnpaid(ctx.db, { topupId: topup.id });
  return isCredited;
}

/** The order of a call that died between making it and storing it. */
async function findLostOrder(
  { db, payments }: ServiceContext,
  topup: TopupRecord,
): Promise<string | null> {
  const found = await payments.findOrder({
    receipt: topup.id,
    amountPaise: topup.amountInrPaise,
  });
  if (found === null) return null;
  const stored = await setTopupOrder(db, { topupId: topup.id, orderId: found.orderId });
  return stored.orderId;
}
