/** A page of A4 in points, and what stands on it. */
export const sheet = {
  width: 595.28,
  height: 841.89,
  margin: 48,
  /** Below it, only the footer. */
  bottom: 841.89 - 56,
  footerTop: 841.89 - 42,
} as const;

export const bodyWidth = sheet.width - 2 * sheet.margin;

export const ink = {
  strong: '#1a1a18',
  soft: '#5d5c58',
  line: '#d9d8d4',
  mark: '#b42318',
} as const;

export type Font = 'regular' | 'strong';

export interface TextStyle {
  x: number;
  width: number;
  size?: number;
  font?: Font;
  color?: string;
  align?: 'left' | 'right';
}

type Pdf = PDFKit.PDFDocument;

/** Between lines, in parts of the letters' size. */
const lineGap = 0.22;

/** A pen that goes down the pages of a PDF and begins a new one where the next thing does not fit. */
export interface Pen {
  y: number;
  /** Writes at the pen's height without moving it, over several lines if need be; answers the height that the text takes. */
  write(text: string, style: TextStyle): number;
  /** The height that a text would take. */
  measure(text: string, style: TextStyle): number;
  line(options?: { from?: number; to?: number }): void;
  /** Begins a new page unless so much is left on this one; answers whether it did. */
  need(height: number): boolean;
}

export function createPen(pdf: Pdf, { onNewPage }: { onNewPage: () => void }): Pen {
  const choose = ({ size = 9, font = 'regular', color = ink.strong }: TextStyle) =>
    pdf.font(font).fontSize(size).fillColor(color);
  const wrapped = ({ size = 9, width, align = 'left' }: TextStyle) => ({
    width,
    align,
    lineGap: size * lineGap,
  });
  const lineHeight = ({ size = 9 }: TextStyle) => pdf.currentLineHeight() + size * lineGap;
  /** Whatever fits, as nearly everything does, is not laid out to see where it breaks. */
  const fits = (line: string, { width }: TextStyle) => pdf.widthOfString(line) <= width;
  const heightOf = (line: string, style: TextStyle) =>
    fits(line, style) ? lineHeight(style) : pdf.heightOfString(line, wrapped(style));
  const pen: Pen = {
    y: sheet.margin,
    measure(text, style) {
      choose(style);
      return text.split('\n').reduce((height, line) => height + heightOf(line, style), 0);
    },
    write(text, style) {
      choose(style);
      let height = 0;
      for (const line of text.split('\n')) {
        const y = pen.y + height;
        if (fits(line, style)) {
          const left = style.align === 'right' ? style.width - pdf.widthOfString(line) : 0;
          pdf.text(line, style.x + left, y, { lineBreak: false });
        } else {
          // Its own page breaks are never wanted: everything that is written was measured.
          pdf.text(line, style.x, y, { ...wrapped(style), height: heightOf(line, style) + 1 });
        }
        height += heightOf(line, style);
      }
      return height;
    },
    line({ from = sheet.margin, to = sheet.margin + bodyWidth } = {}) {
      pdf.moveTo(from, pen.y).lineTo(to, pen.y).lineWidth(0.6).strokeColor(ink.line).stroke();
    },
    need(height) {
      if (pen.y + height <= sheet.bottom) return false;
      pdf.addPage();
      pen.y = sheet.margin;
      onNewPage();
      return true;
    },
  };
  return pen;
}
