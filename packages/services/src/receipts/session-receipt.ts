import {
  type Charge,
  formatCents,
  formatIndianTime,
  formatLength,
  microsOf,
  type ReceiptDocument,
  type ReceiptFact,
  type ReceiptTable,
  type Segment,
  type SessionDetail,
} from '@hourly/contract';
import type { SessionReceiptRecord } from '@hourly/db';
import { customerParty, sellerParty, testMark, testNote, timeNote } from './parties.ts';

/** More rows than anybody prints; the dashboard and the statement have all of them. */
const mostRows = 500;

/** What a session used and cost, in words. One that is not over says so. */
export function sessionReceipt(
  { mode, userId, seller, session }: SessionReceiptRecord,
  { customerName }: { customerName: string | null },
): ReceiptDocument {
  const isOver = session.endedAt !== null;
  const isTest = mode === 'test';
  return {
    title: isOver ? 'Usage summary' : 'Usage so far',
    number: null,
    mark: isTest ? testMark : isOver ? null : 'So far: this session is not over',
    at: session.endedAt ?? session.serverTime,
    seller: sellerParty(seller),
    customer: customerParty(userId, customerName),
    facts: factsOf(session),
    tables: [chargeTable(session), segmentTable(session)],
    notes: [
      ...(isTest ? [testNote] : []),
      'Paid from the prepaid balance. A summary of use, no tax invoice.',
      ...(Math.max(session.charges.length, session.segments.length) > mostRows
        ? [`Only the first ${mostRows} rows of each table are printed; the totals are of all.`]
        : []),
      timeNote,
    ],
    signatory: null,
    fileName: `hourly-${isTest ? 'test-' : ''}usage-${session.id.slice(0, 8)}`,
  };
}

function factsOf(session: SessionDetail): ReceiptFact[] {
  const { endedAt, pauseReason } = session;
  return [
    { name: 'Started', value: formatIndianTime(session.startedAt) },
    ...(endedAt === null
      ? [
          {
            name: session.status === 'paused' ? 'Paused' : 'Running',
            value: `at ${formatIndianTime(session.serverTime)}${pauseReason === null ? '' : `, ${pauses[pauseReason]}`}`,
          },
        ]
      : [{ name: 'Ended', value: `${formatIndianTime(endedAt)}, ${endOf(session)}` }]),
    { name: 'Plan', value: session.plan },
    { name: 'Price of an hour', value: formatCents(session.rateCents) },
    { name: 'Active time', value: formatLength(microsOf(session.activeSeconds)) },
    { name: 'Hours charged', value: String(session.hoursCharged) },
    { name: 'Generations', value: String(session.generationCount) },
    { name: 'Session', value: session.id },
  ];
}

const ends: Record<NonNullable<SessionDetail['endReason']>, string> = {
  user: 'by the customer',
  insufficient_balance: 'because the balance could not pay the next hour',
  max_hours: 'at the limit of hours that it was given',
  operator: 'by support',
};
const endOf = ({ endReason }: SessionDetail): string => ends[endReason ?? 'user'];

const pauses: Record<NonNullable<SessionDetail['pauseReason']>, string> = {
  user: 'by the customer',
  hour_end: 'because the paid hour was over',
  idle: 'because it was idle',
  frozen: 'because the balance was below zero',
};

const triggers: Record<Charge['trigger'], (hour: number) => string> = {
  start: () => 'Start of the session',
  resume: () => 'Resumed with no paid time left',
  settlement: (hour) => `Active time beyond hour ${hour - 1}`,
  call: (hour) => `Active time beyond hour ${hour - 1}`,
};

const chargeTable = ({ charges, costCents, hoursCharged }: SessionDetail): ReceiptTable => ({
  title: 'Charges',
  columns: [
    { name: 'Hour', isNumeric: true },
    { name: 'Due' },
    { name: 'Why' },
    { name: 'Balance', isNumeric: true },
    { name: 'Amount', isNumeric: true },
  ],
  rows: charges
    .slice(0, mostRows)
    .map((charge) => [
      String(charge.hour),
      formatIndianTime(charge.dueAt),
      triggers[charge.trigger](charge.hour),
      `${formatCents(charge.balanceBeforeCents)} → ${formatCents(charge.balanceAfterCents)}`,
      formatCents(charge.amountCents),
    ]),
  totals: [
    {
      name: `Total of ${hoursCharged} ${hoursCharged === 1 ? 'hour' : 'hours'}`,
      value: formatCents(costCents),
    },
  ],
});

const segmentTable = ({ segments, activeSeconds }: SessionDetail): ReceiptTable => ({
  title: 'Active time',
  columns: [{ name: 'From' }, { name: 'To' }, { name: 'Length', isNumeric: true }],
  rows: segments.slice(0, mostRows).map(segmentRow),
  totals: [{ name: 'Total', value: formatLength(microsOf(activeSeconds)) }],
});

const segmentRow = ({ startedAt, endedAt, seconds }: Segment): string[] => [
  formatIndianTime(startedAt),
  endedAt === null ? 'now' : formatIndianTime(endedAt),
  formatLength(microsOf(seconds)),
];
