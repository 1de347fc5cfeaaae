import { type Mode, Refusal } from '@hourly/contract';
import { authenticateKey as findKey } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { apiKeyPattern, hashOf } from './api-key.ts';

/** Whose API key this is. Refuses with UNAUTHENTICATED when it is none, unknown, revoked or expired. */
export async function authenticateKey(
  { db }: Pick<ServiceContext, 'db'>,
  secret: string,
): Promise<{ keyId: string; accountId: string; userId: string; mode: Mode }> {
  if (!apiKeyPattern.test(secret)) throw new Refusal('UNAUTHENTICATED');
  return findKey(db, { secretHash: hashOf(secret) });
}
