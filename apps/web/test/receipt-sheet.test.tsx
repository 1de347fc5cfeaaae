import type { ReceiptDocument } from '@hourly/contract';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ReceiptSheet } from '../src/components/receipts/receipt-sheet.tsx';

const document: ReceiptDocument = {
  title: 'Receipt voucher',
  number: 'RV/26-27/000042',
  mark: 'TEST – not a receipt',
  at: '2026-11-22T10:00:00.000Z',
  seller: { name: 'Hourly Labs', lines: ['12 MG Road', 'GSTIN 27AAPFU0939F1ZV'] },
  customer: { name: '<script>alert(1)</script>', lines: ['Customer user_1'] },
  facts: [{ name: 'Date', value: '22 Nov 2026, 15:30:00 IST' }],
  tables: [
    {
      title: 'Payment',
      columns: [{ name: 'Description' }, { name: 'Amount', isNumeric: true }],
      rows: [
        ['Advance', '₹1,00,000.00'],
        ['Advance', '₹1,00,000.00'],
      ],
      totals: [{ name: 'Paid', value: '₹2,00,000.00' }],
    },
  ],
  notes: ['Times are those of India.'],
  signatory: 'Hourly Labs',
  fileName: 'x',
};

test('the sheet shows every word of a receipt, and runs none', () => {
  const html = renderToStaticMarkup(<ReceiptSheet document={document} />);
  for (const words of [
    'Receipt voucher',
    'RV/26-27/000042',
    'TEST – not a receipt',
    'GSTIN 27AAPFU0939F1ZV',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '22 Nov 2026, 15:30:00 IST',
    '₹2,00,000.00',
    'Times are those of India.',
    'Authorised signatory',
  ]) {
    expect(html).toContain(words);
  }
  expect(html.match(/₹1,00,000\.00/g)).toHaveLength(2);
  expect(html).not.toContain('<script');
});

test('what a receipt does not have is not shown', () => {
  const html = renderToStaticMarkup(
    <ReceiptSheet document={{ ...document, number: null, mark: null, signatory: null }} />,
  );
  expect(html).not.toMatch(/receipt-mark|receipt-number|signatory/);
});
