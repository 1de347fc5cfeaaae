import { randomUUID } from 'node:crypto';
import { Refusal } from '@hourly/contract';
import { createRefund, refundKeptPayment } from '@hourly/db';
import { type ServiceContext, sendRefund } from '../../../src/index.ts';
import { type Cast, type Customer, pick, type RefundRequest } from '../cast.ts';
import type { ActOf, RefundOutcome, Share } from '../chapter.ts';
import { attempt, paymentsOf, topupsOf } from './look-up.ts';
import { run } from './run.ts';

/** The operator asks for more than there is, or for what is given back already. */
const allowed = ['AMOUNT_ABOVE_MAXIMUM', 'AMOUNT_BELOW_MINIMUM', 'INVALID_INPUT'] as const;

/** The operator refunds a paid top-up, or repeats what was left unanswered. */
export async function refund(
  cast: Cast,
  customer: Customer,
  act: ActOf<'refund'>,
): Promise<boolean> {
  const request = await requestOf(cast, customer, act);
  if (request === undefined) return false;
  order(cast, act.becomes, act.afterSeconds);
  await run(cast, act, { role: 'worker', accident: act.accident, allowed }, async (ctx) => {
    const { id } = await createRefundUpTo(ctx, request);
    if (act.isSentAtOnce) await sendRefund(ctx, { refundId: id });
  });
  return true;
}

async function requestOf(
  cast: Cast,
  customer: Customer,
  { asks, nth, share }: ActOf<'refund'>,
): Promise<RefundRequest | undefined> {
  const known = asks === 'again' ? pick([...customer.refundRequests].reverse(), nth) : undefined;
  if (known !== undefined) return known;
  const paid = (await topupsOf(cast, customer)).filter(({ isPaid }) => isPaid);
  const topup = pick(paid, nth);
  if (topup === undefined) return undefined;
  const { topupId, amountCents } = topup;
  const cents = { whole: amountCents, half: amountCents / 2, crumb: 137 }[share];
  const request = { key: randomUUID(), topupId, amountCents: cents };
  customer.refundRequests.push(request);
  return request;
}

/** Where that is too much, the most that is allowed, as an operator would do. */
async function createRefundUpTo({ db }: ServiceContext, request: RefundRequest) {
  const { topupId, key } = request;
  const input = (amountCents: number) => ({
    topupId,
    amountCents,
    request: { key, inputHash: `${topupId} ${amountCents}` },
  });
  try {
    return await createRefund(db, input(request.amountCents));
  } catch (error) {
    const { maximumCents } = error instanceof Refusal ? error.data : {};
    if (typeof maximumCents !== 'number' || maximumCents < 2) throw error;
    request.amountCents = maximumCents;
    return await createRefund(db, input(maximumCents));
  }
}

/** The operator gives back a payment that was kept. */
export async function giveBack(
  cast: Cast,
  customer: Customer,
  act: ActOf<'giveBack'>,
): Promise<boolean> {
  const ids = (await paymentsOf(cast, customer)).map(({ id }) => id);
  const { rows } = await cast.stage.db.owner.query<{ id: string }>(
    `select payment_id as id from hourly_payments where status = 'kept' and payment_id = any ($1)
     order by created_at desc`,
    [ids],
  );
  const kept = pick(rows, act.nth);
  if (kept === undefined) return false;
  cast.timesGivenBack += 1;
  order(cast, act.becomes, 0);
  await run(cast, act, { role: 'worker', accident: act.accident, allowed }, async (ctx) => {
    const { id } = await refundKeptPayment(ctx.db, { paymentId: kept.id });
    if (act.isSentAtOnce) await sendRefund(ctx, { refundId: id });
  });
  return true;
}

/** The operator has a refund sent once more. */
export async function sendAgain(
  cast: Cast,
  customer: Customer,
  act: ActOf<'sendRefund'>,
): Promise<boolean> {
  const ids = (await paymentsOf(cast, customer)).map(({ id }) => id);
  const { rows } = await cast.stage.db.owner.query<{ id: string }>(
    `select id from hourly_refunds where payment_id = any ($1) order by created_at desc, id`,
    [ids],
  );
  const chosen = pick(rows, act.nth);
  if (chosen === undefined) return false;
  await run(cast, act, { role: 'worker', accident: act.accident, allowed }, (ctx) =>
    sendRefund(ctx, { refundId: chosen.id }),
  );
  return true;
}

/** How the provider takes the next refund of ours. */
function order(cast: Cast, outcome: RefundOutcome, afterSeconds: number): void {
  cast.hasConflicts ||= outcome === 'conflict';
  const times = outcome === 'processed' && afterSeconds === 0 ? 0 : 1;
  cast.stage.provider.razorpay.nextRefunds({ outcome, afterSeconds, times });
}

/** Somebody refunds at the provider's dashboard. */
export async function refundAtProvider(
  cast: Cast,
  customer: Customer,
  { nth, share, becomes }: ActOf<'refundAtProvider'>,
): Promise<boolean> {
  const payments = (await paymentsOf(cast, customer)).filter(({ captured }) => captured);
  const payment = pick(payments, nth);
  if (payment === undefined) return false;
  const amount = shareOf(payment.amount, share);
  const { razorpay } = cast.stage.provider;
  return (
    attempt(() =>
      razorpay.refund(payment.id, {
        ...(amount !== payment.amount && { amount }),
        outcome: becomes,
      }),
    ) !== null
  );
}

/** A bank carries a refund out, or sends it back. */
export async function settleRefund(
  cast: Cast,
  customer: Customer,
  { nth, as }: ActOf<'settleRefund'>,
): Promise<boolean> {
  const { razorpay } = cast.stage.provider;
  const payments = await paymentsOf(cast, customer);
  const refunds = payments.flatMap(({ id }) => razorpay.refundsOf(id));
  const pending = pick(
    refunds.filter(({ status }) => status === 'pending'),
    nth,
  );
  return pending !== undefined && attempt(() => razorpay.settleRefund(pending.id, as)) !== null;
}

/** A payer's bank disputes a payment. */
export async function dispute(
  cast: Cast,
  customer: Customer,
  { nth, share }: ActOf<'dispute'>,
): Promise<boolean> {
  const payments = (await paymentsOf(cast, customer)).filter(({ captured }) => captured);
  const payment = pick(payments, nth);
  if (payment === undefined) return false;
  const amount = shareOf(payment.amount, share);
  return attempt(() => cast.stage.provider.razorpay.dispute(payment.id, { amount })) !== null;
}

/** A dispute goes on, or ends. */
export async function decide(
  cast: Cast,
  customer: Customer,
  { nth, turn }: ActOf<'decide'>,
): Promise<boolean> {
  const { razorpay } = cast.stage.provider;
  const payments = await paymentsOf(cast, customer);
  const disputes = payments.flatMap(({ id }) => razorpay.disputesOf(id));
  const living = pick(
    disputes.filter(({ status }) => status === 'open' || status === 'under_review'),
    nth,
  );
  return living !== undefined && attempt(() => razorpay.turnDispute(living.id, turn)) !== null;
}

/** In paise; no whole number of cents where it is a part. */
const shareOf = (amount: number, share: Share): number =>
  share === 'whole' ? amount : share === 'half' ? Math.floor(amount / 2) + 1 : 12_345;
