import { explainSession } from '@hourly/contract';
import { getSession } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { accountOfSession } from './lookup.ts';

export const explain = defineCommand({
  name: 'explain',
  usage: 'SESSION',
  summary: 'shows why each hour of a session was charged',
  positionals: ['session'],
  input: z.object({ session: z.string() }),
  async run(cli, { session: id }) {
    const db = cli.db();
    const accountId = await accountOfSession(db, id);
    const account = await db.prisma.account.findUniqueOrThrow({
      where: { id: BigInt(accountId) },
      select: { userId: true, mode: true },
    });
    const session = await getSession(db, { accountId, id });
    return {
      text: `Account of ${account.userId} (${account.mode})\n${explainSession(session)}`,
      json: { ...account, session },
    };
  },
});
