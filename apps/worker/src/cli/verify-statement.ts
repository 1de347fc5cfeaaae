import { formatUsd } from '@hourly/contract';
import { z } from 'zod';
import { type Flaw, type Verification, verifyStatement } from '../statements/verify-statement.ts';
import { defineCommand } from './command.ts';
import { count } from './count.ts';
import { linesOfFile } from './file-lines.ts';

/** What one answer for machines holds; every flaw is counted, and printed for people as it is found. */
const maxListed = 1000;

export const verify = defineCommand({
  name: 'verify-statement',
  usage: 'FILE [--head HASH]',
  summary: 'recomputes the balances and seals of a statement, without the database',
  options: { head: { type: 'string' } },
  positionals: ['file'],
  input: z.object({
    file: z.string().min(1),
    head: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[0-9a-f]{64}$/, 'is not a sha256 in hex')
      .optional(),
  }),
  async run(cli, { file, head }) {
    const listed: Flaw[] = [];
    let flaws = 0;
    const found = await verifyStatement(linesOfFile(cli.fileOf(file)), {
      head,
      onFlaw(flaw) {
        flaws += 1;
        if (listed.length < maxListed) listed.push(flaw);
        cli.say(`line ${flaw.line}: ${flaw.what}: expected ${flaw.expected}, found ${flaw.found}`);
      },
    });
    return {
      text: `${textOf(found)}: ${flaws === 0 ? 'no flaw' : count(flaws, 'flaw')}`,
      json: { ...found, flawCount: flaws, flaws: listed },
      failed: flaws > 0,
    };
  },
});

function textOf({ ledgerId, entries, seals, sealedEntries, balanceCents, head }: Verification) {
  const unsealed = entries - sealedEntries;
  return [
    `ledger ${ledgerId ?? 'without a name'}`,
    `${count(entries, 'row')}, ${formatUsd(balanceCents)}`,
    count(seals, 'seal'),
    unsealed === 0 ? 'every row is sealed' : `the last ${count(unsealed, 'row')} not sealed yet`,
    ...(head ? [`the given hash is that of seal ${head.sealNo}, of row ${head.lastEntryNo}`] : []),
  ].join('; ');
}
