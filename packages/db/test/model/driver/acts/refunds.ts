import { createRefund, recordDispute, recordRefund } from '@hourly/db';
import type { Refund, Topup } from '../../simulation/account.ts';
import { reportDispute } from '../../simulation/disputes.ts';
import * as refunds from '../../simulation/refunds.ts';
import type { RefundOf, Share } from '../commands.ts';
import { type Actor, both, type Run } from '../run.ts';
import { isIdle, type Prepare, pick, sides } from './act.ts';
import { paymentOf } from './money.ts';

export const refundBoth: Prepare<'refund'> = (run, actor, command) => {
  const { simulated: account } = actor;
  const topup = pick(account.topups, command.nth);
  if (topup === undefined) return null;
  const below = refunds.mostRefundable(account, topup) - command.cents;
  const cents = command.isBelowMaximum ? below : command.cents;
  const topupId = run.comparison.realOf(topup.id);
  const at = sides(actor, command, { cents, topup: topup.id });
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = refunds.createRefund({ ...simulated, topup, cents });
    const call = createRefund(run.db, {
      request: real.request,
      now: real.now,
      topupId,
      amountCents: cents,
    });
    await both(run, 'refund', expected, call);
  };
};

export const reportRefundBoth: Prepare<'reportRefund'> = (run, actor, command) => {
  const { simulated: account } = actor;
  const reported = refundOf(actor, command);
  const topup = reported?.topup ?? pick(paidTopups(actor), command.nth);
  if (topup === undefined || account.mode === 'test') return null;
  if (command.nudge && isIdle(actor)) return null;
  const cents =
    reported === undefined ? centsOf(topup, command.share) : reported.paise / topup.inrPerUsd;
  const isOurs = command.of === 'ours' && reported !== undefined;
  const report = {
    providerRefundId: reported?.providerRefundId ?? nextRefundName(run),
    status: command.status,
  };
  const paymentId = reported?.paymentId ?? reportedPayment(run, topup);
  const refundId = isOurs ? run.comparison.realOf(reported.id) : undefined;
  const at = sides(actor, { key: null }, {});
  return async (now) => {
    const { simulated, real } = at(now);
    const refund = isOurs ? reported : undefined;
    const expected = refunds.reportRefund({
      ...simulated,
      ...report,
      paymentId,
      refund,
      topup,
      cents,
    });
    const amountPaise = cents * topup.inrPerUsd;
    const told = { ...report, refundId, paymentId, amountPaise, now: real.now };
    await both(run, 'refund report', expected, recordRefund(run.db, told));
  };
};

/** A name that the provider has given to no refund before. */
function nextRefundName(run: Run): string {
  run.refundNames += 1;
  return `rfnd_${run.token}_${run.refundNames}`;
}

/** The refund that a report is about; none when it is a new one. */
function refundOf({ simulated }: Actor, { of, nth }: { of: RefundOf; nth: number }) {
  const isTold = ({ providerRefundId }: Refund) => providerRefundId !== null;
  if (of === 'told') return pick(simulated.refunds.filter(isTold), nth);
  if (of === 'foreign') return undefined;
  return pick(
    simulated.refunds.filter(({ source }) => source === 'operator'),
    nth,
  );
}

/** The payment that was credited, or is kept. */
const reportedPayment = (run: Run, topup: Topup): string =>
  topup.paymentId ?? paymentOf(run, topup);

/** Top-ups whose payment was reported. */
const paidTopups = ({ simulated }: Actor): Topup[] =>
  simulated.topups.filter((topup) => topup.paymentId !== null || topup.isPaymentKept);

const hourCents = 1500;

const centsOf = ({ cents }: Topup, share: Share): number =>
  ({ all: cents, half: Math.floor(cents / 2), hour: hourCents })[share];

const disputesOfAPayment = 2;

export const reportDisputeBoth: Prepare<'dispute'> = (run, actor, command) => {
  const topups = paidTopups(actor);
  const topup = pick(topups, command.nth);
  if (topup === undefined || actor.simulated.mode === 'test') return null;
  if (command.nudge && isIdle(actor)) return null;
  const paymentId = reportedPayment(run, topup);
  const nth = Math.floor(command.nth / topups.length) % disputesOfAPayment;
  const disputeId = `disp_${nth}_${paymentId}`;
  const known = actor.simulated.disputes.find(({ id }) => id === disputeId);
  const cents = known === undefined ? centsOf(topup, command.share) : known.paise / topup.inrPerUsd;
  const { status } = command;
  const at = sides(actor, { key: null }, {});
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = reportDispute({
      ...simulated,
      disputeId,
      paymentId,
      topup,
      cents,
      status,
    });
    const amountPaise = cents * topup.inrPerUsd;
    const told = { disputeId, paymentId, amountPaise, status, now: real.now };
    await both(run, 'dispute', expected, recordDispute(run.db, told));
  };
};
