/** A receipt in words, the same for a page and a PDF: whoever shows it only lays it out. */
export interface ReceiptDocument {
  /** `Receipt voucher` */
  title: string;
  /** `RV/26-27/000042`; null where nothing is numbered. */
  number: string | null;
  /** What nobody may overlook: `TEST – not a receipt`, `So far`. Null when there is nothing of the kind. */
  mark: string | null;
  /** The instant that it is about, ISO 8601. */
  at: string;
  seller: ReceiptParty;
  customer: ReceiptParty;
  facts: ReceiptFact[];
  tables: ReceiptTable[];
  notes: string[];
  /** Whose signature stands below; null: nobody's. */
  signatory: string | null;
  /** Without extension: letters, digits and hyphens. */
  fileName: string;
}

export interface ReceiptParty {
  name: string;
  lines: string[];
}

export interface ReceiptFact {
  name: string;
  value: string;
}

export interface ReceiptTable {
  title: string;
  columns: { name: string; isNumeric?: boolean }[];
  /** As many cells as there are columns. */
  rows: string[][];
  /** Below the rows, the last one strongest: what they come to. */
  totals: { name: string; value: string }[];
}

const rupees = new Intl.NumberFormat('en-IN', {
  style: 'currency',
  currency: 'INR',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const dollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

/** `830000` → `₹8,300.00`, grouped as in India: `10000000` → `₹1,00,000.00`. */
export const formatPaise = (paise: number): string => rupees.format(paise / 100);

/** `10000` → `$100.00` */
export const formatCents = (cents: number): string => dollars.format(cents / 100);

/** `1800` → `18%`, `25` → `0.25%` */
export const formatBasisPoints = (basisPoints: number): string => `${basisPoints / 100}%`;

const indianTime = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Kolkata',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** An instant on paper, where no reader's time zone is known: `22 Nov 2026, 15:30:00 IST`. */
export const formatIndianTime = (instant: string): string =>
  `${indianTime.format(new Date(instant))} IST`;

/** The letters that the receipts' font has, and that people's names and addresses are likely to need. */
const printable =
  /^[ -~\u00a0-\u00ac\u00ae-\u0113\u0116-\u012b\u012e-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u014d\u0150-\u017e\u0218-\u021b\u0400-\u045f–—‘’“”•…₹€→−\n]*$/u;

/** Can a receipt's PDF show all of this text? Latin and Cyrillic letters, digits, punctuation and ₹. */
export const isPrintable = (text: string): boolean => printable.test(text.normalize('NFC'));

/** The text as a receipt's PDF can show it: a question mark stands for what its font does not have. */
export const printableText = (text: string): string =>
  [...text.normalize('NFC')].map((letter) => (isPrintable(letter) ? letter : '?')).join('');
