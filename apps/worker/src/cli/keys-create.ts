import { mode } from '@hourly/contract';
import { ensureAccount } from '@hourly/db';
import { createKey } from '@hourly/services';
import { z } from 'zod';
import { CommandError, defineCommand } from './command.ts';

export const keysCreate = defineCommand({
  name: 'keys create',
  usage: '--user U --mode live|test [--name N]',
  summary: 'makes an API key and prints it, this once',
  options: { user: { type: 'string' }, mode: { type: 'string' }, name: { type: 'string' } },
  input: z.object({
    user: z.string().trim().min(1).max(255),
    mode,
    name: z.string().trim().min(1).max(80).default('Made by the operator'),
  }),
  async run(cli, input) {
    const db = cli.db();
    const { accountId } = await ensureAccount(db, { userId: input.user, mode: input.mode });
    const key = await createKey({ db }, { accountId, mode: input.mode, name: input.name });
    if (key.secret === null) throw new CommandError('the key was made, but its secret is lost');
    return { text: key.secret, json: key };
  },
});
