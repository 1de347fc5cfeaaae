import { Refusal } from '@hourly/contract';
import { getStatement, type StatementPosition } from '@hourly/db';
import type { ServiceContext } from '@hourly/services';
import { respondWithPages } from './respond-with-pages.ts';
import type { Route } from './route.ts';

const pageSize = 1000;

/** The whole statement with its seals, oldest first, to be checked without us: docs/ledger.md says how. */
export const exportStatementRoute: Route = {
  method: 'GET',
  template: '/transactions',
  format: 'jsonl',
  isDownload: true,
  async answer(call) {
    const { caller, services } = call.context;
    if (caller === null) throw new Refusal('UNAUTHENTICATED');
    return respondWithPages(call, {
      pages: pagesOf(services, caller.accountId),
      type: 'application/jsonl',
      filename: 'hourly-statement.jsonl',
    });
  },
};

async function* pagesOf({ db }: Pick<ServiceContext, 'db'>, accountId: string) {
  let next: StatementPosition | null = null;
  do {
    const page = await getStatement(db, { accountId, next, limit: pageSize });
    yield page.text;
    next = page.next;
  } while (next !== null);
}
