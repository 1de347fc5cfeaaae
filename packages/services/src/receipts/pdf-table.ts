import type { ReceiptTable } from '@hourly/contract';
import { bodyWidth, ink, type Pen, sheet, type TextStyle } from './pdf-sheet.ts';

const gap = 14;
const rowPadding = 5;
/** Wider columns than this wrap. */
const widestNatural = 220;

/** Draws a table over as many pages as it takes, its head on each of them. */
export function drawTable(pen: Pen, table: ReceiptTable, widthOf: (text: string) => number): void {
  const widths = columnWidths(table, widthOf);
  const cells = (row: readonly string[], style: Pick<TextStyle, 'color' | 'font' | 'size'>) =>
    placed(table, widths, row).map(({ text, ...place }) => ({
      text,
      style: { ...place, ...style },
    }));
  const draw = (row: readonly string[], style: Pick<TextStyle, 'color' | 'font' | 'size'>) => {
    const heights = cells(row, style).map(({ text, style: of }) => pen.write(text, of));
    pen.y += Math.max(...heights) + rowPadding;
    pen.line();
    pen.y += rowPadding;
  };
  const drawHead = () =>
    draw(
      table.columns.map(({ name }) => name),
      { color: ink.soft, size: 8 },
    );

  pen.need(90);
  pen.y +=
    pen.write(table.title, { x: sheet.margin, width: bodyWidth, font: 'strong', size: 11 }) + 8;
  drawHead();
  for (const row of table.rows) {
    const heights = cells(row, {}).map(({ text, style }) => pen.measure(text, style));
    if (pen.need(Math.max(...heights) + 2 * rowPadding)) drawHead();
    draw(row, {});
  }
  drawTotals(pen, table);
  pen.y += 12;
}

function drawTotals(pen: Pen, { totals }: ReceiptTable): void {
  const x = sheet.margin + bodyWidth / 2;
  pen.need(totals.length * 18);
  for (const [index, { name, value }] of totals.entries()) {
    const isLast = index === totals.length - 1;
    const style = { font: isLast ? 'strong' : 'regular', size: isLast ? 10 : 9 } as const;
    pen.write(name, { x, width: 110, color: isLast ? ink.strong : ink.soft, ...style });
    const valueStyle = {
      x: x + 110,
      width: bodyWidth / 2 - 110,
      align: 'right',
      ...style,
    } as const;
    pen.y += pen.write(value, valueStyle) + rowPadding;
  }
}

/** As wide as what stands in them; what is left goes to the columns of text, what is missing is taken from the widest. */
function columnWidths(
  { columns, rows }: ReceiptTable,
  widthOf: (text: string) => number,
): number[] {
  const natural = columns.map(({ name }, index) => {
    const texts = [name, ...rows.map((row) => row[index] ?? '')];
    const lines = texts.flatMap((text) => text.split('\n'));
    return Math.min(widestNatural, Math.max(...lines.map(widthOf)) + 1);
  });
  const free = bodyWidth - gap * (columns.length - 1) - natural.reduce((sum, one) => sum + one, 0);
  const takes =
    free >= 0
      ? Math.max(
          0,
          columns.findIndex(({ isNumeric }) => isNumeric !== true),
        )
      : natural.indexOf(Math.max(...natural));
  return natural.map((width, index) => (index === takes ? Math.max(40, width + free) : width));
}

function placed({ columns }: ReceiptTable, widths: readonly number[], row: readonly string[]) {
  let x: number = sheet.margin;
  return columns.map(({ isNumeric }, index) => {
    const width = widths[index] ?? 0;
    const place = {
      text: row[index] ?? '',
      x,
      width,
      align: isNumeric ? ('right' as const) : ('left' as const),
    };
    x += width + gap;
    return place;
  });
}
