import { addBalance, adjustBalance, createTopup, setTopupOrder } from '@hourly/db';
import { balanceOf, type Topup } from '../../simulation/account.ts';
import * as money from '../../simulation/money.ts';
import { knownTopup } from '../known.ts';
import { both, type Run } from '../run.ts';
import { type Act, type Prepare, pick, sides } from './act.ts';

export const topupBoth: Prepare<'topup'> = (run, actor, command) => {
  const { cents } = command;
  const at = sides(actor, command, { cents });
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = money.createTopup({ ...simulated, cents });
    const call = createTopup(run.db, { ...real, amountCents: cents });
    await both(run, 'topup', expected, call.then(knownTopup));
  };
};

export const payBoth: Prepare<'pay'> = (run, actor, command) => {
  const { simulated: account } = actor;
  const topup = pick(account.topups, command.nth);
  if (topup === undefined || account.mode === 'test') return null;
  const topupId = run.comparison.realOf(topup.id);
  const orderId = `order_${topupId}`;
  if (command.payment === 'early') return payEarly(run, topup);
  const rightPaise = topup.cents * topup.inrPerUsd;
  const payment = {
    paymentId: command.payment === 'right' ? paymentOf(run, topup) : `${paymentOf(run, topup)}_2`,
    amountPaise: command.payment === 'mismatch' ? rightPaise - 1 : rightPaise,
    currency: 'INR',
  };
  const at = sides(actor, command, { payment, topup: topup.id });
  return async (now) => {
    const { simulated, real } = at(now);
    await setTopupOrder(run.db, { topupId, orderId });
    run.ordered.add(topup);
    const expected = money.pay({ ...simulated, topup, payment });
    const call = addBalance(run.db, { ...payment, orderId, source: 'confirmation', ...real });
    const shown = call.then(({ outcome, why, topup: record }) => ({
      outcome,
      why,
      topup: record && knownTopup(record),
    }));
    await both(run, 'pay', expected, shown);
  };
};

/** The provider's name of the payment that pays a top-up. */
export const paymentOf = (run: Run, topup: Topup): string =>
  `pay_${run.comparison.realOf(topup.id)}`;

/** Its payment is reported before anybody has told which order it pays; null when somebody has. */
function payEarly(run: Run, topup: Topup): Act | null {
  if (run.ordered.has(topup)) return null;
  const payment = {
    paymentId: paymentOf(run, topup),
    orderId: `order_${run.comparison.realOf(topup.id)}`,
    amountPaise: topup.cents * topup.inrPerUsd,
    currency: 'INR',
    source: 'webhook',
  } as const;
  return async () => {
    // Made again later, it is a payment like any other.
    if (run.ordered.has(topup)) return;
    await both(run, 'early pay', money.keepPayment(topup), addBalance(run.db, payment));
  };
}

export const adjustBoth: Prepare<'adjust'> = (run, actor, command) => {
  const { simulated: account } = actor;
  const { type } = command;
  const balance = balanceOf(account);
  // What settling takes first is not foreseen; then it aims a little wide.
  const wanted = command.isTarget ? command.cents - balance : command.cents;
  const cents = type === 'promo' ? Math.abs(wanted) : wanted;
  if (cents === 0) return null;
  const input = { type, cents, reason: `so that something tips over` };
  const at = sides(actor, command, input);
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = money.adjust({ ...simulated, ...input });
    const call = adjustBalance(run.db, { ...real, type, amountCents: cents, reason: input.reason });
    await both(run, 'adjust', expected, call);
  };
};
