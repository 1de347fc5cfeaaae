import { setTimeout as pause } from 'node:timers/promises';
import { type Database, type Settlement, settleSessions } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';
import { rehearse } from './rehearse.ts';

const batchSize = 1000;
const maxBatches = 10_000;
/** How often to look again at accounts that other calls hold. */
const maxHeldLooks = 50;
const heldWaitMs = 100;

export const settle = defineCommand({
  name: 'settle',
  usage: '[--yes]',
  summary: 'charges every hour that is due now',
  options: { yes: { type: 'boolean' } },
  input: z.object({ yes: z.boolean().default(false) }),
  async run(cli, { yes }) {
    const db = cli.db();
    if (!yes) {
      const one = await rehearse(db, (inside) => settleSessions(inside, { limit: batchSize }));
      const more = isDue(one) ? ', and more after those' : '';
      return {
        text: `would settle ${textOf(one)}${more}; nothing was changed, add --yes to do it`,
        json: { dryRun: true, ...one },
      };
    }
    const done = await settleAll(db);
    const left = isDue(done) ? '; some accounts stay due, other calls hold them' : '';
    const failures = done.failed.map(({ accountId, error }) => `\naccount ${accountId}: ${error}`);
    return {
      text: `settled ${textOf(done)}${left}${failures.join('')}`,
      json: { dryRun: false, ...done },
      failed: isDue(done) || done.failed.length > 0,
    };
  },
});

async function settleAll(db: Database): Promise<Settlement> {
  const total: Settlement = {
    accounts: 0,
    hours: 0,
    paused: 0,
    ended: 0,
    failed: [],
    nextDueInSeconds: null,
  };
  const failed = new Map<string, { accountId: string; error: string }>();
  let heldLooks = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const one = await settleSessions(db, { limit: batchSize });
    for (const key of ['accounts', 'hours', 'paused', 'ended'] as const) total[key] += one[key];
    for (const each of one.failed) failed.set(each.accountId, each);
    total.failed = [...failed.values()];
    total.nextDueInSeconds = one.nextDueInSeconds;
    if (!isDue(one)) break;
    if (one.accounts > 0) continue;
    heldLooks += 1;
    if (heldLooks > maxHeldLooks) break;
    await pause(heldWaitMs);
  }
  return total;
}

const isDue = ({ nextDueInSeconds }: Settlement) =>
  nextDueInSeconds !== null && nextDueInSeconds <= 0;

const textOf = ({ accounts, hours, paused, ended }: Settlement) =>
  `${count(accounts, 'account')}: ${count(hours, 'hour')} charged, ${count(paused, 'session')} paused, ${ended} ended`;
