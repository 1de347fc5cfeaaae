import { formatLength, microsOf } from './explain-length.ts';
import { formatUsd } from './money.ts';
import type { Charge, Segment, SessionDetail } from './session.ts';

const HOUR_SECONDS = 3600;

/**
 * Tells in plain words, line by line, why each hour of a session was charged: when and why it was due, which active time
 * it pays for, and what it did to the balance, so that a customer can check the arithmetic by hand. Says how the
 * session stands and what it cost. All figures are those of `detail`; times are UTC.
 */
export function explainSession(detail: SessionDetail): string {
  return [
    `Session ${detail.id}: ${detail.plan}, ${formatUsd(detail.rateCents)} an hour. Times are UTC.`,
    ...limitLines(detail),
    `Started ${dateAndTime(detail.startedAt)}. ${stateOf(detail)}`,
    ...hourLines(detail),
    '',
    ...totalLines(detail),
  ].join('\n');
}

function limitLines({ maxHours, hourEnd, autoPauseMinutes }: SessionDetail): string[] {
  const limits = [
    ...(maxHours === null ? [] : [`ends after ${count(maxHours, 'hour')} of active time`]),
    ...(hourEnd === 'pause' ? ['pauses at the end of every paid hour'] : []),
    ...(autoPauseMinutes === null
      ? []
      : [`pauses after ${count(autoPauseMinutes, 'idle minute')}`]),
  ];
  return limits.length === 0 ? [] : [`Limits: ${limits.join('; ')}.`];
}

function stateOf(detail: SessionDetail): string {
  const stoppedAt = detail.segments.at(-1)?.endedAt ?? null;
  if (detail.endedAt !== null) {
    const isAfterPause = stoppedAt !== null && stoppedAt !== detail.endedAt;
    const pause = isAfterPause ? `, paused since ${dateAndTime(stoppedAt)}` : '';
    return `Ended ${dateAndTime(detail.endedAt)} ${endOf(detail)}${pause}.`;
  }
  if (detail.status === 'paused') {
    return `Paused${stoppedAt === null ? '' : ` since ${dateAndTime(stoppedAt)}`} ${pauseOf(detail)}.`;
  }
  const through =
    detail.paidThrough === null ? '' : `, paid through ${dateAndTime(detail.paidThrough)}`;
  return `Running at ${dateAndTime(detail.serverTime)}${through}.`;
}

function endOf({ endReason, hoursCharged }: SessionDetail): string {
  switch (endReason) {
    case 'insufficient_balance':
      return 'when the paid time ran out, because the balance could not pay another hour';
    case 'max_hours':
      return `when the paid time ran out, because ${count(hoursCharged, 'hour')} is the limit it was given`;
    case 'operator':
      return 'by the operator';
    default:
      return 'by the customer';
  }
}

function pauseOf({ pauseReason, autoPauseMinutes }: SessionDetail): string {
  switch (pauseReason) {
    case 'hour_end':
      return 'because the paid hour was over';
    case 'idle':
      return `because it was idle for ${count(autoPauseMinutes ?? 0, 'minute')}`;
    case 'frozen':
      return 'because the balance fell below zero';
    default:
      return 'by the customer';
  }
}

function hourLines(detail: SessionDetail): string[] {
  const startHours = detail.charges.filter(({ trigger }) => trigger === 'start').length;
  let costCents = 0;
  let activeUs = 0;
  let balanceCents: number | undefined;
  const lines: string[] = [];
  for (const charge of detail.charges) {
    costCents += charge.amountCents;
    lines.push(
      '',
      `Hour ${charge.hour}: ${formatUsd(charge.amountCents)}, ${formatUsd(costCents)} so far`,
      `  due      ${dateAndTime(charge.dueAt)}, because ${reasonOf(charge, startHours)}`,
    );
    let label = 'pays for';
    for (const segment of charge.segments) {
      activeUs += microsOf(segment.seconds);
      lines.push(`  ${label} ${stretch(segment)}, ${formatLength(activeUs)} so far`);
      label = '        ';
    }
    if (charge.segments.length === 0) {
      lines.push(`  pays for no active time${detail.status === 'ended' ? '' : ' yet'}`);
    }
    lines.push(...otherEntryLines(balanceCents, charge), balanceLine(charge));
    balanceCents = charge.balanceAfterCents;
  }
  return lines;
}

function reasonOf({ trigger, hour }: Charge, startHours: number): string {
  const before = count(hour - 1, 'hour');
  switch (trigger) {
    case 'start':
      return `a start charges the first ${startHours === 1 ? 'hour' : count(startHours, 'hour')} at once`;
    case 'resume':
      return 'a resume with no paid time left charges the next hour at once';
    case 'settlement':
      return `active time went beyond ${before}; booked by the regular settlement`;
    case 'call':
      return `active time went beyond ${before}; booked when the account was next used or shown`;
  }
}

const stretch = (segment: Segment): string =>
  `${dateAndTime(segment.startedAt)} ${until(segment)}: ${formatLength(microsOf(segment.seconds))}`;

function until({ startedAt, endedAt }: Segment): string {
  if (endedAt === null) return 'until now';
  return `to ${endedAt.slice(0, 10) === startedAt.slice(0, 10) ? time(endedAt) : dateAndTime(endedAt)}`;
}

/** Between two hours, the ledger may hold rows of other kinds: the balances would seem not to fit. */
function otherEntryLines(balanceCents: number | undefined, charge: Charge): string[] {
  if (balanceCents === undefined || balanceCents === charge.balanceBeforeCents) return [];
  const change = charge.balanceBeforeCents - balanceCents;
  const signed = `${change < 0 ? '-' : '+'}${formatUsd(Math.abs(change))}`;
  return [
    `  before   ${formatUsd(balanceCents)} became ${formatUsd(charge.balanceBeforeCents)} by other entries (${signed})`,
  ];
}

const balanceLine = (charge: Charge): string =>
  `  balance  ${formatUsd(charge.balanceBeforeCents)} - ${formatUsd(charge.amountCents)} = ` +
  `${formatUsd(charge.balanceAfterCents)} (entry ${charge.entryNo})`;

function totalLines(detail: SessionDetail): string[] {
  const { activeSeconds, hoursCharged, rateCents, costCents } = detail;
  const activeUs = microsOf(activeSeconds);
  const price = `${count(hoursCharged, 'hour')} x ${formatUsd(rateCents)} = ${formatUsd(costCents)}`;
  return [
    `Total: ${price} for ${formatLength(activeUs)} of active time.`,
    unusedLine(detail, microsOf(hoursCharged * HOUR_SECONDS) - activeUs),
  ];
}

function unusedLine({ status }: SessionDetail, unusedUs: number): string {
  const left = formatLength(unusedUs);
  switch (status) {
    case 'active':
      return `Paid and not used yet: ${left}.`;
    case 'paused':
      return unusedUs === 0
        ? 'No paid time is left: a resume charges the next hour.'
        : `Paid and not used yet: ${left}, kept for a resume.`;
    case 'ended':
      return unusedUs === 0
        ? 'All of the paid time was used.'
        : `Paid and not used: ${left}, because hours are charged in full.`;
  }
}

const dateAndTime = (instant: string): string => `${instant.slice(0, 10)} ${time(instant)}`;

/** To the second, or to the millisecond where there are any. */
const time = (instant: string): string => instant.slice(11, 23).replace(/\.000$/, '');

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;
