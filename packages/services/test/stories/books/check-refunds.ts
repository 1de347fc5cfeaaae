import type { Dispute, Refund } from '@hourly/sandbox';
import { netOf, type OurRefund, type Ours, type OurTopup } from './ours.ts';
import { isCaptured, ourIdOf, stateOf, type Theirs } from './theirs.ts';

/** Every refund of a payment that reached us is here once, with its state, and has moved what it had to. */
export function checkRefunds(ours: Ours, theirs: Theirs): string[] {
  const problems: string[] = [];
  const captured = new Set(theirs.payments.filter(isCaptured).map(({ id }) => id));
  for (const refund of theirs.refunds) {
    const rows = ours.refunds.filter(({ providerId }) => providerId === refund.id);
    if (captured.has(refund.payment_id)) problems.push(...checkRefund(ours, rows, refund));
    else if (rows.length > 0)
      problems.push(`${refund.id} gave back what was never ours, and is here`);
  }
  for (const row of ours.refunds) problems.push(...checkMoves(ours, theirs, row));
  for (const topup of ours.topups) problems.push(...checkSum(ours, topup));
  return problems;
}

function checkRefund(ours: Ours, rows: readonly OurRefund[], refund: Refund): string[] {
  const [row] = rows;
  if (row === undefined) return [`${refund.id} was made, and nobody here knows it`];
  // One that was refused, credited back and made all the same is one like any other.
  const isGivenUp = ({ id, providerId, status }: OurRefund) =>
    id === ourIdOf(refund) && providerId === null && status === 'failed';
  const ourId = ours.refunds.some(isGivenUp) ? null : ourIdOf(refund);
  const told = `${row.paymentId} ${row.paise} ${row.status} by ${row.source}`;
  const real = `${refund.payment_id} ${refund.amount} ${refund.status} by ${ourId === null ? 'provider' : 'operator'}`;
  return [
    ...(rows.length > 1 ? [`${refund.id} is here ${rows.length} times`] : []),
    ...(told === real ? [] : [`${refund.id} is ${told} here, ${real} there`]),
    ...(ourId === null || ourId === row.id ? [] : [`${refund.id} is ours as ${ourId}`]),
  ];
}

function checkMoves(ours: Ours, theirs: Theirs, row: OurRefund): string[] {
  const name = `refund ${row.id}`;
  const problems: string[] = [];
  const real = theirs.refunds.filter((refund) =>
    row.providerId === null ? ourIdOf(refund) === row.id : refund.id === row.providerId,
  );
  if (row.providerId === null && row.status !== 'failed') {
    problems.push(`${name} is ${row.status} here, and there are ${real.length} of it there`);
  }
  if (row.providerId !== null && real.length !== 1) problems.push(`${name} is nowhere there`);
  const { cents } = netOf(ours.entries, ({ refundId }) => refundId === row.id);
  const expected = row.status === 'failed' ? 0 : -row.cents;
  if (cents !== expected) problems.push(`${name} moved ${cents} cents, not ${expected}`);
  const isCredited = ours.payments.some(
    ({ id, status }) => id === row.paymentId && status === 'credited',
  );
  if (row.status !== 'failed' && isCredited !== (row.topupId !== null)) {
    problems.push(`${name} is ${isCredited ? 'not ' : ''}of a top-up`);
  }
  const told = ours.told.get(`refund.processed ${row.id}`) ?? 0;
  // Of a refund that was over before its payment was credited nobody is told.
  const isNews = row.status === 'processed' && row.topupId !== null && !row.isAdopted;
  if (told !== (isNews ? 1 : 0)) problems.push(`${name} was told ${told} times`);
  return problems;
}

/** All refunds of a top-up together are what the provider paid out, to the cent. */
function checkSum(ours: Ours, topup: OurTopup): string[] {
  const rows = ours.refunds.filter(({ topupId }) => topupId === topup.id);
  const out = rows.filter(({ status }) => status !== 'failed');
  const cents = out.reduce((sum, row) => sum + row.cents, 0);
  const paise = out.reduce((sum, row) => sum + row.paise, 0);
  // What failed had been rounded together with the others.
  const failed = rows.filter((row) => row.status === 'failed' && row.cents > 0).length;
  const isFair = Math.abs(cents * topup.rate - paise) <= topup.rate * (0.5 + failed);
  return [
    ...(isFair ? [] : [`the refunds of top-up ${topup.id} took ${cents} cents for ${paise} paise`]),
    ...(cents === topup.refundedCents
      ? []
      : [`top-up ${topup.id} says ${topup.refundedCents} cents were refunded, not ${cents}`]),
  ];
}

/** Every dispute is here once, with its state, and has moved what it had to. */
export function checkDisputes(ours: Ours, theirs: Theirs): string[] {
  const problems: string[] = [];
  for (const dispute of theirs.disputes) problems.push(...checkDispute(ours, dispute));
  const known = new Set(theirs.disputes.map(({ id }) => id));
  for (const { id } of ours.disputes) {
    if (!known.has(id)) problems.push(`dispute ${id} is here, and not there`);
  }
  return problems;
}

function checkDispute(ours: Ours, dispute: Dispute): string[] {
  const { id, payment_id, amount } = dispute;
  const row = ours.disputes.find((one) => one.id === id);
  if (row === undefined) return [`dispute ${id} was opened, and nobody here knows it`];
  const state = stateOf(dispute);
  const told = `${row.paymentId} ${row.paise} ${row.status}`;
  const real = `${payment_id} ${amount} ${state}`;
  const payment = ours.payments.find((one) => one.id === payment_id);
  const topup = ours.topups.find((one) => one.id === payment?.topupId);
  const isHeld = state === 'open' || state === 'lost';
  const isOurs = payment?.status === 'credited' && topup !== undefined;
  const expected = isOurs && isHeld ? -Math.round(amount / topup.rate) : 0;
  const { cents } = netOf(ours.entries, ({ disputeId }) => disputeId === id);
  return [
    ...(told === real ? [] : [`dispute ${id} is ${told} here, ${real} there`]),
    ...(cents === expected ? [] : [`dispute ${id} moved ${cents} cents, not ${expected}`]),
  ];
}
