import { auditAccounts, type Difference } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { count } from './count.ts';

const pageSize = 100;
/** What one answer for machines holds; every difference is counted, and printed for people as it is found. */
const maxListed = 1000;

export const audit = defineCommand({
  name: 'audit',
  usage: '',
  summary: 'recomputes every balance and charge from the ledger and the segments',
  input: z.object({}),
  async run(cli) {
    const db = cli.db();
    const listed: Difference[] = [];
    let accounts = 0;
    let differences = 0;
    let afterAccountId: string | undefined;
    do {
      const page = await auditAccounts(db, { afterAccountId, limit: pageSize });
      accounts += page.accounts;
      differences += page.differences.length;
      for (const difference of page.differences) {
        cli.say(textOf(difference));
        if (listed.length < maxListed) listed.push(difference);
      }
      if (page.nextAccountId === afterAccountId) throw new Error('the audit does not advance');
      afterAccountId = page.nextAccountId ?? undefined;
    } while (afterAccountId !== undefined);
    return {
      text: `audited ${count(accounts, 'account')}: ${differences === 0 ? 'no difference' : count(differences, 'difference')}`,
      json: { accounts, differenceCount: differences, differences: listed },
      failed: differences > 0,
    };
  },
});

const textOf = ({ accountId, what, expected, found }: Difference) =>
  `account ${accountId}: ${what}: expected ${expected}, found ${found}`;
