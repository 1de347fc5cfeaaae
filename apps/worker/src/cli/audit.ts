import { auditAccounts, type Difference, type HeadDifference } from '@hourly/db';
import { z } from 'zod';
import { type Cli, defineCommand } from './command.ts';
import { count } from './count.ts';
import { checkKeptHeads } from './kept-heads.ts';
import { unhurried } from './unhurried.ts';

const pageSize = 100;
/** An account is looked at by one statement; one with ten million entries takes minutes. */
const pageLimitMs = 30 * 60 * 1000;
/** What one answer for machines holds; every difference is counted, and printed for people as it is found. */
const maxListed = 1000;

export const audit = defineCommand({
  name: 'audit',
  usage: '[--heads FILE]',
  summary: 'recomputes every balance, charge and seal from the ledger and the segments',
  options: { heads: { type: 'string' } },
  input: z.object({ heads: z.string().min(1).optional() }),
  async run(cli, { heads }) {
    // First, as it ends at once when the file is none.
    const kept = heads === undefined ? null : await auditHeads(cli, cli.fileOf(heads));
    const books = await auditBooks(cli);
    const findings = [
      `audited ${count(books.accounts, 'account')}: ${found(books.differenceCount)}`,
      ...(kept ? [`${count(kept.heads, 'kept head')}: ${found(kept.differenceCount)}`] : []),
    ];
    return {
      text: findings.join('; '),
      json: { ...books, ...(kept && { keptHeads: kept }) },
      failed: books.differenceCount + (kept?.differenceCount ?? 0) > 0,
    };
  },
});

async function auditBooks(cli: Cli) {
  const db = cli.db();
  const differences: Difference[] = [];
  let accounts = 0;
  let differenceCount = 0;
  let afterAccountId: string | undefined;
  do {
    const page = await unhurried(db, pageLimitMs, (inside) =>
      auditAccounts(inside, { afterAccountId, limit: pageSize }),
    );
    accounts += page.accounts;
    differenceCount += page.differenceCount;
    for (const difference of page.differences) {
      cli.say(textOf(`account ${difference.accountId}`, difference));
      if (differences.length < maxListed) differences.push(difference);
    }
    const untold = page.differenceCount - page.differences.length;
    if (untold > 0)
      cli.say(`and ${count(untold, 'more difference')} up to account ${page.nextAccountId}`);
    if (page.nextAccountId === afterAccountId) throw new Error('the audit does not advance');
    afterAccountId = page.nextAccountId ?? undefined;
  } while (afterAccountId !== undefined);
  return { accounts, differenceCount, differences };
}

async function auditHeads(cli: Cli, file: string) {
  const differences: HeadDifference[] = [];
  let differenceCount = 0;
  const heads = await checkKeptHeads(cli.db(), file, (difference) => {
    differenceCount += 1;
    cli.say(textOf(`ledger ${difference.ledgerId}`, difference));
    if (differences.length < maxListed) differences.push(difference);
  });
  return { heads, differenceCount, differences };
}

const found = (differences: number) =>
  differences === 0 ? 'no difference' : count(differences, 'difference');

const textOf = (whose: string, { what, expected, found }: Omit<Difference, 'accountId'>) =>
  `${whose}: ${what}: expected ${expected}, found ${found}`;
