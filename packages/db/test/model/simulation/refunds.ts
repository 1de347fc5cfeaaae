import type { Account, Refund, Topup } from './account.ts';
import { post } from './books.ts';
import { tell } from './events.ts';
import { type Asked, mutate, type Outcome, refuse } from './mutate.ts';
import { refundableCents, showRefund, tellRefund, topupLeftCents } from './shows.ts';
import { type Micros, realClock } from './time.ts';

/** Less than a rupee is not paid out. */
const smallestPaise = 100;

/** The operator gives money back. */
export function createRefund(asked: Asked & { topup: Topup; cents: number }): Outcome {
  const { account, topup, cents } = asked;
  return mutate('refund', asked, (now) => {
    if (topup.status !== 'paid') return refuse('INVALID_INPUT');
    const minimumCents = Math.ceil(smallestPaise / topup.inrPerUsd);
    if (cents < minimumCents) return refuse('AMOUNT_BELOW_MINIMUM', { minimumCents });
    const maximumCents = mostRefundable(account, topup);
    if (cents > maximumCents) return refuse('AMOUNT_ABOVE_MAXIMUM', { maximumCents });
    const refund = addRefund(
      account,
      { topup, cents, paymentId: topup.paymentId },
      'operator',
      now,
    );
    move(account, refund, -1, now);
    if (account.mode === 'test') process(account, refund, now);
    return { show: () => showRefund(account, refund) };
  });
}

export const mostRefundable = (account: Account, topup: Topup): number =>
  Math.max(0, Math.min(refundableCents(account), topupLeftCents(account, topup)));

function addRefund(
  account: Account,
  { topup, paymentId, cents }: Pick<RefundReport, 'topup' | 'cents'> & Pick<Refund, 'paymentId'>,
  source: Refund['source'],
  now: Micros | typeof realClock,
): Refund {
  const refund: Refund = {
    id: `${account.id}-refund-${account.refunds.length + 1}`,
    topup,
    paymentId,
    cents,
    paise: cents * topup.inrPerUsd,
    source,
    status: 'pending',
    providerRefundId: null,
    createdAt: now,
    settledAt: null,
    isOurs: now !== realClock,
  };
  account.refunds.push(refund);
  return refund;
}

/** Out of the balance, or back into it. */
function move(
  account: Account,
  { id: refundId, topup, cents }: Refund,
  sign: 1 | -1,
  now: Micros | typeof realClock,
): void {
  if (cents === 0 || now === realClock) return;
  topup.refundedCents -= sign * cents;
  const when = { effectiveAt: now, createdAt: now };
  post(account, { type: 'refund', cents: sign * cents, ...when, topup, refundId });
}

function process(account: Account, refund: Refund, now: Micros | typeof realClock): void {
  refund.status = 'processed';
  refund.settledAt = now;
  if (now !== realClock) tell(account, 'refund.processed', now, tellRefund(refund));
}

function fail(account: Account, refund: Refund, now: Micros | typeof realClock): void {
  refund.status = 'failed';
  refund.settledAt = now;
  move(account, refund, 1, now);
}

export interface RefundReport {
  /** Our own refund, where the report carries its id. */
  refund: Refund | undefined;
  providerRefundId: string;
  paymentId: string;
  topup: Topup;
  cents: number;
  status: Refund['status'];
}

/** The provider tells of a refund: one of ours, or one that somebody made outside. */
export function reportRefund(asked: Asked & RefundReport): Outcome {
  const { account, topup, paymentId } = asked;
  if (paymentId !== topup.paymentId) return { answer: hear(account, asked, realClock) };
  return mutate('reportRefund', asked, (now) => {
    const answer = hear(account, asked, now);
    return { show: () => answer };
  });
}

function hear(account: Account, report: RefundReport, now: Micros | typeof realClock) {
  const { providerRefundId, status } = report;
  const known = account.refunds.find((refund) => refund.providerRefundId === providerRefundId);
  const refund = known ?? ours(report) ?? addForeign(account, report, now);
  const isNews = known === undefined || (refund.status === 'pending' && status !== 'pending');
  refund.providerRefundId = providerRefundId;
  if (refund.status === 'pending' && status === 'processed') process(account, refund, now);
  if (refund.status === 'pending' && status === 'failed') fail(account, refund, now);
  const outcome = isNews ? 'recorded' : 'duplicate';
  return { outcome, refund: showRefund(account, refund) };
}

/** What has failed by then has taken nothing, and what nobody was credited takes nothing from anybody. */
function addForeign(
  account: Account,
  report: RefundReport,
  now: Micros | typeof realClock,
): Refund {
  const refund = addRefund(account, report, 'provider', now);
  if (report.status === 'failed' || now === realClock) refund.cents = 0;
  move(account, refund, -1, now);
  return refund;
}

/** Its payment is credited after all. */
export function adoptRefund(account: Account, refund: Refund, now: Micros): void {
  refund.isOurs = true;
  refund.cents = refund.paise / refund.topup.inrPerUsd;
  move(account, refund, -1, now);
}

/** Ours is only what it says it is: the same payment and amount, and not known under another name. */
const ours = ({ refund, topup, cents }: RefundReport): Refund | undefined =>
  refund?.topup === topup &&
  refund.paise === cents * topup.inrPerUsd &&
  refund.providerRefundId === null
    ? refund
    : undefined;
