import { Refusal, type Topup } from '@hourly/contract';
import {
  claimTopupOrder,
  type Mutation,
  setTopupOrder,
  createTopup as storeTopup,
  type TopupRecord,
} from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { presentTopup } from './present-topup.ts';

/** Longer than asking for the order and making it can take. */
const leaseSeconds = 60;

/**
 * Creates a top-up and its order at the payment provider. The row comes first and its id is the order's receipt, so a
 * crash or a lost answer leads the next attempt to the same order. In test mode the top-up is settled in the answer.
 *
 * Refuses with AMOUNT_BELOW_MINIMUM, AMOUNT_ABOVE_MAXIMUM, REQUEST_IN_PROGRESS (another call with the same key is making
 * the order) or PAYMENT_PROVIDER_ERROR (the same key may try again).
 */
export async function createTopup(
  ctx: ServiceContext,
  input: Mutation & { amountCents: number },
): Promise<Topup> {
  const stored = await storeTopup(ctx.db, input);
  if (!needsOrder(stored)) return presentTopup(ctx, stored);
  const { claimed, attempt, topup } = await claimTopupOrder(ctx.db, {
    topupId: stored.id,
    leaseSeconds,
  });
  if (claimed) return presentTopup(ctx, await placeOrder(ctx, { topup, attempt }));
  if (needsOrder(topup)) throw new Refusal('REQUEST_IN_PROGRESS');
  return presentTopup(ctx, topup);
}

const needsOrder = (topup: TopupRecord): boolean =>
  topup.mode === 'live' && topup.orderId === null && topup.status === 'created';

async function placeOrder(
  { db, payments, log }: ServiceContext,
  { topup, attempt }: { topup: TopupRecord; attempt: number },
): Promise<TopupRecord> {
  const order = { receipt: topup.id, amountPaise: topup.amountInrPaise };
  try {
    const found = attempt > 1 ? await payments.findOrder(order) : null;
    const { orderId } =
      found ?? (await payments.createOrder({ ...order, notes: { hourly_topup: topup.id } }));
    return await setTopupOrder(db, { topupId: topup.id, orderId });
  } catch (error) {
    log.warn({ err: error, topupId: topup.id, attempt }, 'the order of a top-up was not made');
    await setTopupOrder(db, { topupId: topup.id, orderId: null });
    throw error;
  }
}
