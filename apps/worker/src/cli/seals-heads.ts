import { listLedgerHeads } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';

const pageSize = 1000;

export const sealsHeads = defineCommand({
  name: 'seals heads',
  usage: '',
  summary: "prints every ledger's newest seal, to be kept elsewhere, as lines of JSON",
  input: z.object({}),
  async run(cli) {
    const db = cli.db();
    let afterAccountId: string | undefined;
    do {
      const page = await listLedgerHeads(db, { afterAccountId, limit: pageSize });
      const lines = page.heads.map(({ ledgerId, sealNo, lastEntryNo, hash, sealedAt }) =>
        JSON.stringify({ ledgerId, sealNo, lastEntryNo, hash, sealedAt }),
      );
      if (lines.length > 0 && !(await cli.print(lines.join('\n')))) break;
      afterAccountId = page.nextAccountId ?? undefined;
    } while (afterAccountId !== undefined);
    return { text: null };
  },
});
