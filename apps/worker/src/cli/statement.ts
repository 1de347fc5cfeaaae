import { mode } from '@hourly/contract';
import { getStatement, type StatementPosition } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { accountOf } from './lookup.ts';

const pageSize = 1000;

export const statement = defineCommand({
  name: 'statement',
  usage: 'USER [--mode live|test]',
  summary: "prints a customer's whole ledger with its seals, as lines of JSON",
  options: { mode: { type: 'string' } },
  positionals: ['user'],
  input: z.object({ user: z.string().min(1), mode: mode.default('live') }),
  async run(cli, input) {
    const db = cli.db();
    const accountId = await accountOf(db, input.user, input.mode);
    let next: StatementPosition | null = null;
    do {
      const page = await getStatement(db, { accountId, next, limit: pageSize });
      if (!(await cli.print(page.text.trimEnd()))) break;
      next = page.next;
    } while (next !== null);
    return { text: null };
  },
});
