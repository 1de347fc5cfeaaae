import { addBalance, adjustBalance, createTopup, setTopupOrder } from '@hourly/db';
import { balanceOf } from '../../simulation/account.ts';
import * as money from '../../simulation/money.ts';
import { knownTopup } from '../known.ts';
import { both } from '../run.ts';
import { type Prepare, pick, sides } from './act.ts';

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
  const rightPaise = topup.cents * topup.inrPerUsd;
  const payment = {
    paymentId: command.payment === 'right' ? `pay_${topupId}` : `pay_${command.payment}_${topupId}`,
    amountPaise: command.payment === 'mismatch' ? rightPaise - 1 : rightPaise,
    currency: 'INR',
  };
  const at = sides(actor, command, { payment, topup: topup.id });
  return async (now) => {
    const { simulated, real } = at(now);
    await setTopupOrder(run.db, { topupId, orderId });
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
