import {
  apiKey,
  createApiKeyInput,
  createdApiKey,
  pageInput,
  pageOf,
  revokeApiKeyInput,
} from '@hourly/contract';
import { listKeys, revokeKey } from '@hourly/db';
import { createKey } from '@hourly/services';
import { mutationOf } from '../mutation.ts';
import { rest, signedInProcedure } from '../procedure.ts';

export const keyProcedures = {
  list: signedInProcedure
    .meta(rest('GET', '/keys', 'API keys', 'All API keys of this mode, newest first'))
    .input(pageInput)
    .output(pageOf(apiKey))
    .query(({ ctx, input }) =>
      listKeys(ctx.services.db, { ...input, accountId: ctx.caller.accountId }),
    ),

  create: signedInProcedure
    .meta(rest('POST', '/keys', 'API keys', 'Make an API key; the answer alone has its secret'))
    .input(createApiKeyInput)
    .output(createdApiKey)
    .mutation(({ ctx, input }) => {
      const { name, expiresAt } = input;
      const { mode } = ctx.caller;
      return createKey(ctx.services, { name, expiresAt, mode, ...mutationOf(ctx, input) });
    }),

  revoke: signedInProcedure
    .meta(rest('DELETE', '/keys/{id}', 'API keys', 'Revoke an API key, at once and for good'))
    .input(revokeApiKeyInput)
    .output(apiKey)
    .mutation(({ ctx, input }) =>
      revokeKey(ctx.services.db, { id: input.id, ...mutationOf(ctx, input) }),
    ),
};
