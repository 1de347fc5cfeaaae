import { compareBooks } from '@hourly/services';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';

const dayMs = 24 * 60 * 60 * 1000;

export const compare = defineCommand({
  name: 'compare',
  usage: '[--days N] [--yes]',
  summary: "compares Razorpay's payments, refunds and disputes of the last days with the ledger",
  options: { days: { type: 'string' }, yes: { type: 'boolean' } },
  input: z.object({
    days: z.coerce.number<string>().pipe(z.int().min(1).max(366)).default(5),
    yes: z.boolean().default(false),
  }),
  async run(cli, { days, yes }) {
    if (!yes) {
      const last = await cli.db().prisma.bookComparison.findFirst({ orderBy: { id: 'desc' } });
      const lastText = last
        ? `the last one ended at ${last.finishedAt.toISOString()}`
        : 'never done yet';
      return {
        text: `would compare ${count(days, 'day')} and enter what was never reported (${lastText}); nothing was changed, add --yes to do it`,
        json: { dryRun: true, days },
      };
    }
    const to = new Date();
    const from = new Date(to.getTime() - days * dayMs);
    const found = await compareBooks(cli.services(), { from, to });
    const compared = [
      count(found.payments, 'payment'),
      count(found.refunds, 'refund'),
      count(found.disputes, 'dispute'),
    ].join(', ');
    const lines = found.differences.map(({ kind, id, detail }) => `  ${kind} ${id}: ${detail}`);
    const verdict =
      lines.length === 0
        ? 'the books agree'
        : `${count(lines.length, 'difference')}:\n${lines.join('\n')}`;
    return {
      text: `compared ${compared}: ${verdict}`,
      json: { dryRun: false, ...found },
      failed: lines.length > 0,
    };
  },
});
