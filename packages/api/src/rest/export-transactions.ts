import { type LedgerEntry, Refusal } from '@hourly/contract';
import { getEntryPaise, listTransactions } from '@hourly/db';
import type { ServiceContext } from '@hourly/services';
import { respondWithPages } from './respond-with-pages.ts';
import type { Route } from './route.ts';

const columns = [
  'entryNo',
  'type',
  'amountCents',
  'balanceAfterCents',
  'sessionId',
  'hour',
  'topupId',
  'effectiveAt',
  'createdAt',
  'description',
  'amountInrPaise',
] as const satisfies readonly (keyof StatementLine)[];

interface StatementLine extends LedgerEntry {
  /** The rupees that were paid or paid back, signed; null for entries that moved none, such as hours. */
  amountInrPaise: number | null;
}

const pageSize = 100;

/**
 * The whole statement as CSV (RFC 4180, UTF-8), newest first, read page by page as fast as the customer takes it: amounts in
 * cents and paise, times in ISO 8601.
 */
export const exportTransactionsRoute: Route = {
  method: 'GET',
  template: '/transactions',
  format: 'csv',
  isDownload: true,
  async answer(call) {
    const { caller, services } = call.context;
    if (caller === null) throw new Refusal('UNAUTHENTICATED');
    return respondWithPages(call, {
      pages: pagesOf(services, caller.accountId),
      type: 'text/csv',
      filename: 'hourly-transactions.csv',
    });
  },
};

async function* pagesOf({ db }: Pick<ServiceContext, 'db'>, accountId: string) {
  let lines = [columns.join(',')];
  let cursor: string | null = null;
  do {
    const page = await listTransactions(db, { accountId, page: { cursor, limit: pageSize } });
    lines.push(...(await withPaise(db, accountId, page.items)).map(lineOf));
    yield lines.map((line) => `${line}\r\n`).join('');
    lines = [];
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function withPaise(
  db: ServiceContext['db'],
  accountId: string,
  entries: readonly LedgerEntry[],
): Promise<StatementLine[]> {
  const [newest, oldest] = [entries.at(0), entries.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const numbers = { firstNo: oldest.entryNo, lastNo: newest.entryNo };
  const paise = await getEntryPaise(db, { accountId, ...numbers });
  return entries.map((entry) => ({ ...entry, amountInrPaise: paise[entry.entryNo] ?? null }));
}

const lineOf = (entry: StatementLine): string =>
  columns.map((name) => cellOf(entry[name])).join(',');

/**
 * One cell by RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay as
 * they are. Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
