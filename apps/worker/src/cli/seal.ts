import { sealLedger } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';

const batchSize = 1000;

export const seal = defineCommand({
  name: 'seal',
  usage: '',
  summary: 'seals every ledger entry that is not sealed yet; the worker does it every hour',
  input: z.object({}),
  async run(cli) {
    const db = cli.db();
    const done = { accounts: 0, seals: 0, entries: 0 };
    let afterAccountId: string | null | undefined;
    do {
      const sealed = await sealLedger(db, { afterAccountId, limit: batchSize });
      if (sealed.nextAccountId === afterAccountId && sealed.seals === 0) {
        throw new Error('the sealing does not advance');
      }
      // An account that has more to seal is looked at again.
      done.seals += sealed.seals;
      done.entries += sealed.entries;
      afterAccountId = sealed.nextAccountId ?? undefined;
    } while (afterAccountId !== undefined);
    return {
      text: `sealed ${count(done.entries, 'new entry')} with ${count(done.seals, 'seal')}`,
      json: done,
    };
  },
});
