import type { Payment } from '@hourly/sandbox';
import type { Ours, OurTopup } from './ours.ts';
import { netOf } from './ours.ts';
import { isCaptured, type Theirs } from './theirs.ts';

/** Every captured payment is known, and credited or kept as it has to be; nothing else is known. */
export function checkPayments(ours: Ours, theirs: Theirs): string[] {
  const problems: string[] = [];
  const captured = theirs.payments.filter(isCaptured);
  for (const payment of captured) problems.push(...checkPayment(ours, payment));
  const known = new Set(captured.map(({ id }) => id));
  for (const { id, status } of ours.payments) {
    if (!known.has(id)) problems.push(`${id} is ${status} here, and was never captured there`);
  }
  for (const topup of ours.topups) problems.push(...checkTopup(ours, theirs, topup));
  return problems;
}

function checkPayment(ours: Ours, payment: Payment): string[] {
  const rows = ours.payments.filter(({ id }) => id === payment.id);
  const [row] = rows;
  if (row === undefined) return [`${payment.id} was captured, and nobody here knows it`];
  const told = `${row.orderId} ${row.paise} ${row.currency}`;
  const real = `${payment.order_id} ${payment.amount} ${payment.currency}`;
  const topup = ours.topups.find(({ orderId }) => orderId !== null && orderId === payment.order_id);
  const isFitting = topup !== undefined && fits(topup, payment);
  const isCredited = isFitting && topup.paymentId === payment.id;
  const expected = isCredited
    ? 'credited'
    : `kept ${topup === undefined ? 'unknown_order' : isFitting ? 'second_payment' : 'amount_mismatch'}`;
  const found = row.why === null ? row.status : `${row.status} ${row.why}`;
  return [
    ...(rows.length > 1 ? [`${payment.id} is here ${rows.length} times`] : []),
    ...(told === real ? [] : [`${payment.id} is ${told} here, ${real} there`]),
    ...(found === expected ? [] : [`${payment.id} is ${found}, not ${expected}`]),
  ];
}

const fits = ({ paise }: OurTopup, { amount, currency }: Payment): boolean =>
  amount === paise && currency === 'INR';

function checkTopup(ours: Ours, theirs: Theirs, topup: OurTopup): string[] {
  const name = `top-up ${topup.id}`;
  const problems: string[] = [];
  const orders = theirs.orders.filter(({ receipt }) => receipt === topup.id);
  if (orders.length > 1) problems.push(`${name} has ${orders.length} orders`);
  const payable = theirs.payments.filter(
    (payment) => isCaptured(payment) && payment.order_id === topup.orderId && fits(topup, payment),
  );
  const { cents, entries } = netOf(
    ours.entries,
    ({ type, topupId }) => type === 'topup' && topupId === topup.id,
  );
  const isPaid = payable.length > 0;
  const expected = isPaid ? topup.cents : 0;
  if (cents !== expected || entries !== (isPaid ? 1 : 0)) {
    problems.push(`${name} added ${cents} cents in ${entries} entries, not ${expected}`);
  }
  if (topup.isPaid !== isPaid) problems.push(`${name} is ${isPaid ? 'not marked as' : ''} paid`);
  if (isPaid && !payable.some(({ id }) => id === topup.paymentId)) {
    problems.push(`${name} was paid by ${topup.paymentId}`);
  }
  const told = ours.told.get(`topup.paid ${topup.id}`) ?? 0;
  if (told !== (isPaid ? 1 : 0)) problems.push(`${name} was told as paid ${told} times`);
  if (topup.isWatched) problems.push(`${name} is still asked for`);
  const state = !isPaid ? 'expired' : topup.refundedCents >= topup.cents ? 'refunded' : 'paid';
  if (topup.status !== state) problems.push(`${name} is ${topup.status}, not ${state}`);
  return problems;
}
