import { type LedgerEntry, Refusal } from '@hourly/contract';
import { listTransactions } from '@hourly/db';
import { logFailure } from './respond.ts';
import type { RestCall, Route } from './route.ts';

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
] as const satisfies readonly (keyof LedgerEntry)[];

const pageSize = 100;

/** The whole statement as CSV, newest first, read page by page as fast as the customer takes it. */
export const exportTransactionsRoute: Route = {
  method: 'GET',
  template: '/transactions',
  format: 'csv',
  isDownload: true,
  answer: exportTransactions,
};

async function exportTransactions({ context, request }: RestCall): Promise<Response> {
  if (context.caller === null) throw new Refusal('UNAUTHENTICATED');
  const { accountId } = context.caller;
  const { db, log } = context.services;
  const read = (cursor: string | null) =>
    listTransactions(db, { accountId, page: { cursor, limit: pageSize } });
  // Read before the answer begins, so that a failure still has a status.
  let page = await read(null);
  let isFirst = true;
  const { requestId } = context;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        if (!isFirst) page = await read(page.nextCursor);
        const header = isFirst ? [columns.join(',')] : [];
        const lines = [...header, ...page.items.map(lineOf)].map((line) => `${line}\r\n`);
        isFirst = false;
        if (lines.length > 0) controller.enqueue(Buffer.from(lines.join('')));
        if (page.nextCursor === null) controller.close();
      } catch (error) {
        logFailure(log, { error, requestId, path: new URL(request.url).pathname });
        controller.error(new Error('the statement could not be read to its end'));
      }
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="hourly-transactions.csv"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
  });
}

const lineOf = (entry: LedgerEntry): string => columns.map((name) => cellOf(entry[name])).join(',');

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
