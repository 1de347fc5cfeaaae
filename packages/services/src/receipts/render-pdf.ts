import { readFile } from 'node:fs/promises';
import {
  printableText,
  type ReceiptDocument,
  type ReceiptParty,
  type ReceiptTable,
} from '@hourly/contract';
import { bodyWidth, createPen, ink, type Pen, sheet } from './pdf-sheet.ts';
import { drawTable } from './pdf-table.ts';

/**
 * Geist (SIL Open Font License 1.1, fonts/OFL.txt) has the sign of the rupee, which no built-in font of PDF has. Each PDF
 * carries the letters that it uses. Bundlers find files by exactly this form of address.
 */
const fontFiles = {
  regular: new URL('./fonts/Geist-Regular.ttf', import.meta.url),
  strong: new URL('./fonts/Geist-SemiBold.ttf', import.meta.url),
};
let fonts: Promise<{ regular: Buffer; strong: Buffer }> | undefined;

/** A receipt as a PDF of A4 pages; the same document is always the same bytes. */
export async function renderReceiptPdf(receipt: ReceiptDocument): Promise<Buffer> {
  const document = printable(receipt);
  // Loaded when the first one is asked for: most processes never write any.
  const { default: PDFDocument } = await import('pdfkit');
  fonts ??= readFonts();
  const { regular, strong } = await fonts;
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    // Null instead of Helvetica, which would be read from the package's files and never used.
    font: null as unknown as string,
    lang: 'en-IN',
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: [document.title, document.number].filter((part) => part !== null).join(' '),
      Author: document.seller.name,
      CreationDate: new Date(document.at),
    },
  });
  pdf.registerFont('regular', regular);
  pdf.registerFont('strong', strong);
  draw(pdf, document);
  return await bytesOf(pdf);
}

async function readFonts(): Promise<{ regular: Buffer; strong: Buffer }> {
  const [regular, strong] = await Promise.all([
    readFile(fontFiles.regular),
    readFile(fontFiles.strong),
  ]);
  return { regular, strong };
}

function draw(pdf: PDFKit.PDFDocument, document: ReceiptDocument): void {
  const pen = createPen(pdf, { onNewPage: () => drawMark(pen, document) });
  const widthOf = (text: string) => pdf.font('regular').fontSize(9).widthOfString(text);
  drawMark(pen, document);
  drawHead(pen, document);
  drawParties(pen, document);
  drawFacts(pen, document);
  for (const table of document.tables) drawTable(pen, table, widthOf);
  drawEnd(pen, document);
  drawFooters(pdf, pen, document);
}

/** On every page: a page that gets lost must not look like what it is not. */
function drawMark(pen: Pen, { mark }: ReceiptDocument): void {
  if (mark === null) return;
  const style = { x: sheet.margin, width: bodyWidth, font: 'strong', size: 13 } as const;
  pen.y += pen.write(mark, { ...style, color: ink.mark }) + 14;
}

function drawHead(pen: Pen, { title, number }: ReceiptDocument): void {
  const half = bodyWidth / 2;
  const height = pen.write(title, { x: sheet.margin, width: half, font: 'strong', size: 20 });
  if (number !== null) {
    pen.y += 6;
    const style = { x: sheet.margin + half, width: half, font: 'strong', size: 12 } as const;
    pen.write(number, { ...style, align: 'right' });
    pen.y -= 6;
  }
  pen.y += height + 8;
  pen.line();
  pen.y += 12;
}

function drawParties(pen: Pen, { seller, customer }: ReceiptDocument): void {
  const width = bodyWidth / 2 - 12;
  const from = drawParty(pen, 'From', seller, { x: sheet.margin, width });
  const to = drawParty(pen, 'To', customer, { x: sheet.margin + bodyWidth / 2 + 12, width });
  pen.y += Math.max(from, to) + 14;
}

function drawParty(
  pen: Pen,
  label: string,
  { name, lines }: ReceiptParty,
  place: { x: number; width: number },
): number {
  const top = pen.y;
  pen.y += pen.write(label, { ...place, color: ink.soft, size: 8 }) + 3;
  pen.y += pen.write(name, { ...place, font: 'strong', size: 10 }) + 2;
  for (const line of lines) pen.y += pen.write(line, { ...place, color: ink.soft });
  const height = pen.y - top;
  pen.y = top;
  return height;
}

function drawFacts(pen: Pen, { facts }: ReceiptDocument): void {
  for (const { name, value } of facts) {
    const style = { x: sheet.margin + 120, width: bodyWidth - 120 };
    pen.need(pen.measure(value, style) + 4);
    pen.write(name, { x: sheet.margin, width: 110, color: ink.soft });
    pen.y += pen.write(value, style) + 4;
  }
  pen.y += 12;
}

function drawEnd(pen: Pen, { notes, signatory }: ReceiptDocument): void {
  const style = { x: sheet.margin, width: bodyWidth, color: ink.soft, size: 8 };
  for (const note of notes) {
    pen.need(pen.measure(note, style) + 3);
    pen.y += pen.write(note, style) + 3;
  }
  if (signatory === null) return;
  pen.need(68);
  pen.y += 14;
  const place = { x: sheet.margin + bodyWidth / 2, width: bodyWidth / 2, align: 'right' } as const;
  pen.y += pen.write(`For ${signatory}`, place) + 26;
  pen.write('Authorised signatory', { ...place, color: ink.soft });
}

function drawFooters(pdf: PDFKit.PDFDocument, pen: Pen, document: ReceiptDocument): void {
  const { start, count } = pdf.bufferedPageRange();
  const name = [document.seller.name, document.title, document.number].filter(Boolean).join(' · ');
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    pen.y = sheet.footerTop;
    const style = { x: sheet.margin, width: bodyWidth, color: ink.soft, size: 8 };
    pen.write(name, { ...style, width: bodyWidth - 90 });
    pen.write(`Page ${page + 1} of ${count}`, { ...style, align: 'right' });
  }
}

/** Every text of it as the font can show it. */
const printable = (document: ReceiptDocument): ReceiptDocument => ({
  ...document,
  seller: printableParty(document.seller),
  customer: printableParty(document.customer),
  facts: document.facts.map(({ name, value }) => ({ name, value: printableText(value) })),
  tables: document.tables.map(printableTable),
  signatory: document.signatory === null ? null : printableText(document.signatory),
});

const printableParty = ({ name, lines }: ReceiptParty): ReceiptParty => ({
  name: printableText(name),
  lines: lines.map(printableText),
});

const printableTable = (table: ReceiptTable): ReceiptTable => ({
  ...table,
  rows: table.rows.map((row) => row.map(printableText)),
});

async function bytesOf(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  pdf.end();
  for await (const chunk of pdf) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
