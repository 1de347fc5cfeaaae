import { isPrintable, type ReceiptDocument } from '@hourly/contract';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, test } from 'vitest';
import { renderReceiptPdf } from '../../src/index.ts';

const document: ReceiptDocument = {
  title: 'Receipt voucher',
  number: 'RV/26-27/000042',
  mark: null,
  at: '2026-11-22T10:00:00.000Z',
  seller: { name: 'Hourly Labs Private Limited', lines: ['12 MG Road', 'GSTIN 27AAPFU0939F1ZV'] },
  customer: { name: 'Rémi Žižka', lines: ['Customer user_1'] },
  facts: [
    { name: 'Date', value: '22 Nov 2026, 15:30:00 IST' },
    { name: 'Credited', value: '$1,20,481.93 at ₹83.00 a dollar' },
  ],
  tables: [
    {
      title: 'Payment',
      columns: [{ name: 'Description' }, { name: 'Amount', isNumeric: true }],
      rows: [['Advance – prepaid balance', '₹1,00,000.00']],
      totals: [
        { name: 'Taxable value', value: '₹84,745.76' },
        { name: 'Paid', value: '₹1,00,000.00 ($1,204.81)' },
      ],
    },
  ],
  notes: ['Times are those of India.'],
  signatory: 'Hourly Labs Private Limited',
  fileName: 'x',
};

async function textOf(pdf: Buffer): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)));
  return text;
}
const pageOf = async (of: ReceiptDocument): Promise<string> =>
  (await textOf(await renderReceiptPdf(of))).join('\n');

describe('the PDF of a receipt', () => {
  test('has every word of it, and rupees as rupees', async () => {
    const pdf = await renderReceiptPdf(document);
    expect(pdf.subarray(0, 8).toString('latin1')).toBe('%PDF-1.7');
    const [text = '', ...more] = await textOf(pdf);
    expect(more).toEqual([]);
    for (const words of [
      'Receipt voucher',
      'RV/26-27/000042',
      'Hourly Labs Private Limited',
      'GSTIN 27AAPFU0939F1ZV',
      'Rémi Žižka',
      '$1,20,481.93 at ₹83.00 a dollar',
      'Advance – prepaid balance',
      '₹84,745.76',
      '₹1,00,000.00 ($1,204.81)',
      'Times are those of India.',
      'Authorised signatory',
      'Page 1 of 1',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('carries the letters that it uses, and no more of the font', async () => {
    const pdf = await renderReceiptPdf(document);
    const source = pdf.toString('latin1');
    const names = new Set(source.match(/\/BaseFont \/\S+/g));
    expect([...names].sort()).toEqual([
      expect.stringMatching(/\/BaseFont \/[A-Z]{6}\+Geist-(Regular|SemiBold)$/),
      expect.stringMatching(/\/BaseFont \/[A-Z]{6}\+Geist-(Regular|SemiBold)$/),
    ]);
    expect(source.match(/\/FontFile2/g)?.length).toBe(2);
    expect(pdf.byteLength).toBeLessThan(40_000);
  });

  test('is the same bytes each time', async () => {
    expect(await renderReceiptPdf(document)).toEqual(await renderReceiptPdf(document));
  });

  test('has a glyph for every letter that counts as printable', async () => {
    const letters = Array.from({ length: 0x2300 }, (_, code) => String.fromCodePoint(code)).filter(
      (letter) => letter !== '\n' && letter.trim() !== '' && isPrintable(letter),
    );
    expect(letters.length).toBeGreaterThan(400);
    const lines = letters.map((letter) => `<${letter}>`);
    // Micro sign and mu are one glyph, which reads as either.
    const text = (await pageOf({ ...document, notes: lines })).normalize('NFKC');
    const missing = lines.filter((line) => !text.includes(line.normalize('NFKC')));
    expect(missing).toEqual([]);
  });

  test('shows a question mark where the font has nothing', async () => {
    const text = await pageOf({
      ...document,
      customer: { name: 'रेमी 日本', lines: [] },
      notes: ['नोट'],
    });
    expect(text).toContain('???? ??');
    expect(text).not.toMatch(/\p{Script=Devanagari}/u);
  });

  test('repeats the mark and the head of a table on every page, and numbers them', async () => {
    const rows = Array.from({ length: 120 }, (_, hour) => [`Hour ${hour + 1}`, '₹1.00']);
    const [table] = document.tables;
    if (table === undefined) throw new Error('no table');
    const long = { ...document, mark: 'TEST – not a receipt', tables: [{ ...table, rows }] };
    const pages = await textOf(await renderReceiptPdf(long));
    expect(pages.length).toBeGreaterThan(3);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('TEST – not a receipt');
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
    }
    expect(pages[1]).toContain('Description');
    const hours = pages.join('\n').match(/Hour \d+/g);
    expect(hours).toEqual(rows.map(([name]) => name));
  });

  test('wraps what is too long for its place', async () => {
    const words = Array.from({ length: 60 }, (_, index) => `word${index}`);
    const text = await pageOf({
      ...document,
      seller: { name: words.slice(0, 20).join(' '), lines: [] },
      facts: [{ name: 'Long', value: words.slice(20, 40).join(' ') }],
      tables: [
        {
          title: 'Table',
          columns: [{ name: 'Text' }, { name: 'Amount', isNumeric: true }],
          rows: [[words.slice(40).join(' '), '₹1.00']],
          totals: [],
        },
      ],
    });
    for (const word of words) expect(text).toMatch(new RegExp(`\\b${word}\\b`));
  });
});
