import { revokeKey } from '@hourly/db';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { accountOfKey } from './lookup.ts';

export const keysRevoke = defineCommand({
  name: 'keys revoke',
  usage: 'ID',
  summary: 'revokes an API key at once',
  positionals: ['id'],
  input: z.object({ id: z.string() }),
  async run(cli, { id }) {
    const db = cli.db();
    const key = await revokeKey(db, { accountId: await accountOfKey(db, id), id });
    return { text: `${key.prefix}… is revoked since ${key.revokedAt}`, json: key };
  },
});
