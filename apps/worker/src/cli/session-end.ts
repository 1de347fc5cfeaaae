import { formatUsd, type Session } from '@hourly/contract';
import { type Database, endSession } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';
import { accountOfSession } from './lookup.ts';
import { rehearse } from './rehearse.ts';

export const sessionEnd = defineCommand({
  name: 'session end',
  usage: 'ID [--yes]',
  summary: "charges what is due and ends a customer's session",
  options: { yes: { type: 'boolean' } },
  positionals: ['id'],
  input: z.object({ id: z.string(), yes: z.boolean().default(false) }),
  async run(cli, { id, yes }) {
    const db = cli.db();
    const accountId = await accountOfSession(db, id);
    const { status } = await db.prisma.session.findUniqueOrThrow({
      where: { id },
      select: { status: true },
    });
    const end = (on: Database) =>
      endSession(on, { accountId, sessionId: id, endReason: 'operator' });
    if (status === 'ended') {
      const session = await end(db);
      return { text: `is over already: ${textOf(session)}`, json: { dryRun: !yes, session } };
    }
    const session = yes ? await end(db) : await rehearse(db, end);
    return {
      text: yes
        ? `ended: ${textOf(session)}`
        : `would end: ${textOf(session)}; nothing was changed, add --yes to do it`,
      json: { dryRun: !yes, session },
    };
  },
});

const textOf = ({ id, hoursCharged, costCents, activeSeconds, endedAt, endReason }: Session) =>
  `session ${id}, ${count(hoursCharged, 'hour')} charged (${formatUsd(costCents)}) for ${activeSeconds} active seconds, ` +
  `at ${endedAt} (${endReason})`;
