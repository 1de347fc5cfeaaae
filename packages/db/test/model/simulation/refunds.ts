import type { Account, Dispute, Refund, Topup } from './account.ts';
import { post } from './books.ts';
import { tell } from './events.ts';
import { type Asked, mutate, type Outcome, refuse } from './mutate.ts';
import { refundableCents, showRefund, tellRefund, topupLeftCents } from './shows.ts';
import { type Micros, shown } from './time.ts';

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
    const refund = addRefund(account, topup, cents, 'operator', now);
    debitRefund(account, refund, now);
    if (account.mode === 'test') process(account, refund, now);
    return { show: () => showRefund(account, refund) };
  });
}

export const mostRefundable = (account: Account, topup: Topup): number =>
  Math.max(0, Math.min(refundableCents(account), topupLeftCents(account, topup)));

function addRefund(
  account: Account,
  topup: Topup,
  cents: number,
  source: Refund['source'],
  now: Micros,
): Refund {
  const refund: Refund = {
    id: `${account.id}-refund-${account.refunds.length + 1}`,
    topup,
    cents,
    paise: cents * topup.inrPerUsd,
    source,
    status: 'pending',
    providerRefundId: null,
    createdAt: now,
    settledAt: null,
  };
  account.refunds.push(refund);
  return refund;
}

const moved = (now: Micros) => ({ effectiveAt: now, createdAt: now });

function debitRefund(account: Account, refund: Refund, now: Micros): void {
  const { id: refundId, topup, cents } = refund;
  topup.refundedCents += cents;
  post(account, { type: 'refund', cents: -cents, ...moved(now), topup, refundId });
}

function process(account: Account, refund: Refund, now: Micros): void {
  refund.status = 'processed';
  refund.settledAt = now;
  tell(account, 'refund.processed', now, tellRefund(refund));
}

function fail(account: Account, refund: Refund, now: Micros): void {
  const { id: refundId, topup, cents } = refund;
  refund.status = 'failed';
  refund.settledAt = now;
  topup.refundedCents -= cents;
  post(account, { type: 'refund', cents, ...moved(now), topup, refundId });
}

export interface RefundReport {
  /** Our own refund, where the report carries its id. */
  refund: Refund | undefined;
  providerRefundId: string;
  topup: Topup;
  cents: number;
  status: Refund['status'];
}

/** The provider tells of a refund: one of ours, or one that somebody made outside. */
export function reportRefund(asked: Asked & RefundReport): Outcome {
  const { account, providerRefundId, topup, cents, status } = asked;
  return mutate('reportRefund', asked, (now) => {
    const known = account.refunds.find((refund) => refund.providerRefundId === providerRefundId);
    const refund = known ?? ours(asked);
    const answer = (outcome: string, shownRefund: Refund) => ({
      show: () => ({ outcome, refund: showRefund(account, shownRefund) }),
    });
    if (refund === undefined) {
      const foreign = addRefund(account, topup, cents, 'provider', now);
      foreign.providerRefundId = providerRefundId;
      if (status === 'failed') {
        // It has taken nothing by then.
        foreign.status = 'failed';
        foreign.cents = 0;
        foreign.settledAt = now;
      } else {
        debitRefund(account, foreign, now);
        if (status === 'processed') process(account, foreign, now);
      }
      return answer('recorded', foreign);
    }
    const isNews = refund.status === 'pending' && (status !== 'pending' || known === undefined);
    refund.providerRefundId = providerRefundId;
    if (isNews && status === 'processed') process(account, refund, now);
    if (isNews && status === 'failed') fail(account, refund, now);
    return answer(isNews ? 'recorded' : 'duplicate', refund);
  });
}

/** Ours is only what it says it is: the same payment and amount, and not known under another name. */
const ours = ({ refund, topup, cents }: RefundReport): Refund | undefined =>
  refund?.topup === topup &&
  refund.paise === cents * topup.inrPerUsd &&
  refund.providerRefundId === null
    ? refund
    : undefined;

const isOver = (status: Dispute['status']): boolean => status === 'won' || status === 'closed';

/** The provider tells of a dispute: what is disputed is gone until it is won, or closed without a decision. */
export function reportDispute(
  asked: Asked & { disputeId: string; topup: Topup; cents: number; status: Dispute['status'] },
): Outcome {
  const { account, disputeId, topup, status } = asked;
  return mutate('reportDispute', asked, (now) => {
    const known = account.disputes.find(({ id }) => id === disputeId);
    const dispute = known ?? open(asked, now);
    const isNews =
      known === undefined ||
      (!isOver(known.status) && known.status !== status && status !== 'open');
    if (isNews) {
      dispute.status = status;
      dispute.settledAt = status === 'open' ? null : now;
    }
    if (isNews && known !== undefined && isOver(status)) {
      post(account, { type: 'dispute', cents: dispute.cents, ...moved(now), topup, disputeId });
    }
    const outcome = isNews ? 'recorded' : 'duplicate';
    return {
      show: () => ({ outcome, dispute: showDispute(account, dispute) }),
    };
  });
}

/** Heard of for the first time; what is over by then takes nothing. */
function open(
  { account, disputeId, topup, cents, status }: Parameters<typeof reportDispute>[0],
  now: Micros,
): Dispute {
  const dispute: Dispute = {
    id: disputeId,
    topup,
    cents: isOver(status) ? 0 : cents,
    paise: cents * topup.inrPerUsd,
    status,
    createdAt: now,
    settledAt: null,
  };
  account.disputes.push(dispute);
  if (dispute.cents > 0) {
    post(account, { type: 'dispute', cents: -cents, ...moved(now), topup, disputeId });
  }
  return dispute;
}

const showDispute = (account: Account, dispute: Dispute) => ({
  id: dispute.id,
  accountId: account.id,
  topupId: dispute.topup.id,
  paymentId: dispute.topup.paymentId,
  amountCents: dispute.cents,
  amountPaise: dispute.paise,
  status: dispute.status,
  createdAt: shown(dispute.createdAt),
  settledAt: dispute.settledAt && shown(dispute.settledAt),
});
