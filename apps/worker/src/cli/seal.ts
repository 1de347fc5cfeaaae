import { sealLedger } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';

const batchSize = 1000;

export const seal = defineCommand({
  name: 'seal',
  usage: '',
  summary: 'seals what is not sealed yet of every ledger; the worker does it every hour',
  input: z.object({}),
  async run(cli) {
    const db = cli.db();
    const done = { seals: 0, entries: 0 };
    let afterAccountId: string | undefined;
    do {
      const sealed = await sealLedger(db, { afterAccountId, limit: batchSize });
      // A ledger that has more to seal is looked at again.
      if (sealed.nextAccountId === afterAccountId && sealed.seals === 0) {
        throw new Error('the sealing does not advance');
      }
      done.seals += sealed.seals;
      done.entries += sealed.entries;
      afterAccountId = sealed.nextAccountId ?? undefined;
    } while (afterAccountId !== undefined);
    return {
      text: `sealed ${count(done.entries, 'ledger row')} with ${count(done.seals, 'seal')}`,
      json: done,
    };
  },
});
