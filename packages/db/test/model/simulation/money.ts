import { type Account, balanceOf, type Entry, type Topup } from './account.ts';
import { post } from './books.ts';
import { adoptDispute, holds } from './disputes.ts';
import { tell } from './events.ts';
import { type Asked, mutate, type Outcome, refuse } from './mutate.ts';
import { inrPerUsd, standardPlan } from './plans.ts';
import { adoptRefund } from './refunds.ts';
import { showEntry, showTopup, tellTopup } from './shows.ts';
import type { Micros } from './time.ts';

export function createTopup(asked: Asked & { cents: number }): Outcome {
  const { account, cents } = asked;
  return mutate('topup', asked, (now) => {
    const { minimumTopupCents, maximumTopupCents } = standardPlan;
    if (cents < minimumTopupCents) {
      return refuse('AMOUNT_BELOW_MINIMUM', { minimumCents: minimumTopupCents });
    }
    if (cents > maximumTopupCents) {
      return refuse('AMOUNT_ABOVE_MAXIMUM', { maximumCents: maximumTopupCents });
    }
    const topup: Topup = {
      id: `${account.id}-topup-${account.topups.length + 1}`,
      cents,
      inrPerUsd,
      status: 'created',
      createdAt: now,
      paidAt: null,
      paymentId: null,
      isPaymentKept: false,
      refundedCents: 0,
    };
    account.topups.push(topup);
    if (account.mode === 'test') settleTestTopup(account, topup, now);
    return { changed: true, show: () => showTopup(account, topup) };
  });
}

function settleTestTopup(account: Account, topup: Topup, now: Micros): void {
  if (topup.cents % 100 !== 1) {
    credit(account, topup, null, now);
  } else {
    topup.status = 'failed';
    tell(account, 'topup.failed', now, tellTopup(topup));
  }
}

function credit(account: Account, topup: Topup, paymentId: string | null, now: Micros): void {
  topup.status = 'paid';
  topup.paidAt = now;
  topup.paymentId = paymentId;
  post(account, { type: 'topup', cents: topup.cents, effectiveAt: now, createdAt: now, topup });
  if (paymentId === null) return;
  // What was refunded or disputed of it meanwhile follows it.
  for (const refund of account.refunds) {
    const isLeft = refund.paymentId === paymentId && !refund.isOurs && refund.status !== 'failed';
    if (isLeft) adoptRefund(account, refund, now);
  }
  for (const dispute of account.disputes) {
    const isLeft = dispute.paymentId === paymentId && !dispute.isOurs && holds(dispute);
    if (isLeft) adoptDispute(account, dispute, now);
  }
}

/** A payment whose order nobody knows yet. */
export function keepPayment(topup: Topup): Outcome {
  topup.isPaymentKept = true;
  return { answer: { outcome: 'kept', why: 'unknown_order', topup: null } };
}

export interface Payment {
  paymentId: string;
  amountPaise: number;
  currency: string;
}

/** A captured payment on the order of a top-up is reported. */
export function pay(asked: Asked & { topup: Topup; payment: Payment }): Outcome {
  const { account, topup, payment } = asked;
  return mutate('confirmTopup', asked, (now) => {
    const answer = (outcome: string, why: string | null) => ({
      outcome,
      why,
      topup: showTopup(account, topup),
    });
    // Like a refusal, it is not remembered.
    const kept = (why: string) => ({
      forget: true,
      show: () => answer('kept', why),
    });
    if (topup.paymentId === payment.paymentId) {
      return { show: () => answer('duplicate', null) };
    }
    const isRight =
      payment.currency === 'INR' && payment.amountPaise === topup.cents * topup.inrPerUsd;
    if (!isRight) return kept('amount_mismatch');
    if (topup.paymentId !== null) return kept('second_payment');
    credit(account, topup, payment.paymentId, now);
    return {
      show: () => answer('credited', null),
      replay: () => answer('duplicate', null),
    };
  });
}

/** An operator's correction or gift. */
export function adjust(
  asked: Asked & { type: 'adjustment' | 'promo'; cents: number; reason: string },
): Outcome {
  const { account, type, cents, reason } = asked;
  return mutate('adjust', asked, (now) => {
    const balanceCents = balanceOf(account);
    if (cents < 0 && balanceCents + cents < 0) {
      return refuse('INSUFFICIENT_BALANCE', { balanceCents, requiredCents: -cents });
    }
    const entry: Entry = post(account, { type, cents, effectiveAt: now, createdAt: now, reason });
    return { show: () => ({ ...showEntry(account, entry), description: reason }) };
  });
}
