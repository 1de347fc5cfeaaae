import type { Account, Dispute, Topup } from './account.ts';
import { post } from './books.ts';
import { type Asked, mutate, type Outcome } from './mutate.ts';
import { showDispute } from './shows.ts';
import { type Micros, realClock } from './time.ts';

export interface DisputeReport {
  disputeId: string;
  paymentId: string;
  topup: Topup;
  cents: number;
  status: Dispute['status'];
}

const isOver = (status: Dispute['status']): boolean => status === 'won' || status === 'closed';

/** Disputes that hold their money, or have lost it. */
export const holds = ({ status }: Dispute): boolean => !isOver(status);

/** The provider tells of a dispute: what is disputed is gone until it is won, or closed without a decision. */
export function reportDispute(asked: Asked & DisputeReport): Outcome {
  const { account, topup, paymentId } = asked;
  if (paymentId !== topup.paymentId) return { answer: hear(asked, realClock) };
  return mutate('reportDispute', asked, (now) => {
    const answer = hear(asked, now);
    return { show: () => answer };
  });

  function hear(report: DisputeReport, now: Micros | typeof realClock) {
    const { disputeId, status } = report;
    const known = account.disputes.find(({ id }) => id === disputeId);
    const dispute = known ?? open(account, report, now);
    const isNews =
      known === undefined ||
      (!isOver(known.status) && known.status !== status && status !== 'open');
    if (isNews) {
      dispute.status = status;
      dispute.settledAt = status === 'open' ? null : now;
    }
    if (known !== undefined && isNews && isOver(status)) move(account, dispute, 1, now);
    const outcome = isNews ? 'recorded' : 'duplicate';
    return { outcome, dispute: showDispute(account, dispute) };
  }
}

/** Heard of for the first time; what is over by then takes nothing. */
function open(
  account: Account,
  { disputeId, paymentId, topup, cents, status }: DisputeReport,
  now: Micros | typeof realClock,
): Dispute {
  const isOurs = topup.paymentId === paymentId;
  const dispute: Dispute = {
    id: disputeId,
    topup,
    paymentId,
    cents: isOver(status) || !isOurs ? 0 : cents,
    paise: cents * topup.inrPerUsd,
    status,
    createdAt: now,
    settledAt: null,
    isOurs,
  };
  account.disputes.push(dispute);
  move(account, dispute, -1, now);
  return dispute;
}

function move(
  account: Account,
  { id: disputeId, topup, cents }: Dispute,
  sign: 1 | -1,
  now: Micros | typeof realClock,
): void {
  if (cents === 0 || now === realClock) return;
  const when = { effectiveAt: now, createdAt: now };
  post(account, { type: 'dispute', cents: sign * cents, ...when, topup, disputeId });
}

/** Its payment is credited after all. */
export function adoptDispute(account: Account, dispute: Dispute, now: Micros): void {
  dispute.isOurs = true;
  dispute.cents = dispute.paise / dispute.topup.inrPerUsd;
  move(account, dispute, -1, now);
}
