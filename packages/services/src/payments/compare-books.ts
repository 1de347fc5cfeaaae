import { Refusal } from '@hourly/contract';
import { addBookComparison, type BookDifference } from '@hourly/db';
import {
  type ListWindow,
  listPageSize,
  type ProviderDispute,
  type ProviderPayment,
  type ProviderRefund,
  ProviderRejection,
} from '../gateways/payment-gateway.ts';
import type { ServiceContext } from '../service-context.ts';
import { captured, creditPayment } from './credit.ts';
import { recordProviderDispute, recordProviderRefund } from './record.ts';

/** A hundred thousand rows a list: more than that in one window wants smaller windows. */
const maxPages = 1000;

/** Open at once; the rest has to wait until some of them are decided. */
const maxOlderDisputes = 1000;

/** What a comparison of a window found. */
export interface BookComparison {
  from: string;
  to: string;
  payments: number;
  refunds: number;
  disputes: number;
  differences: BookDifference[];
}

/**
 * Compares everything that the provider has from a window, and every dispute that is open here, with our books. What
 * the provider reports and we never heard of goes in by the same doors as a webhook; what differs then is stored, logged
 * as an error and shown to the operator, and never corrected by guess.
 *
 * @throws Refusal PAYMENT_PROVIDER_ERROR when the provider's lists cannot be read; nothing is stored then
 */
export async function compareBooks(
  ctx: ServiceContext,
  { from, to, signal }: { from: Date; to: Date; signal?: AbortSignal | undefined },
): Promise<BookComparison> {
  const startedAt = new Date();
  const differences: BookDifference[] = [];
  const read = <Row>(list: (window: ListWindow) => Promise<Row[]>) =>
    readAll(list, { from, to }, signal);

  const payments = captured(await read((window) => ctx.payments.listPayments(window)));
  for (const payment of payments) differences.push(...(await comparePayment(ctx, payment)));
  const refunds = await read((window) => ctx.payments.listRefunds(window));
  for (const refund of refunds) differences.push(...(await compareRefund(ctx, refund)));
  const disputes = await read((window) => ctx.payments.listDisputes(window));
  const older = await compareOlderDisputes(ctx, { listed: disputes, signal });
  for (const dispute of disputes) differences.push(...(await compareDispute(ctx, dispute)));
  differences.push(...older.differences);
  const listed = new Set(payments.map(({ paymentId }) => paymentId));
  differences.push(...(await compareCredits(ctx, { from, to, listed, signal })));

  const comparison: BookComparison = {
    from: from.toISOString(),
    to: to.toISOString(),
    payments: payments.length,
    refunds: refunds.length,
    disputes: disputes.length + older.disputes,
    differences,
  };
  await addBookComparison(ctx.db, { ...comparison, startedAt: startedAt.toISOString() });
  if (differences.length > 0) {
    ctx.log.error({ ...comparison }, "the provider's books and ours differ");
  }
  return comparison;
}

async function readAll<Row>(
  list: (window: ListWindow) => Promise<Row[]>,
  window: { from: Date; to: Date },
  signal: AbortSignal | undefined,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    signal?.throwIfAborted();
    const found = await list({ ...window, skip: page * listPageSize });
    rows.push(...found);
    if (found.length < listPageSize) return rows;
  }
  throw new Error(`more than ${maxPages * listPageSize} rows in one window`);
}

/** Banks take months: a dispute that is open here is asked for, however long ago it began. */
async function compareOlderDisputes(
  ctx: ServiceContext,
  { listed, signal }: { listed: readonly ProviderDispute[]; signal: AbortSignal | undefined },
): Promise<{ disputes: number; differences: BookDifference[] }> {
  const open = await ctx.db.prisma.dispute.findMany({
    where: { status: 'open', disputeId: { notIn: listed.map(({ disputeId }) => disputeId) } },
    orderBy: { createdAt: 'asc' },
    take: maxOlderDisputes,
  });
  const differences: BookDifference[] = [];
  for (const { disputeId: id } of open) {
    signal?.throwIfAborted();
    const dispute = await orNull(ctx.payments.fetchDispute(id));
    differences.push(
      ...(dispute === null
        ? differing('dispute_differs', id, 'open', 'nothing')
        : await compareDispute(ctx, dispute)),
    );
  }
  return { disputes: open.length, differences };
}

