import type { ApiKey, Mode } from '@hourly/contract';
import type { Database } from '../connect.ts';
import { call, type Mutation, mutationArgs } from './call.ts';
import { rowId } from './ids.ts';

/**
 * Whose key this is, by the SHA-256 of the whole key (hex). UNAUTHENTICATED when it is unknown, revoked or expired.
 * Notes the use, at most once a minute.
 */
export const authenticateKey = (
  db: Database,
  input: { secretHash: string },
): Promise<{ keyId: string; accountId: string; userId: string; mode: Mode }> =>
  call(db, 'authenticate_hourly_api_key', [input.secretHash]);

/** `created` is false on a replay, whose secret nobody knows any more. */
export const createKey = (
  db: Database,
  input: Mutation & {
    name: string;
    prefix: string;
    secretHash: string;
    expiresAt?: string | null | undefined;
  },
): Promise<{ created: boolean; key: ApiKey }> =>
  call(db, 'create_hourly_api_key', [
    input.accountId,
    input.name,
    input.prefix,
    input.secretHash,
    input.expiresAt ?? null,
    ...mutationArgs(input),
  ]);

/** Revokes at once; a key that is revoked already stays as it is. */
export const revokeKey = (db: Database, input: Mutation & { id: string }): Promise<ApiKey> =>
  call(db, 'revoke_hourly_api_key', [input.accountId, rowId(input.id), ...mutationArgs(input)]);

export const listKeys = (
  db: Database,
  input: { accountId: string; cursor?: string | null | undefined; limit?: number | undefined },
): Promise<{ items: ApiKey[]; nextCursor: string | null }> =>
  call(db, 'list_hourly_api_keys', [input.accountId, input.cursor ?? null, input.limit ?? 20]);
