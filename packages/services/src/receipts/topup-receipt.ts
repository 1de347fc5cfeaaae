import {
  formatBasisPoints,
  formatCents,
  formatIndianTime,
  formatPaise,
  type ReceiptDocument,
  type ReceiptFact,
  type ReceiptTable,
  stateName,
  stateTaxName,
} from '@hourly/contract';
import type { IncludedTax, Seller, TopupReceiptRecord } from '@hourly/db';
import { customerParty, sellerParty, testMark, testNote, timeNote } from './parties.ts';

type Tax = NonNullable<Seller['tax']>;

/**
 * The receipt of a paid top-up in words: a receipt voucher for an advance (rule 50 of India's Central Goods and Services Tax
 * Rules, 2017) when the seller has GST, else a plain one; with the refunds and disputes since.
 */
export function topupReceipt(
  record: TopupReceiptRecord,
  { customerName }: { customerName: string | null },
): ReceiptDocument {
  const { seller, number } = record;
  const tax = seller?.tax ?? null;
  const isTest = record.mode === 'test';
  const name = number?.replaceAll('/', '-') ?? record.topupId.slice(0, 8);
  return {
    title: tax === null ? 'Payment receipt' : 'Receipt voucher',
    number,
    mark: isTest ? testMark : null,
    at: record.issuedAt,
    seller: sellerParty(seller),
    customer: customerParty(record.userId, customerName),
    facts: factsOf(record, tax),
    tables: [
      paymentTable(record, tax),
      ...(record.refunds.length > 0 ? [refundTable(record, tax)] : []),
      ...(record.disputes.length > 0 ? [disputeTable(record)] : []),
    ],
    notes: notesOf(record, tax),
    signatory: isTest || tax === null ? null : (seller?.name ?? null),
    fileName: `hourly-${isTest ? 'test-' : ''}receipt-${name}`,
  };
}

function factsOf(record: TopupReceiptRecord, tax: Tax | null): ReceiptFact[] {
  const rate = formatPaise(record.inrPerUsd * 100);
  return [
    { name: 'Date', value: formatIndianTime(record.issuedAt) },
    { name: 'State', value: stateOf(record) },
    {
      name: 'Credited',
      value: `${formatCents(record.amountCents)} at ${rate} a dollar, the rate that this top-up locked`,
    },
    ...paymentFacts(record),
    ...(tax === null
      ? []
      : [
          { name: 'Place of supply', value: placeOf(tax) },
          { name: 'Tax on reverse charge', value: 'No' },
        ]),
    { name: 'Top-up', value: record.topupId },
  ];
}

const placeOf = ({ placeOfSupply }: Tax): string =>
  `${stateName(placeOfSupply)} (${placeOfSupply})`;

function paymentFacts({ mode, paymentId, orderId }: TopupReceiptRecord): ReceiptFact[] {
  if (mode === 'test') return [{ name: 'Payment', value: 'None: test mode' }];
  const ids = [paymentId, orderId].filter((id) => id !== null);
  return [{ name: 'Payment', value: ['Razorpay', ...ids].join(', ') }];
}

function stateOf({ status, refundedCents, disputes }: TopupReceiptRecord): string {
  if (disputes.some((dispute) => dispute.status === 'open')) return 'Paid, disputed';
  if (disputes.some((dispute) => dispute.status === 'lost')) return 'Paid, lost to a dispute';
  if (status === 'refunded') return 'Refunded';
  return refundedCents > 0 ? 'Paid, refunded in part' : 'Paid';
}

function paymentTable(record: TopupReceiptRecord, tax: Tax | null): ReceiptTable {
  const amount = formatPaise(record.amountInrPaise);
  const total = { name: 'Paid', value: `${amount} (${formatCents(record.amountCents)})` };
  const what = 'Advance for image generation by the hour: prepaid balance';
  if (tax === null) {
    return {
      title: 'Payment',
      columns: [{ name: 'Description' }, { name: 'Amount', isNumeric: true }],
      rows: [[what, amount]],
      totals: [total],
    };
  }
  return {
    title: 'Payment',
    columns: [{ name: 'Description' }, { name: 'SAC' }, { name: 'Amount', isNumeric: true }],
    rows: [[what, tax.sacCode, amount]],
    totals: [...(record.tax === null ? [] : taxLines(record.tax, tax)), total],
  };
}