async function comparePayment(
  ctx: ServiceContext,
  payment: ProviderPayment,
): Promise<BookDifference[]> {
  const { paymentId } = payment;
  const known = () => ctx.db.prisma.payment.findUnique({ where: { paymentId } });
  let ours = await known();
  // Also one that was kept: its order may have been found since.
  if (ours?.status !== 'credited') {
    await creditPayment(ctx, payment, 'reconciliation');
    ours = await known();
  }
  if (ours === null) return [{ kind: 'payment_missing', id: paymentId, detail: 'not stored' }];
  if (ours.status === 'kept' && payment.refundedPaise < payment.amountPaise) {
    return [{ kind: 'payment_kept', id: paymentId, detail: ours.why ?? '' }];
  }
  return differing('payment_differs', paymentId, textOf(ours), textOf(payment));
}

const textOf = (row: { amountPaise: number | bigint; currency: string }): string =>
  `${row.amountPaise} ${row.currency}`;

async function compareRefund(
  ctx: ServiceContext,
  refund: ProviderRefund,
): Promise<BookDifference[]> {
  const { providerRefundId: id } = refund;
  try {
    const ours = await recordProviderRefund(ctx, refund);
    return ours === null ? [] : differing('refund_differs', id, stateOf(ours), stateOf(refund));
  } catch (error) {
    return [{ kind: 'refund_missing', id, detail: String(error) }];
  }
}

async function compareDispute(
  ctx: ServiceContext,
  dispute: ProviderDispute,
): Promise<BookDifference[]> {
  const { disputeId: id } = dispute;
  try {
    const ours = await recordProviderDispute(ctx, dispute);
    return ours === null ? [] : differing('dispute_differs', id, stateOf(ours), stateOf(dispute));
  } catch (error) {
    return [{ kind: 'dispute_missing', id, detail: String(error) }];
  }
}

const stateOf = (row: { amountPaise: number; status: string }): string =>
  `${row.amountPaise} paise ${row.status}`;

const differing = (
  kind: BookDifference['kind'],
  id: string,
  here: string,
  there: string,
): BookDifference[] =>
  here === there ? [] : [{ kind, id, detail: `${here} here, there ${there}` }];

/** The other way round: what we credited is what the provider has. A payment may be older than its credit. */
async function compareCredits(
  ctx: ServiceContext,
  window: { from: Date; to: Date; listed: ReadonlySet<string>; signal: AbortSignal | undefined },
): Promise<BookDifference[]> {
  const differences: BookDifference[] = [];
  let after = '';
  for (let page = 0; page < maxPages; page += 1) {
    window.signal?.throwIfAborted();
    const credits = await ctx.db.prisma.payment.findMany({
      where: {
        status: 'credited',
        createdAt: { gte: window.from, lt: window.to },
        paymentId: { gt: after },
      },
      orderBy: { paymentId: 'asc' },
      take: listPageSize,
    });
    for (const credit of credits) {
      if (window.listed.has(credit.paymentId)) continue;
      const found = await orNull(ctx.payments.fetchPayment(credit.paymentId));
      if (found?.wasCaptured && textOf(found) === textOf(credit)) continue;
      const detail = `${textOf(credit)} here, there ${found ? textOf(found) : 'nothing'}`;
      differences.push({ kind: 'credit_without_payment', id: credit.paymentId, detail });
    }
    if (credits.length < listPageSize) break;
    after = credits.at(-1)?.paymentId ?? '';
  }
  return differences;
}

/** Null when the provider says that there is none; its silence is another matter. */
async function orNull<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && error.cause instanceof ProviderRejection) return null;
    throw error;
  }
}
