import { ledgerEntry, pageInput, pageOf, usage, usageInput } from '@hourly/contract';
import { getUsage, listTransactions } from '@hourly/db';
import { procedure, rest } from '../procedure.ts';

export const ledgerProcedures = {
  transactions: procedure
    .meta(rest('GET', '/transactions', 'Ledger', 'All ledger entries, newest first'))
    .input(pageInput)
    .output(pageOf(ledgerEntry))
    .query(({ ctx, input }) =>
      listTransactions(ctx.services.db, { accountId: ctx.caller.accountId, page: input }),
    ),

  usage: procedure
    .meta(rest('GET', '/usage', 'Ledger', 'Hours, cost and generations of each day'))
    .input(usageInput)
    .output(usage)
    .query(({ ctx, input }) =>
      getUsage(ctx.services.db, {
        accountId: ctx.caller.accountId,
        from: input?.from,
        to: input?.to,
        tz: input?.tz ?? 'UTC',
      }),
    ),
};
