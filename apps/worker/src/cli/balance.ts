import { type Balance, formatInr, formatUsd, mode } from '@hourly/contract';
import { getBalance } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';
import { accountOf } from './lookup.ts';

export const balance = defineCommand({
  name: 'balance',
  usage: 'USER [--mode live|test]',
  summary: "shows a customer's balance",
  options: { mode: { type: 'string' } },
  positionals: ['user'],
  input: z.object({ user: z.string().min(1), mode: mode.default('live') }),
  async run(cli, input) {
    const db = cli.db();
    const accountId = await accountOf(db, input.user, input.mode);
    const found = await getBalance(db, { accountId });
    return { text: textOf(input.user, found), json: found };
  },
});

function textOf(user: string, found: Balance): string {
  const { commitment } = found;
  const frozen = found.frozen ? ', frozen' : '';
  return [
    `${user} (${found.mode}): ${formatUsd(found.balanceCents)} (${formatInr(found.balanceInrPaise)})${frozen}`,
    `  pays for ${count(found.hoursRemaining, 'more hour')} of ${found.plan.plan}`,
    `  refundable ${formatUsd(found.refundableCents)}`,
    `  ${commitment.hoursUsed} of ${commitment.hours} committed hours used, ${formatUsd(commitment.remainingCents)} left`,
  ].join('\n');
}
