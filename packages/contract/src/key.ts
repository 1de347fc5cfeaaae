import { z } from 'zod';
import { id, instant, mode, mutationFields, text } from './common.ts';

/** An API key as it can be shown: never the secret, of which only a hash is kept. */
export const apiKey = z.object({
  id,
  name: z.string(),
  mode,
  /** The key's first characters, to recognise it by: `hk_live_9fQx`. */
  prefix: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;

/** `secret` is the whole key and is shown this once; a replay of the same call answers null for it. */
export const createdApiKey = apiKey.extend({ secret: z.string().nullable() });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

/** Within the years that Postgres and ISO 8601 write with four digits, whatever the offset. */
const expiry = z.iso
  .datetime({ offset: true })
  .refine((value) => !(Date.parse(value) < 0 || Date.parse(value) >= Date.UTC(10_000, 0)), {
    error: 'is no time from 1970 to 9999',
  });

/** The key belongs to the account of the mode in which the call is made. */
export const createApiKeyInput = z.strictObject({
  name: text.trim().min(1).max(80),
  expiresAt: expiry.nullish(),
  ...mutationFields,
});
export type CreateApiKeyInput = z.infer<typeof createApiKeyInput>;

export const revokeApiKeyInput = z.strictObject({ id, ...mutationFields });
export type RevokeApiKeyInput = z.infer<typeof revokeApiKeyInput>;
