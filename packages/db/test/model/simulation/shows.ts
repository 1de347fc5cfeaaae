import {
  type Account,
  activeUs,
  balanceAfter,
  balanceOf,
  type Dispute,
  type Entry,
  type Generation,
  hourEntries,
  openSession,
  paidThrough,
  type Refund,
  type Session,
  statusOf,
  sum,
  type Topup,
} from './account.ts';
import { inrPerUsd, standardPlan } from './plans.ts';
import { earliest, hour, inSeconds, latest, type Micros, shown, stamped } from './time.ts';

/** A session as it stands at an instant up to which it was settled. */
export function showSession(account: Account, session: Session, now: Micros) {
  const hoursCharged = hourEntries(account, session).length;
  const paid = paidThrough(account, session);
  return {
    id: session.id,
    status: statusOf(session),
    plan: session.plan.plan,
    rateCents: session.plan.rateCents,
    startedAt: shown(startOf(session)),
    endedAt: session.over && shown(session.over.at),
    endReason: session.over?.reason ?? null,
    pauseReason: session.pausedFor,
    paidThrough: paid && shown(paid),
    activeSeconds: inSeconds(activeUs(session, now)),
    hoursCharged,
    costCents: hoursCharged * session.plan.rateCents,
    generationCount: account.generations.filter((made) => made.session === session).length,
    maxHours: session.maxHours,
    hourEnd: session.hourEnd,
    autoPauseMinutes: session.autoPauseMinutes,
    serverTime: shown(now),
  };
}

const startOf = (session: Session): Micros => session.segments[0]?.from ?? 0n;

/** A session with the evidence for its charges. */
export function showDetail(account: Account, session: Session, now: Micros) {
  return {
    ...showSession(account, session, now),
    segments: session.segments.map(({ from, to }) => showStretch(from, to, now)),
    charges: hourEntries(account, session).map((entry, index) => {
      const balanceAfterCents = balanceAfter(account, entry);
      return {
        hour: entry.hour,
        amountCents: -entry.cents,
        dueAt: shown(entry.effectiveAt),
        trigger: entry.trigger,
        balanceBeforeCents: balanceAfterCents - entry.cents,
        balanceAfterCents,
        entryNo: account.ledger.indexOf(entry) + 1,
        segments: stretchesOf(session, BigInt(index), now),
      };
    }),
  };
}

const showStretch = (from: Micros, to: Micros | null, now: Micros) => ({
  startedAt: shown(from),
  endedAt: to === null ? null : shown(to),
  seconds: inSeconds((to ?? now) - from),
});

/** The active time between `index` and `index + 1` hours of it. */
function stretchesOf(session: Session, index: bigint, now: Micros) {
  const stretches: ReturnType<typeof showStretch>[] = [];
  let before = 0n;
  for (const { from, to } of session.segments) {
    const length = (to ?? now) - from;
    const begins = latest(before, index * hour);
    const ends = earliest(before + length, (index + 1n) * hour);
    // An hour that is used up ends there, whatever comes after it.
    const isOpen = to === null && begins <= ends && ends < (index + 1n) * hour;
    if (begins < ends || isOpen) {
      const stretchFrom = from + begins - before;
      stretches.push(showStretch(stretchFrom, isOpen ? null : from + ends - before, now));
    }
    before += length;
  }
  return stretches;
}

/** What of the commitment is not used up, and how much may leave the account. */
export function refundableCents(account: Account): number {
  const paidIn = sumOf(account, 'topup');
  // What was disputed away is no longer here to be refunded, or promotions would pay for it.
  const gone = -sumOf(account, 'refund') - sumOf(account, 'dispute');
  return Math.max(0, Math.min(balanceOf(account) - commitmentLeft(account), paidIn - gone));
}

/** No top-up gives back more than itself. */
export const topupLeftCents = (account: Account, topup: Topup): number => {
  const isHeld = ({ status }: Dispute) => status === 'open' || status === 'lost';
  const disputed = account.disputes.filter((dispute) => dispute.topup === topup && isHeld(dispute));
  return topup.cents - topup.refundedCents - sum(disputed.map(({ cents }) => cents));
};

const commitmentLeft = (account: Account): number => {
  const committed = standardPlan.commitmentHours * standardPlan.rateCents;
  return Math.max(0, committed + sumOf(account, 'hour'));
};

const sumOf = (account: Account, type: Entry['type']): number =>
  sum(account.ledger.filter((entry) => entry.type === type).map(({ cents }) => cents));

