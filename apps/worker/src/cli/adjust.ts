import { createHash } from 'node:crypto';
import { formatUsd, type LedgerEntry, mode } from '@hourly/contract';
import { adjustBalance, type Database } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { accountOf } from './lookup.ts';
import { rehearse } from './rehearse.ts';

export const adjust = defineCommand({
  name: 'adjust',
  usage: 'USER --cents N --reason R [--promo] [--mode live|test] [--key K] [--yes]',
  summary: "corrects a customer's balance, or with --promo gives money that is never refundable",
  options: {
    cents: { type: 'string' },
    reason: { type: 'string' },
    promo: { type: 'boolean' },
    mode: { type: 'string' },
    key: { type: 'string' },
    yes: { type: 'boolean' },
  },
  positionals: ['user'],
  input: z.object({
    user: z.string().min(1),
    cents: z.coerce.number<string>().pipe(z.int()),
    /** What the customer reads in the statement. */
    reason: z.string().trim().min(1).max(200),
    promo: z.boolean().default(false),
    mode: mode.default('live'),
    /** The same key again does not adjust again. */
    key: z.string().min(1).max(255).optional(),
    yes: z.boolean().default(false),
  }),
  async run(cli, { user, cents, reason, promo, mode, key, yes }) {
    const db = cli.db();
    const accountId = await accountOf(db, user, mode);
    const type = promo ? ('promo' as const) : ('adjustment' as const);
    const input = { type, amountCents: cents, reason };
    const request = key === undefined ? undefined : { key, inputHash: hashOf(input) };
    const book = (on: Database) => adjustBalance(on, { accountId, ...input, request });
    const entry = yes ? await book(db) : await rehearse(db, book);
    return {
      text: yes
        ? `booked ${textOf(entry)}`
        : `would book ${textOf(entry)}; nothing was changed, add --yes to do it`,
      json: { dryRun: !yes, entry },
    };
  },
});

const hashOf = (input: object) => createHash('sha256').update(JSON.stringify(input)).digest('hex');

const textOf = ({ entryNo, type, amountCents, balanceAfterCents, description }: LedgerEntry) =>
  `entry ${entryNo}, ${type} of ${formatUsd(amountCents)} (${description}): balance ${formatUsd(balanceAfterCents)}`;