function taxLines(parts: IncludedTax, tax: Tax): ReceiptTable['totals'] {
  return [
    { name: 'Taxable value', value: formatPaise(parts.taxablePaise) },
    ...taxesOf(parts, tax).map(({ name, basisPoints, paise }) => ({
      name: `${name} ${formatBasisPoints(basisPoints)}`,
      value: formatPaise(paise),
    })),
  ];
}

function taxesOf({ cgstPaise, sgstPaise, igstPaise }: IncludedTax, tax: Tax) {
  const state = tax.gstin.slice(0, 2);
  const half = tax.basisPoints / 2;
  return tax.placeOfSupply === state
    ? [
        { name: 'CGST', basisPoints: half, paise: cgstPaise },
        { name: stateTaxName(state), basisPoints: half, paise: sgstPaise },
      ]
    : [{ name: 'IGST', basisPoints: tax.basisPoints, paise: igstPaise }];
}

/** Refund vouchers (rule 51) as rows, with what is on its way. */
function refundTable(record: TopupReceiptRecord, tax: Tax | null): ReceiptTable {
  const rows = record.refunds.map((refund) => {
    const test = record.mode === 'test' ? 'TEST' : 'On its way';
    const taxCells =
      tax === null ? [] : refund.tax === null ? ['', ''] : refundTaxCells(refund.tax, tax);
    return [
      refund.number ?? test,
      formatIndianTime(refund.at),
      ...taxCells,
      `${formatPaise(refund.amountPaise)} (${formatCents(refund.amountCents)})`,
    ];
  });
  const paise = record.refunds.reduce((sum, { amountPaise }) => sum + amountPaise, 0);
  const refundedCents = record.refunds.reduce((sum, { amountCents }) => sum + amountCents, 0);
  return {
    title: 'Refunds since',
    columns: [
      { name: tax === null ? 'Number' : 'Refund voucher' },
      { name: 'Date' },
      ...(tax === null
        ? []
        : [
            { name: 'Taxable value', isNumeric: true },
            { name: 'Tax', isNumeric: true },
          ]),
      { name: 'Refunded', isNumeric: true },
    ],
    rows,
    totals: [
      { name: 'Left of the payment', value: formatPaise(record.amountInrPaise - paise) },
      { name: 'Refunded', value: `${formatPaise(paise)} (${formatCents(refundedCents)})` },
    ],
  };
}

const refundTaxCells = (parts: IncludedTax, tax: Tax): string[] => [
  formatPaise(parts.taxablePaise),
  taxesOf(parts, tax)
    .map(({ name, paise }) => `${name} ${formatPaise(paise)}`)
    .join('\n'),
];

const disputeStates = {
  open: 'Open: the bank holds the money',
  won: 'Won: the money came back',
  lost: 'Lost',
  closed: 'Closed: the money came back',
} as const satisfies Record<TopupReceiptRecord['disputes'][number]['status'], string>;

const disputeTable = ({ disputes }: TopupReceiptRecord): ReceiptTable => ({
  title: 'Disputes since',
  columns: [{ name: 'State' }, { name: 'Date' }, { name: 'Amount', isNumeric: true }],
  rows: disputes.map(({ status, at, amountPaise, amountCents }) => [
    disputeStates[status],
    formatIndianTime(at),
    `${formatPaise(amountPaise)} (${formatCents(amountCents)})`,
  ]),
  totals: [],
});

function notesOf(record: TopupReceiptRecord, tax: Tax | null): string[] {
  const { number, issuedAt, refunds } = record;
  const hasVouchers = tax !== null && number !== null && refunds.some((one) => one.number !== null);
  return [
    ...(record.mode === 'test' ? [testNote] : []),
    tax === null
      ? 'A receipt of a payment, no tax invoice.'
      : 'The amount includes tax. Each tax is rounded to the nearest paisa and the taxable value is what remains, so that the parts add up to the amount.',
    ...(hasVouchers
      ? [`The refund vouchers are of receipt voucher ${number} of ${formatIndianTime(issuedAt)}.`]
      : []),
    timeNote,
  ];
}
