import { claimTopupsToReconcile } from '@hourly/db';
import { reconcileTopups } from '@hourly/services';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';
import { rehearse } from './rehearse.ts';

const batchSize = 100;
const maxShown = 1000;

export const reconcile = defineCommand({
  name: 'reconcile',
  usage: '[--yes]',
  summary: 'asks Razorpay about every unpaid top-up and credits what was paid',
  options: { yes: { type: 'boolean' } },
  input: z.object({ yes: z.boolean().default(false) }),
  async run(cli, { yes }) {
    if (!yes) {
      const { topups } = await rehearse(cli.db(), (inside) =>
        claimTopupsToReconcile(inside, { limit: maxShown, leaseSeconds: 1, all: true }),
      );
      const atLeast = topups.length === maxShown ? 'at least ' : '';
      return {
        text: `would ask Razorpay about ${atLeast}${count(topups.length, 'unpaid top-up')}; nothing was changed, add --yes to do it`,
        json: { dryRun: true, topups: topups.map(({ id, orderId }) => ({ id, orderId })) },
      };
    }
    const ctx = cli.services();
    const done = { checked: 0, credited: 0, failed: 0 };
    const unpaid = await ctx.db.prisma.topup.count({ where: { nextCheckAt: { not: null } } });
    // Those of an earlier batch stay leased for a while, so that each batch meets others.
    for (let left = unpaid; left > 0; left -= batchSize) {
      const one = await reconcileTopups(ctx, { limit: batchSize, all: true });
      done.checked += one.checked;
      done.credited += one.credited;
      done.failed += one.failed;
      if (one.checked + one.failed < batchSize) break;
    }
    return {
      text: `asked Razorpay about ${count(done.checked, 'top-up')}, ${done.credited} credited, ${done.failed} unanswered`,
      json: { dryRun: false, ...done },
      failed: done.failed > 0,
    };
  },
});
