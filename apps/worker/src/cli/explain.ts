import { type Charge, formatUsd, type Segment, type SessionDetail } from '@hourly/contract';
import { getSession } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';
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
    return { text: textOf(account, session), json: { ...account, session } };
  },
});

function textOf(account: { userId: string; mode: string }, session: SessionDetail): string {
  const { hoursCharged, rateCents, costCents } = session;
  const end =
    session.endedAt === null ? session.status : `ended ${session.endedAt} (${session.endReason})`;
  return [
    `session ${session.id} of ${account.userId} (${account.mode}): started ${session.startedAt}, ${end}`,
    `${session.activeSeconds} active seconds; ${count(hoursCharged, 'hour')} at ${formatUsd(rateCents)}: ${formatUsd(costCents)}`,
    'active:',
    ...session.segments.map((segment) => `  ${segmentText(segment)}`),
    'charged:',
    ...session.charges.flatMap(chargeLines),
  ].join('\n');
}

const segmentText = ({ startedAt, endedAt, seconds }: Segment) =>
  `${startedAt} to ${endedAt ?? 'now'} (${seconds} s)`;

const chargeLines = (charge: Charge): string[] => [
  `  hour ${charge.hour}: ${formatUsd(charge.amountCents)}, due ${charge.dueAt} (${charge.trigger}), entry ${charge.entryNo}, ` +
    `balance ${formatUsd(charge.balanceBeforeCents)} to ${formatUsd(charge.balanceAfterCents)}`,
  ...charge.segments.map((segment) => `    pays for ${segmentText(segment)}`),
];