export function showBalance(account: Account) {
  const balanceCents = balanceOf(account);
  const { rateCents, commitmentHours } = standardPlan;
  const payingRate = openSession(account)?.plan.rateCents ?? rateCents;
  const used = account.ledger.filter(({ type }) => type === 'hour').length;
  return {
    balanceCents,
    balanceInrPaise: balanceCents * inrPerUsd,
    currency: 'USD',
    mode: account.mode,
    frozen: balanceCents < 0,
    refundableCents: refundableCents(account),
    hoursRemaining: Math.floor(Math.max(0, balanceCents) / payingRate),
    commitment: {
      hours: commitmentHours,
      hoursUsed: Math.min(used, commitmentHours),
      remainingCents: commitmentLeft(account),
    },
    plan: standardPlan,
  };
}

/** A top-up as everybody may see it. */
export const tellTopup = (topup: Topup) => ({
  id: topup.id,
  status: topup.refundedCents >= topup.cents ? 'refunded' : topup.status,
  amountCents: topup.cents,
  amountInrPaise: topup.cents * topup.inrPerUsd,
  inrPerUsd: topup.inrPerUsd,
  refundedCents: topup.refundedCents,
  createdAt: shown(topup.createdAt),
  paidAt: topup.paidAt && shown(topup.paidAt),
});

/** The same beside whose it is. */
export const showTopup = ({ id, mode }: Account, topup: Topup) => ({
  ...tellTopup(topup),
  accountId: id,
  mode,
});

/** What the simulation knows of a generation: nothing of pictures, prompts and providers. */
export const tellGeneration = (generation: Generation) => ({
  id: generation.id,
  sessionId: generation.session.id,
  status: generation.finished?.status ?? 'queued',
  errorCode: generation.finished?.code ?? null,
  createdAt: shown(generation.requestedAt),
  completedAt: generation.finished && shown(generation.finished.at),
});

export const showGeneration = ({ id, mode }: Account, generation: Generation) => ({
  ...tellGeneration(generation),
  accountId: id,
  mode,
});

/** A refund as everybody may see it: beside its top-up, which is what the API shows. */
export const tellRefund = ({ id, topup, cents, createdAt }: Refund) => ({
  ...tellTopup(topup),
  refund: { id, amountCents: cents, createdAt: stamped(createdAt) },
});

export const showRefund = (account: Account, refund: Refund) => ({
  id: refund.id,
  accountId: refund.isOurs ? account.id : null,
  mode: refund.isOurs ? account.mode : null,
  topupId: refund.isOurs ? refund.topup.id : null,
  paymentId: refund.paymentId,
  amountCents: refund.cents,
  amountPaise: refund.paise,
  status: refund.status,
  source: refund.source,
  providerRefundId: refund.providerRefundId,
  createdAt: stamped(refund.createdAt),
  settledAt: refund.settledAt && stamped(refund.settledAt),
});

export const showDispute = (account: Account, dispute: Dispute) => ({
  id: dispute.id,
  accountId: dispute.isOurs ? account.id : null,
  topupId: dispute.isOurs ? dispute.topup.id : null,
  paymentId: dispute.paymentId,
  amountCents: dispute.cents,
  amountPaise: dispute.paise,
  status: dispute.status,
  createdAt: stamped(dispute.createdAt),
  settledAt: dispute.settledAt && stamped(dispute.settledAt),
});

export const showEntry = (account: Account, entry: Entry) => ({
  entryNo: account.ledger.indexOf(entry) + 1,
  type: entry.type,
  amountCents: entry.cents,
  balanceAfterCents: balanceAfter(account, entry),
  sessionId: entry.session?.id ?? null,
  hour: entry.hour,
  topupId: entry.topup?.id ?? null,
  effectiveAt: shown(entry.effectiveAt),
  createdAt: shown(entry.createdAt),
});

/** Hours and generations by the day on which they became due or were asked for, in a time zone. */
export function showUsage(account: Account, days: readonly string[], timeZone: string) {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const dayOf = (at: Micros): string => format.format(Number(at / 1000n));
  const hours = account.ledger.filter(({ type }) => type === 'hour');
  return days.map((date) => {
    const due = hours.filter(({ effectiveAt }) => dayOf(effectiveAt) === date);
    return {
      date,
      hours: due.length,
      costCents: -sum(due.map(({ cents }) => cents)) + 0,
      generations: account.generations.filter((made) => dayOf(made.requestedAt) === date).length,
    };
  });
}
