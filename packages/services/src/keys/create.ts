import type { CreatedApiKey, Mode } from '@hourly/contract';
import { type Mutation, createKey as storeKey } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { hashOf, newSecret, prefixOf } from './api-key.ts';

/** Makes an API key of the account's mode. The secret is in this answer and nowhere else; a replay has null for it. */
export async function createKey(
  { db }: Pick<ServiceContext, 'db'>,
  input: Mutation & { mode: Mode; name: string; expiresAt?: string | null | undefined },
): Promise<CreatedApiKey> {
  const { mode, expiresAt, ...rest } = input;
  const secret = newSecret(mode);
  const { created, key } = await storeKey(db, {
    ...rest,
    expiresAt: expiresAt == null ? null : new Date(expiresAt).toISOString(),
    prefix: prefixOf(secret),
    secretHash: hashOf(secret),
  });
  return { ...key, secret: created ? secret : null };
}
